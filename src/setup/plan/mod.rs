//! The pure planner: what was seen and what is wanted, in; a list of changes, out.

mod ports;
mod software;
mod written;

use crate::change::{Obstacle, Plan};
use crate::machine::{CONFIGURATION, Machine, USER};
use crate::wish::{Part, Wish};
use toml::Table;

/// What would change on this machine to make it what is wanted.
#[must_use]
pub fn plan(machine: &Machine, wish: &Wish) -> Plan {
    let mut plan = Plan {
        untouched: machine.foreign.iter().cloned().collect(),
        ..Plan::default()
    };
    let Some(release) = machine.release else {
        plan.obstacles.push(Obstacle {
            what: format!("this is {}", machine.system),
            mend: "a node is made of Debian 12 or 13".to_owned(),
        });
        return plan;
    };
    if !machine.has("wabe") {
        plan.obstacles.push(Obstacle {
            what: "the package wabe is not installed".to_owned(),
            mend: "build it with ./package, then apt-get install ./wabe_VERSION_ARCHITECTURE.deb"
                .to_owned(),
        });
    }
    software::services(&mut plan, machine, wish, release);
    software::grounds(&mut plan, machine);
    let table = written::configuration(&mut plan, machine, wish);
    written::environment(&mut plan, machine, wish, &table);
    ports::ports(&mut plan, machine, wish, &table);
    software::units(&mut plan, machine, wish);
    remainder(&mut plan, wish, &table);
    plan
}

/// What no program can do for people.
fn remainder(plan: &mut Plan, wish: &Wish, table: &Table) {
    let text = |key: &str| table.get(key).and_then(toml::Value::as_str);
    match (text("portal_url"), text("preview_suffix")) {
        (Some(portal), Some(previews)) => plan.left.push(format!(
            "let the names {} and *.{previews} lead to this machine",
            portal
                .trim_start_matches("https://")
                .split(':')
                .next()
                .unwrap_or(portal)
        )),
        _ => plan
            .left
            .push("name the panel: wabe node install --apply --host panel.example.org".to_owned()),
    }
    if (wish.has(Part::Web) || wish.has(Part::Agent)) && !table.contains_key("acme") {
        plan.left.push(
            "name who issues certificates, or sites get some that nobody signed: wabe node install --apply \
             --acme URL --acme-contact EMAIL"
                .to_owned(),
        );
    }
    plan.left.push(format!(
        "make the first operator, where there is none: runuser -u {USER} -- wabe user create --config \
         {CONFIGURATION} --email you@example.org --name 'Your Name' --role operator"
    ));
}
