//! The engine's own words for what drivers do.

use std::sync::Arc;
use wabe_automation::desk;
use wabe_automation::engine::{self, Answers, Outgoing};
use wabe_drivers::fetch::{self, Fetch};
use wabe_drivers::sandbox::{self, NotCompiled, Reason, SandboxDriver, Workshop};
use wabe_kernel::Fault;
use wabe_kernel::desired::Working;
use wabe_kernel::id::UserId;
use wabe_package::compiled::Compiled;
use wabe_package::wire::{FetchResponse, Problem};
use wabe_store::Tx;

/// Compiles in a child.
pub(super) struct Compiler(pub(super) Arc<Workshop>);

impl desk::Workshop for Compiler {
    fn compile<'a>(
        &'a self,
        component: &'a [u8],
    ) -> Working<'a, Result<Compiled, desk::NotCompiled>> {
        Box::pin(async move {
            let compiled = self.0.compile(component).await;
            compiled.map_err(|why| match why {
                NotCompiled::Unfit(flaws) => desk::NotCompiled::Unfit(flaws),
                NotCompiled::Busy(seconds) => desk::NotCompiled::Busy(seconds),
                NotCompiled::Fault(fault) => desk::NotCompiled::Fault(fault),
            })
        })
    }
}

/// People by identity's tables.
pub(super) struct Known;

impl desk::People for Known {
    fn is_disabled<'a>(&'a self, tx: &'a mut Tx, user: UserId) -> Working<'a, Result<bool, Fault>> {
        Box::pin(async move {
            // People belong to no customer.
            tx.unscope().await?;
            let found = wabe_identity::user::store::find(tx, user).await;
            tx.rescope().await?;
            Ok(found?.is_some_and(|person| person.disabled_at.is_some()))
        })
    }
}

/// Runs guests in the child.
pub(super) struct Guests(pub(super) Arc<SandboxDriver>);

impl engine::Sandbox for Guests {
    fn is_up(&self) -> bool {
        self.0.is_up()
    }

    fn trouble(&self) -> Option<&'static str> {
        let health = self.0.watch().borrow().clone();
        let reason = health.reason.as_ref().map(Reason::code);
        (!self.0.is_up()).then(|| reason.unwrap_or(Reason::Hung.code()))
    }

    fn run<'a>(
        &'a self,
        order: engine::Order,
        answers: &'a dyn Answers,
    ) -> Working<'a, Result<engine::Ended, engine::Down>> {
        let engine::Order {
            component,
            context,
            entry,
            limits,
            seed,
        } = order;
        let order = sandbox::Order {
            component,
            context,
            entry,
            limits,
            seed,
        };
        Box::pin(async move {
            let ended = self.0.run(order, |call| answers.answer(call)).await;
            let sandbox::Ended { ending, usage, log } = ended.map_err(|_down| engine::Down)?;
            Ok(engine::Ended { ending, usage, log })
        })
    }
}

/// Asks other hosts.
pub(super) struct Outside(pub(super) Fetch);

impl engine::Fetch for Outside {
    fn fetch(&self, outgoing: Outgoing) -> Working<'_, Result<FetchResponse, Problem>> {
        let Outgoing {
            customer,
            request,
            hosts,
            within_ms,
        } = outgoing;
        let outgoing = fetch::Outgoing {
            customer,
            request,
            hosts,
            within_ms,
        };
        Box::pin(self.0.fetch(outgoing))
    }
}
