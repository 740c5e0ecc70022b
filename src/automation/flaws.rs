//! What is wrong with a package, a grant or settings, as the gate says it.

use wabe_access::Refusal;
use wabe_kernel::{FieldErrors, Problem};
use wabe_package::{Defect, Flaw};

/// All flaws of one field: the first stands for it, and each beside it under its own key.
pub(crate) fn refused(field: &str, flaws: &[Flaw]) -> Refusal {
    let mut errors = FieldErrors::default();
    for flaw in flaws {
        errors.add(field, problem(flaw));
        if !flaw.key.is_empty() {
            errors.add(&format!("{field}.{}", flaw.key), problem(flaw));
        }
    }
    Refusal::Invalid(errors)
}

/// The most flaws of a package that are told at once.
const TOLD_MAX: usize = 200;

/// All flaws of a package, in their order: `package`, `package.002` and so on, because several may lie
/// at one place.
pub(crate) fn unfit(flaws: &[Flaw]) -> Refusal {
    let mut errors = FieldErrors::default();
    add(&mut errors, flaws);
    Refusal::Invalid(errors)
}

/// Adds flaws of a package behind what is wrong already.
pub(crate) fn add(errors: &mut FieldErrors, flaws: &[Flaw]) {
    for flaw in flaws.iter().take(TOLD_MAX) {
        let name = match errors.0.len() {
            0 => "package".to_owned(),
            told => format!("package.{:03}", told + 1),
        };
        errors.add(&name, of_package(flaw));
    }
}

/// A flaw in the package's own words: where, what, and the next step.
fn of_package(flaw: &Flaw) -> Problem {
    let problem = Problem::new(flaw.defect.message()).with("place", flaw.spot());
    let args = flaw.defect.args().into_iter();
    args.fold(problem, |problem, (name, value)| problem.with(name, value))
}

/// The words of the house for what customers can do wrong; the package's own for the rest.
pub(crate) fn problem(flaw: &Flaw) -> Problem {
    match flaw.defect.as_ref() {
        Defect::NotAsked { capability } => {
            Problem::new("capability-not-asked").with("capability", capability)
        }
        Defect::NotGranted { capability } => {
            Problem::new("capability-needed").with("capability", capability)
        }
        Defect::WebspacesMissing { capability } => {
            Problem::new("capability-webspaces").with("capability", capability)
        }
        Defect::UnknownCapability { .. } | Defect::BadCapability { .. } => {
            Problem::new("not-a-capability")
        }
        Defect::NotAChoice { .. } => Problem::new("not-a-choice"),
        Defect::BadNumber { min, max, .. } => Problem::new("out-of-range")
            .with("min", min)
            .with("max", max),
        Defect::TooLong { max, .. } => Problem::new("too-long").with("max", max),
        Defect::Missing { .. } | Defect::Empty { .. } => Problem::new("required"),
        Defect::UnknownKey { .. } => Problem::new("unknown-field"),
        Defect::ControlCharacter { .. } => Problem::new("control-character"),
        _ => of_package(flaw),
    }
}
