//! Carrying out what removes customers for good, once its days are over.

use wabe_access::actor::HOUSE;
use wabe_access::{Actor, Command, Gate, Mode, Refusal};
use wabe_identity::Identity;
use wabe_identity::erasure::begin::BeginErasure;
use wabe_identity::erasure::finish::FinishErasure;
use wabe_identity::erasure::model::Next;
use wabe_kernel::Fault;
use wabe_kernel::id::ErasureId;

/// Steps of one customer in one run: about a million rows. What is left waits for the next run.
const STEPS: usize = 2_000;

/// Runs a command as the panel; false when the tables do not allow it now, as when another panel was faster.
async fn run<C: Command>(gate: &Gate, command: C) -> Result<bool, Fault> {
    let actor = Actor::system(HOUSE);
    match Box::pin(gate.run(&actor, command, Mode::Commit)).await {
        Ok(_) => Ok(true),
        Err(Refusal::Conflict(_) | Refusal::NotFound) => Ok(false),
        Err(Refusal::Fault(fault)) => Err(fault),
        Err(_) => Err(Fault::new("an erasure was refused")),
    }
}

/// As many steps of one as are due; answers how many.
async fn walk(identity: &Identity, gate: &Gate, id: ErasureId) -> Result<usize, Fault> {
    for step in 0..STEPS {
        let goes_on = match Box::pin(identity.erase_step(id)).await? {
            Next::Nothing | Next::Wait => false,
            Next::Again => true,
            Next::Wake => {
                gate.events().wake();
                true
            }
            Next::Begin => run(gate, BeginErasure::of(id)).await?,
            Next::Finish => run(gate, FinishErasure::of(id)).await?,
        };
        if !goes_on {
            return Ok(step);
        }
    }
    Ok(STEPS)
}

/// Goes on with everything whose days are over; answers how many steps that took. One that fails is tried
/// again with the next run, and is in no other's way.
///
/// # Errors
/// The last fault that one of them met; what was done until then stays done.
pub async fn carry_out(identity: &Identity, gate: &Gate) -> Result<usize, Fault> {
    let mut steps = 0;
    let mut failed = None;
    for id in identity.erasures_due().await? {
        match walk(identity, gate, id).await {
            Ok(taken) => steps += taken,
            Err(fault) => {
                tracing::error!(erasure.id = %id, cause = %fault.chain(), "an erasure broke off");
                failed = Some(fault);
            }
        }
    }
    failed.map_or(Ok(steps), Err)
}
