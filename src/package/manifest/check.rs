//! What must fit together within a manifest.

use crate::capability::Capability;
use crate::flaw::{Defect, Flaw};
use crate::manifest::table::{Notes, Table};
use crate::manifest::{Manifest, PART};
use crate::trigger::Trigger;

/// Notes what does not fit; nothing when something was wrong before, because then the places of the
/// entries are not known any more.
pub(super) fn check(notes: &mut Notes, root: &Table, manifest: &Manifest) {
    if !notes.flaws.0.is_empty() {
        return;
    }
    let (triggers, requests) = (
        places(notes, root, "trigger"),
        places(notes, root, "capability"),
    );
    let secrets = places(notes, root, "secret");
    check_triggers(notes, &triggers, manifest);
    check_requests(notes, &requests, manifest);
    check_secrets(notes, &secrets, manifest);
}

/// Where the entries of a list are, with their paths.
type Places = Vec<(usize, String)>;

fn places(notes: &mut Notes, root: &Table, name: &str) -> Places {
    let tables = root.tables(notes, name, usize::MAX);
    tables
        .into_iter()
        .map(|table| (table.at, table.path))
        .collect()
}

fn check_triggers(notes: &mut Notes, places: &Places, manifest: &Manifest) {
    for (index, (trigger, (at, path))) in manifest.triggers.iter().zip(places).enumerate() {
        for needed in trigger.needs() {
            if manifest.request(&needed).is_none() {
                let defect = Defect::CapabilityMissing {
                    trigger: trigger.key(),
                    capability: needed.to_string(),
                };
                notes.note(*at, path, defect);
            }
        }
        if manifest
            .triggers
            .iter()
            .take(index)
            .any(|other| twice(other, trigger))
        {
            let value = trigger.key();
            notes.note(*at, path, Defect::Duplicate { value });
        }
    }
}

fn check_requests(notes: &mut Notes, places: &Places, manifest: &Manifest) {
    for (index, (request, (at, path))) in manifest.capabilities.iter().zip(places).enumerate() {
        let mut before = manifest.capabilities.iter().take(index);
        if before.any(|other| other.capability == request.capability) {
            let value = request.capability.to_string();
            notes.note(*at, path, Defect::Duplicate { value });
        }
        if let Capability::Secret(name) = &request.capability
            && !manifest.secrets.iter().any(|slot| slot.name == *name)
        {
            let name = name.to_string();
            notes.note(*at, path, Defect::SecretMissing { name });
        }
    }
}

fn check_secrets(notes: &mut Notes, places: &Places, manifest: &Manifest) {
    for (index, (slot, (at, path))) in manifest.secrets.iter().zip(places).enumerate() {
        let name = slot.name.to_string();
        if manifest
            .request(&Capability::Secret(slot.name.clone()))
            .is_none()
        {
            let name = name.clone();
            notes.note(*at, path, Defect::SecretUnused { name });
        }
        let mut before = manifest.secrets.iter().take(index);
        if before.any(|other| other.name == slot.name) {
            notes.note(*at, path, Defect::Duplicate { value: name });
        }
    }
}

/// Whether two triggers have one name; events may share a topic, but not with the same filter.
fn twice(one: &Trigger, other: &Trigger) -> bool {
    match one {
        Trigger::Event { .. } => one == other,
        _ => one.key() == other.key(),
    }
}

pub(super) fn advice(manifest: &Manifest) -> Vec<Flaw> {
    let needs: Vec<Capability> = manifest.triggers.iter().flat_map(Trigger::needs).collect();
    let of_triggers = |capability: &Capability| {
        matches!(
            capability,
            Capability::Events(_)
                | Capability::Schedule
                | Capability::Webhook
                | Capability::Form
                | Capability::Card
                | Capability::Ticket
        )
    };
    let unused = manifest
        .capabilities
        .iter()
        .map(|request| &request.capability)
        .filter(|have| of_triggers(have) && !needs.iter().any(|needed| have.covers(needed)));
    let flaw = |have: &Capability| {
        let capability = have.to_string();
        Flaw::of_part(PART, Defect::CapabilityUnused { capability })
    };
    unused.map(flaw).collect()
}
