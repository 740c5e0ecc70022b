//! Samples of the pages of alias addresses.

use wabe_kernel::{FormState, ResourceKind, State};
use wabe_web::check::check_samples;
use wabe_web::{Face, Sample, Visitor};

use crate::alias::create::CreatePage;
use crate::alias::list::ListPage;
use crate::alias::show::ShowPage;
use crate::alias::{Target, choice};
use crate::mailbox::samples::{alias, choices, plan, sample};
use crate::samples::{condition, conflict, done, errors, visitor};

fn targets() -> Vec<Target> {
    let known = [
        "donaudampfschiff@sonnenkorn-baeckerei.example",
        "lager@sonnenkorn.example",
    ];
    choice(
        known.map(str::to_owned).to_vec(),
        "lager@sonnenkorn.example",
    )
}

fn list(filled: bool, search: &str) -> ListPage {
    let rows = State::ALL.iter().map(|state| alias(*state));
    ListPage {
        tabs: crate::mailbox::address_tabs(),
        plan: plan().into_iter().next(),
        search: search.to_owned(),
        rows: if filled { rows.collect() } else { Vec::new() },
        next: if filled {
            "/aliases?after=YQ".to_owned()
        } else {
            String::new()
        },
        may_write: true,
        done: done("alias-delete"),
    }
}

sample!(
    ListPage,
    vec![list(true, ""), list(false, ""), list(false, "niemand")]
);

fn create(form: FormState) -> CreatePage {
    CreatePage {
        note: form.has_errors().then(conflict).flatten(),
        form,
        domains: choices(),
        targets: targets(),
        plan: plan(),
    }
}

sample!(CreatePage, {
    vec![
        create(FormState::new()),
        create(errors("local", "address-taken")),
        create(errors("targets", "required")),
        Self {
            targets: Vec::new(),
            ..create(FormState::new())
        },
        Self {
            domains: Vec::new(),
            ..create(FormState::new())
        },
    ]
});

fn show(state: State, may_write: bool) -> ShowPage {
    let alias = alias(state);
    ShowPage {
        name: alias.address.to_string(),
        condition: condition(ResourceKind::Alias, state),
        alias,
        form: FormState::new(),
        note: None,
        targets: targets(),
        may_write,
        recent: Vec::new(),
        done: done("alias-create"),
    }
}

sample!(ShowPage, {
    let mut all: Vec<Self> = State::ALL
        .iter()
        .map(|state| show(*state, *state != State::Deleting))
        .collect();
    all.push(Self {
        form: errors("targets", "required"),
        note: conflict(),
        ..show(State::Live, true)
    });
    all
});

#[test]
fn the_pages_are_sound_in_both_languages() {
    let none = Vec::<String>::new();
    assert_eq!(check_samples::<ListPage>(), none);
    assert_eq!(check_samples::<CreatePage>(), none);
    assert_eq!(check_samples::<ShowPage>(), none);
}
