//! `wabe node …`: what it takes to make this machine a node.

use crate::cli::output::{FAULT, REFUSED, WRONG, fail, say};
use clap::{Args, Subcommand};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wabe_kernel::{DomainName, MailAddress};
use wabe_setup::change::Plan;
use wabe_setup::wish::Acme;
use wabe_setup::{Outcome, Part, System, Wish, apply, look, plan, table};

/// `wabe node …`
#[derive(Debug, Subcommand)]
pub enum NodeVerb {
    /// Show what makes this Debian machine a node, or do exactly that.
    #[command(
        after_help = "Examples:\n  wabe node install --check\n  wabe node install --apply --host panel.example.org\n  wabe node install --apply --only mariadb,postgresql\n  wabe node install --apply --acme https://acme-v02.api.letsencrypt.org/directory --acme-contact ops@example.org"
    )]
    Install(Box<Install>),
}

/// `wabe node install`
#[derive(Debug, Args)]
pub struct Install {
    /// Show what would change, and change nothing; ends with 1 while there is something.
    #[arg(long, required_unless_present = "apply", conflicts_with = "apply")]
    check: bool,
    /// Show what changes, and change it; whatever broke off goes on with the next call.
    #[arg(long)]
    apply: bool,
    /// The parts that are wanted: agent (sites by the agent), web (by the panel itself), mariadb, postgresql
    /// [default: agent].
    #[arg(long, value_name = "PARTS", value_delimiter = ',', value_parser = part)]
    only: Vec<Part>,
    /// The panel's host name, as browsers shall know it.
    #[arg(long, value_name = "NAME", value_parser = host)]
    host: Option<DomainName>,
    /// Order certificates from the authority with this ACME directory, and agree to its terms.
    #[arg(long, value_name = "URL", value_parser = directory, requires = "acme_contact")]
    acme: Option<String>,
    /// Whom the authority writes to.
    #[arg(long, value_name = "EMAIL", value_parser = contact, requires = "acme")]
    acme_contact: Option<MailAddress>,
    /// Another folder that looks like the machine's root, such as an image that is being made.
    #[arg(long, value_name = "DIR", default_value = "/")]
    root: PathBuf,
}

fn part(text: &str) -> Result<Part, String> {
    let names = Part::ALL.map(Part::name).join(", ");
    Part::named(text).ok_or_else(|| format!("the parts are {names}"))
}

fn host(text: &str) -> Result<DomainName, String> {
    let name = text.parse::<DomainName>();
    name.map_err(|_problem| "expected a host name of two or more labels".to_owned())
}

fn directory(text: &str) -> Result<String, String> {
    let wrong = "expected an https:// address with a host name in it";
    let found = wabe_drivers::acme::host_of(text).map(|_host| text.to_owned());
    found.ok_or_else(|| wrong.to_owned())
}

fn contact(text: &str) -> Result<MailAddress, String> {
    let address = text.parse::<MailAddress>();
    address.map_err(|_problem| "expected an e-mail address".to_owned())
}

impl Install {
    fn wish(&self) -> Wish {
        let named: BTreeSet<Part> = self.only.iter().copied().collect();
        let usual = Wish::default();
        let acme = self.acme.clone().zip(self.acme_contact.clone());
        Wish {
            parts: if named.is_empty() { usual.parts } else { named },
            host: self.host.clone(),
            acme: acme.map(|(directory, contact)| Acme { directory, contact }),
        }
    }
}

/// Does what was typed.
///
/// # Errors
/// The code to end with: 1 while something is to be changed or in the way, 3 when a change failed.
pub(super) fn run(verb: NodeVerb) -> Result<(), ExitCode> {
    let NodeVerb::Install(install) = verb;
    if !install.root.is_absolute() || !install.root.is_dir() {
        let text = format!(
            "--root {}: expected a folder from / on",
            install.root.display()
        );
        return Err(fail(WRONG, &text));
    }
    let is_root = rustix::process::geteuid().is_root();
    if install.apply && install.root == Path::new("/") && !is_root {
        let text =
            "packages, units and files of the system are root's: sudo wabe node install --apply";
        return Err(fail(REFUSED, text));
    }
    let system = System::beneath(&install.root);
    let machine = look(&install.root, &system);
    let machine = machine.map_err(|fault| fail(FAULT, &fault.chain()))?;
    let plan = plan(&machine, &install.wish());
    say(table::table(&plan).trim_end());
    if install.check {
        return if plan.is_done() {
            Ok(())
        } else {
            Err(ExitCode::from(REFUSED))
        };
    }
    carried_out(
        &plan,
        &apply(&install.root, &system, &plan, &machine.ledger),
    )
}

/// Says how far it came.
fn carried_out(plan: &Plan, outcome: &Outcome) -> Result<(), ExitCode> {
    for done in &outcome.done {
        say(&format!("done  {done}"));
    }
    for kept in &outcome.kept {
        say(&format!("kept  {}", kept.display()));
    }
    let Some(stopped) = &outcome.stopped else {
        return Ok(());
    };
    for left in &outcome.left {
        say(&format!("left  {left}"));
    }
    let code = if plan.obstacles.is_empty() {
        FAULT
    } else {
        REFUSED
    };
    Err(fail(code, stopped))
}
