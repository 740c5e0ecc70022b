//! The table of ways against the registry.

use super::registry;
use crate::house::COMMANDS;
use crate::not_offered::NOT_OFFERED;
use crate::ways::{Act, all};
use std::collections::BTreeSet;
use wabe_access::Authority;

#[test]
fn every_command_of_customers_is_reached_by_exactly_one_operation() {
    let book = crate::book(&registry());
    for spec in registry() {
        let reached = book
            .operations
            .iter()
            .filter(|one| one.specs.iter().any(|known| known.name == spec.name));
        let refused = NOT_OFFERED.iter().any(|(name, _)| *name == spec.name);
        let offered = spec.authority == Authority::Customer || COMMANDS.contains(&spec.name);
        let wanted = usize::from(offered && !refused);
        assert_eq!(reached.count(), wanted, "{}", spec.name);
    }
}

#[test]
fn the_table_names_only_commands_that_exist() {
    let names: BTreeSet<&str> = registry().iter().map(|spec| spec.name).collect();
    for name in all()
        .map(|way| way.command)
        .chain(NOT_OFFERED.iter().map(|(name, _)| *name))
    {
        assert!(names.contains(name), "{name}");
    }
}

#[test]
fn a_command_is_named_once() {
    let mut names: Vec<&str> = all().map(|way| way.command).collect();
    names.extend(NOT_OFFERED.iter().map(|(name, _)| *name));
    let unique: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(unique.len(), names.len());
}

/// A member of a PATCH that is not sent must not be changed, so its command has no second field.
#[test]
fn a_command_behind_patch_sets_exactly_one_field_that_no_other_sets() {
    let mut seen = BTreeSet::new();
    for way in all().filter(|way| way.act == Act::Patch) {
        let spec = registry()
            .into_iter()
            .find(|spec| spec.name == way.command)
            .unwrap();
        let own: Vec<&str> = spec
            .fields
            .iter()
            .copied()
            .filter(|name| *name != "id")
            .collect();
        assert_eq!(own.len(), 1, "{}", way.command);
        assert!(seen.insert((way.path, own[0])), "{}", way.command);
    }
}

#[test]
fn the_parts_of_a_path_are_fields_of_its_command() {
    for way in all() {
        let spec = registry()
            .into_iter()
            .find(|spec| spec.name == way.command)
            .unwrap();
        for part in way
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{'))
        {
            let name = part.trim_end_matches('}');
            assert!(spec.fields.contains(&name), "{}: {name}", way.command);
        }
    }
}

#[test]
fn the_route_needs_what_the_command_needs() {
    for one in crate::book(&registry()).operations {
        for spec in &one.specs {
            assert_eq!(one.permission, Some(spec.permission), "{}", spec.name);
        }
    }
}

#[test]
fn examples_are_accepted_by_their_commands() {
    for way in all().filter(|way| !way.example.is_empty()) {
        let spec = registry()
            .into_iter()
            .find(|spec| spec.name == way.command)
            .unwrap();
        let mut input: serde_json::Map<_, _> = serde_json::from_str(way.example).unwrap();
        let before = input.len();
        assert!(before > 0, "{}", way.command);
        let fields: Vec<&String> = input
            .keys()
            .filter(|name| !spec.fields.contains(&name.as_str()))
            .collect();
        assert!(fields.is_empty(), "{}: {fields:?}", way.command);
        input.retain(|name, _| name != "public_key" && name != "claim");
        let errors = (spec.check)(&input).err().unwrap_or_default();
        let wrong: Vec<_> = errors
            .0
            .iter()
            .filter(|(_, p)| p.code != "required")
            .collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", way.command);
    }
}

#[test]
fn what_is_not_offered_is_documented() {
    let text = include_str!("../../../docs/api.md");
    let hoster = registry()
        .into_iter()
        .filter(|spec| spec.authority == Authority::Hoster);
    let names = hoster
        .map(|spec| spec.name)
        .chain(NOT_OFFERED.iter().map(|(name, _)| *name));
    for name in names {
        assert!(text.contains(&format!("`{name}`")), "{name}");
    }
}
