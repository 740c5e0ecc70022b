//! Passwords that the panel makes for services.

use wabe_access::command::{HashFor, Preparing};
use wabe_access::{Door, Refusal, Tools, resource};
use wabe_kernel::rng::below;
use wabe_kernel::{Fault, Rng, Secret};

/// How often a password is made that must follow the rules; one in a thousand does not.
const TRIES: usize = 8;

/// Four groups of five characters without look-alikes (about 99 bits), easy to type.
fn grouped(rng: &dyn Rng) -> Secret {
    const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let letter = || {
        let place = usize::try_from(below(rng, 31)).unwrap_or(0);
        ALPHABET.get(place).map_or('-', |byte| char::from(*byte))
    };
    let group = || (0..5).map(|_place| letter()).collect::<String>();
    Secret::new((0..4).map(|_group| group()).collect::<Vec<_>>().join("-"))
}

/// A new password that follows the rules; whoever asks hashes it as its service does.
///
/// # Errors
/// A fault when none follows the rules.
pub(crate) fn secret(tools: &Tools, context: &[&str]) -> Result<Secret, Refusal> {
    let secret = following(tools, context);
    Ok(secret.ok_or(Fault::new("make a password that follows the rules"))?)
}

/// A new password that follows the rules, and its hash as services verify it.
///
/// # Errors
/// A fault when none follows the rules, or what hashing says.
pub(crate) async fn new_password(
    with: &Preparing<'_>,
    context: &[&str],
) -> Result<(Secret, String), Refusal> {
    let secret = secret(with.tools, context)?;
    let hash = with.tools.hashing.hash(&secret, HashFor::Service).await?;
    Ok((secret, hash))
}

/// Refuses to make one that is handed over, but in a ticket and for a resource that is there. Elsewhere nobody
/// keeps it for anybody: members choose or make one themselves.
pub(crate) async fn in_ticket(door: &mut Door<'_>, id: &str) -> Result<(), Refusal> {
    let customer = door.customer();
    resource::load_present(door.tx(), customer, id).await?;
    match door.actor().ticket {
        Some(_) => Ok(()),
        None => Err(Refusal::Forbidden),
    }
}

/// A password that the rules let through.
fn following(tools: &Tools, context: &[&str]) -> Option<Secret> {
    let mut made = (0..TRIES).map(|_again| grouped(tools.rng.as_ref()));
    made.find(|secret| tools.hashing.check(secret, context).is_ok())
}
