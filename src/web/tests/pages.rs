//! The layouts and every component, rendered and checked.

use super::{PORTAL, STAFF, owner, staff};
use crate::check::{Sample, check_samples};
use crate::comb::Comb;
use crate::errors::show::FailurePage;
use crate::face::Face;
use crate::filters;
use crate::message::Message;
use crate::plot::{Plot, spark};
use crate::session::Visitor;
use crate::{Chip, Choice, DiffRow, Failure, Progress, StripStep, Tab};
use askama::Template;
use std::collections::BTreeMap;
use wabe_kernel::{FieldErrors, FormState, Language, Problem};

#[derive(Template)]
#[template(path = "layout/everything.html")]
struct Everything {
    form: FormState,
    tabs: Vec<Tab>,
    rows: Vec<DiffRow>,
    steps: Vec<StripStep>,
    options: Vec<Choice>,
    chips: Vec<Chip>,
    comb: Comb,
    plot: Plot,
    line: String,
    at: wabe_kernel::Timestamp,
    percent: i64,
}

fn everything(form: FormState, percent: i64) -> Everything {
    let step = |progress| StripStep {
        text: "a < b".to_owned(),
        progress,
    };
    let services = vec![("live".to_owned(), "mail"), ("failed".to_owned(), "world")];
    let option = |value: &str| Choice {
        value: value.to_owned(),
        title: format!("\"{value}\" & <more>"),
        text: String::new(),
    };
    Everything {
        form,
        tabs: vec![Tab {
            href: "/a".to_owned(),
            text: "kind-domain",
            key: "a",
        }],
        rows: vec![DiffRow {
            field: "F".to_owned(),
            before: None,
            after: Some("<b>".to_owned()),
        }],
        steps: vec![
            step(Progress::Done),
            step(Progress::Now),
            step(Progress::Next),
        ],
        options: vec![option("one"), option("two")],
        chips: vec![Chip {
            href: "/c".to_owned(),
            text: "C".to_owned(),
            count: 3,
            current: true,
        }],
        comb: Comb::of(&services).unwrap(),
        plot: Plot::of(&[1, 2, 3]).unwrap(),
        line: spark(&[1, 2]),
        at: super::NOW,
        percent,
    }
}

impl Sample for Everything {
    fn face() -> &'static Face {
        &PORTAL
    }

    fn visitor() -> Option<Visitor> {
        Some(owner())
    }

    fn samples() -> Vec<Self> {
        let typed: BTreeMap<String, String> =
            [("name".to_owned(), "\"><script>".to_owned())].into();
        let mut errors = FieldErrors::one("name", Problem::new("too-long").with("max", 40));
        errors.add("text", Problem::new("required"));
        errors.add("choice", Problem::new("required"));
        let wrong = FormState::of(&typed, errors, &[]);
        vec![
            everything(FormState::new(), 0),
            everything(wrong, 90),
            everything(FormState::new(), 100),
        ]
    }
}

#[derive(Template)]
#[template(
    source = "{% extends \"layout/staff.html\" %}{% block title %}{{ \"kind-domain\"|t }}{% endblock %}{% block main %}<h1>{{ \"kind-domain\"|t }}</h1>{% endblock %}",
    ext = "html"
)]
struct Desk;

impl Sample for Desk {
    fn face() -> &'static Face {
        &STAFF
    }

    fn visitor() -> Option<Visitor> {
        Some(staff())
    }

    fn samples() -> Vec<Self> {
        vec![Self]
    }
}

#[derive(Template)]
#[template(
    source = "{% extends \"layout/auth.html\" %}{% block title %}{{ \"kind-domain\"|t }}{% endblock %}{% block main %}<h1>{{ \"kind-domain\"|t }}</h1>{% endblock %}",
    ext = "html"
)]
struct Entrance;

impl Sample for Entrance {
    fn samples() -> Vec<Self> {
        vec![Self]
    }
}

#[derive(Template)]
#[template(
    source = "{% extends \"layout/portal.html\" %}{% import \"components.html\" as c %}{% block title %}{{ \"kind-domain\"|t }}{% endblock %}{% block main %}{% call c::confirm(\"kind-domain\"|t, \"web-footer\"|t, \"/x/delete\", \"web-undo\"|t, \"/x\", word = word, label = \"web-search\"|t, error = word) %}<li>{{ c::icon(\"folder\") }}{{ 9|number }}</li>{% endcall %}{% endblock %}",
    ext = "html"
)]
struct Question {
    word: &'static str,
}

impl Sample for Question {
    fn samples() -> Vec<Self> {
        vec![Self { word: "" }, Self { word: "shop" }]
    }
}

impl Sample for FailurePage {
    fn samples() -> Vec<Self> {
        let page = |word| Self {
            word,
            detail: Some(Message::new(Language::De, "conflict-no-undo")),
            fields: vec![Problem::new("required")],
            retry: Some("/mailboxes?q=a".to_owned()),
            ask: (word == "not-reached").then(|| "/staff/tickets/tkt_1#look".to_owned()),
            short: "7F3K".to_owned(),
            at: super::NOW,
        };
        Failure::WORDS.into_iter().map(page).collect()
    }
}

#[test]
fn layouts_and_components_are_right_in_every_language_and_theme() {
    let wrong = [
        check_samples::<Everything>(),
        check_samples::<Desk>(),
        check_samples::<Entrance>(),
        check_samples::<Question>(),
        check_samples::<FailurePage>(),
    ];
    assert_eq!(wrong.concat(), Vec::<String>::new());
}

#[test]
fn what_people_typed_is_escaped_and_kept() {
    let view = crate::check::sample_view(&PORTAL, Some(owner()), Language::De, crate::Theme::Dark);
    let page = view
        .at("mailboxes")
        .page(Everything::samples().remove(1))
        .html()
        .unwrap();
    assert!(!page.contains("<script>") && page.contains("value=\"&#34;&#62;&#60;script&#62;\""));
    assert!(page.contains("Höchstens 40 Zeichen sind möglich."));
    assert!(page.contains("data-bs-theme=\"dark\""));
    assert!(page.contains("12.345"), "the count beside the navigation");
    assert!(page.contains("href=\"/mailboxes\" aria-current=\"page\""));
    assert!(page.contains("Bäckerei &#60;Sonnenkorn&#62;"));
}
