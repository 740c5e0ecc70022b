//! Why the gate said no.

use crate::limit::Limit;
use wabe_kernel::id::ChangeId;
use wabe_kernel::{Fault, FieldErrors, Problem};

/// Everything that can be said instead of yes; closed, so that every face answers each of them.
#[derive(Debug)]
pub enum Refusal {
    /// Fields are wrong.
    Invalid(FieldErrors),
    /// There is no such thing here. The same for missing and for somebody else's.
    NotFound,
    /// The actor's role, staff role or token scope does not permit this.
    Forbidden,
    /// Only a person does this, in a session of their own: no program in their name.
    InPerson,
    /// The person must prove themselves again first.
    StepUp,
    /// Staff act with the hoster's authority only for a stated purpose.
    PurposeMissing,
    /// The plan's limit would be exceeded.
    Limit {
        /// Which one.
        limit: Limit,
        /// In use now.
        used: i64,
        /// Allowed at most.
        max: i64,
        /// Wanted in addition.
        wanted: i64,
    },
    /// The customer is suspended by the hoster.
    CustomerSuspended,
    /// The thing's state does not allow this now; the Fluent message `conflict-{code}`.
    Conflict(&'static str),
    /// This very request was carried out before; its change.
    Repeated(ChangeId),
    /// Too much at once; try again after so many seconds.
    Busy(u32),
    /// The machine failed.
    Fault(Fault),
}

impl Refusal {
    /// One field is wrong.
    #[must_use]
    pub fn field(field: &str, problem: Problem) -> Self {
        Self::Invalid(FieldErrors::one(field, problem))
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<FieldErrors> for Refusal {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}
