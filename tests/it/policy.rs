//! Who may do what, as one table that is read before it is changed.
//!
//! `policy_matrix.txt` is edited by hand: no switch of this test writes it.

use std::fmt::Write as _;
use wabe_access::{Authority, Risk, Role, StaffRole};
use wabe_automation::effect::{Decision, decide, named};
use wabe_automation::may_be_effect;
use wabe_testkit::commands;

/// The table as the roles' lists have it now.
fn matrix() -> String {
    let mut specs = commands();
    specs.sort_by_key(|spec| spec.name);
    let mut text = String::new();
    for spec in specs {
        let risk = match spec.risk {
            Risk::Routine => "routine",
            Risk::Sensitive => "sensitive",
            Risk::Destructive => "destructive",
        };
        let authority = match spec.authority {
            Authority::Customer => "customer",
            Authority::Hoster => "hoster",
            Authority::Ticket => "ticket",
        };
        let (name, permission) = (spec.name, spec.permission);
        writeln!(text, "{name} needs {permission}, {risk}, {authority}").unwrap();
        let members = Role::ALL
            .iter()
            .filter(|role| role.permissions().contains(&permission));
        let members: Vec<&str> = members.map(|role| role.word()).collect();
        let staff = StaffRole::ALL
            .iter()
            .filter(|role| role.permissions().contains(&permission));
        let staff: Vec<&str> = staff.map(|role| role.word()).collect();
        let none = |list: Vec<&str>| {
            if list.is_empty() {
                "nobody".to_owned()
            } else {
                list.join(" ")
            }
        };
        writeln!(
            text,
            "    members: {}\n    staff: {}",
            none(members),
            none(staff)
        )
        .unwrap();
    }
    text
}

#[test]
fn the_roles_permit_what_the_table_says() {
    let (is, written) = (matrix(), include_str!("policy_matrix.txt"));
    let changed = is
        .lines()
        .zip(written.lines())
        .find(|(is, written)| is != written);
    assert!(
        is == written,
        "the table of roles differs, first at {changed:?}; it is:\n{is}"
    );
}

/// `effect_decisions.txt` is edited by hand, too: a new command is no effect until somebody says so.
#[test]
fn of_every_command_it_is_decided_whether_plugins_may_ask_for_it() {
    let mut specs = commands();
    specs.sort_by_key(|spec| spec.name);
    let mut is = String::new();
    for spec in &specs {
        let decided = decide(spec);
        assert_ne!(
            decided,
            Decision::Open,
            "{}: name it in src/automation/effect.rs, as an effect or as none",
            spec.name
        );
        writeln!(is, "{}: {decided}", spec.name).unwrap();
    }
    let written = include_str!("effect_decisions.txt");
    assert!(is == written, "other effects than written; they are:\n{is}");
    for name in named() {
        assert!(specs.iter().any(|spec| spec.name == name), "{name} is gone");
    }
}

#[test]
fn what_is_a_persons_is_no_effect() {
    for spec in commands() {
        let noun = spec.name.split('.').next().unwrap_or_default();
        let personal = ["member", "user", "token", "customer", "staff"].contains(&noun);
        let secret = spec.name.contains("password") || noun == "access_key";
        let agrees = ["domain.consent", "domain.withdraw"].contains(&spec.name);
        if personal || secret || agrees || spec.permission.is_own() {
            assert!(!may_be_effect(&spec), "{}", spec.name);
        }
    }
}

#[test]
fn no_staff_role_reaches_what_is_customers() {
    for spec in commands() {
        let own = spec.permission.word().starts_with("self:");
        if spec.authority == Authority::Customer && !own {
            for role in StaffRole::ALL {
                assert!(
                    !role.permissions().contains(&spec.permission),
                    "{role} {}",
                    spec.name
                );
            }
        }
    }
}

#[test]
fn no_member_does_what_is_the_hosters() {
    for spec in commands() {
        if spec.authority != Authority::Customer {
            for role in Role::ALL {
                assert!(
                    !role.permissions().contains(&spec.permission),
                    "{role} {}",
                    spec.name
                );
            }
        }
    }
}
