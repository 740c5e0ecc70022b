//! Ports: whoever listens where the panel will is in the way.

use crate::change::{Obstacle, Plan};
use crate::configuration;
use crate::machine::{CONFIGURATION, Listener, Machine};
use crate::wish::{Part, Wish};
use std::collections::BTreeSet;
use toml::Table;

/// Nobody else may listen where the panel will.
pub(super) fn ports(plan: &mut Plan, machine: &Machine, wish: &Wish, table: &Table) {
    if !wish.has(Part::Web) && !wish.has(Part::Agent) {
        return;
    }
    let wanted: BTreeSet<u16> = configuration::ports(table).into_iter().collect();
    let taken = machine.listeners.iter();
    let taken = taken.filter(|one| wanted.contains(&one.port) && !one.is_ours());
    plan.obstacles.extend(taken.map(taken_by));
}

fn taken_by(listener: &Listener) -> Obstacle {
    let port = listener.port;
    let program = listener.program.as_deref().unwrap_or("somebody");
    let unit = listener.unit.as_deref();
    let mend = unit.map_or_else(
        || format!("see who it is with ss -lptn 'sport = :{port}', and end it, or choose another port in {CONFIGURATION}"),
        |unit| {
            format!(
                "when what it serves may go: systemctl disable --now {unit}; or choose another port in {CONFIGURATION}"
            )
        },
    );
    Obstacle {
        what: format!("{program} listens at port {port}, which the panel wants"),
        mend,
    }
}
