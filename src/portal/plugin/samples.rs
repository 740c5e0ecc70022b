//! Samples of the pages about plugins.

use serde_json::json;
use std::fmt::Write as _;
use std::sync::Arc;
use wabe_automation::installation::{Installation, InstallationState, Installed, PausedBy};
use wabe_automation::plugin::{CatalogueEntry, PluginVersion, VersionState};
use wabe_automation::run::usage::{DayOfUse, Spent};
use wabe_kernel::id::{CustomerId, InstallationId, PluginId, PluginVersionId, UserId, WebspaceId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{FormState, Language};
use wabe_package::{Grants, Manifest};
use wabe_web::check::check_samples;
use wabe_web::{Choice, Face, Sample, Visitor};

use crate::mailbox::samples::sample;
use crate::plugin::address;
use crate::plugin::card::CardPart;
use crate::plugin::catalogue::{CataloguePage, Left, Offer, Tile};
use crate::plugin::choose;
use crate::plugin::consent::{Consent, Marks};
use crate::plugin::create::{About, CreatePage, PasswordPage};
use crate::plugin::delete::DeletePage;
use crate::plugin::form::{FormPage, Trouble};
use crate::plugin::frame::Frame;
use crate::plugin::rights::RightsPage;
use crate::plugin::run::samples::rows;
use crate::plugin::secrets::{self, SecretsPage};
use crate::plugin::settings::SettingsPage;
use crate::plugin::show::{Facts, ShowPage, Uses, forms, rights, trials};
use crate::plugin::ui::{Reading, pieces, tests::everything};
use crate::plugin::update::UpdatePage;
use crate::plugin::webhook::WebhookPage;
use crate::samples::{NOW, conflict, done, errors, visitor};

pub(super) const DE: Language = Language::De;

const SCHEMA: &str = r#"{ "type": "object", "required": ["host"], "properties": {
    "host": { "type": "string", "title": "Host", "title:de": "Name <des> Hosts & mehr", "minLength": 1,
        "description": "Of the router.", "description:de": "Wie im Router." },
    "note": { "type": "string", "title": "Note", "title:de": "Notiz", "maxLength": 900 },
    "times": { "type": "integer", "title": "Times", "title:de": "Wie oft", "minimum": 1, "maximum": 9 },
    "loud": { "type": "boolean", "title": "Loud", "title:de": "Laut", "default": true },
    "way": { "type": "string", "title": "Way", "title:de": "Weg", "enum": ["a", "b"] } } }"#;

/// A manifest that asks for everything.
fn manifest(version: &str) -> Manifest {
    let words = [
        ("events:mailbox.*", false),
        ("events:quota.reached", true),
        ("schedule", false),
        ("webhook", false),
        ("form", true),
        ("card", true),
        ("http:api.example.org", true),
        ("secret:token", false),
        ("secret:other", true),
        ("records:mailbox", true),
        ("files:read", false),
        ("files:write", true),
        ("effect:domain.set_redirect", true),
        ("mail", true),
    ];
    let mut text = format!(
        "id = \"dyndns\"\nversion = \"{version}\"\napi = \"1.0\"\nauthor = \"Sonne & Söhne\"\n\
         component = \"plugin.wasm\"\nsettings = \"s.json\"\nicon = \"icon.svg\"\n\
         [name]\nde = \"Donaudampfschifffahrts-Adresse & mehr\"\nen = \"Address\"\n\
         [summary]\nde = \"Hält eine Adresse aktuell.\"\nen = \"Keeps an address.\"\n"
    );
    for (word, optional) in words {
        let fields = if word.starts_with("records") {
            "fields = [\"address\", \"state\"]\n"
        } else {
            ""
        };
        let written = write!(
            text,
            "[[capability]]\ncapability = \"{word}\"\noptional = {optional}\n{fields}\
             [capability.reason]\nde = \"Weil <es> sein muss.\"\nen = \"Needed.\"\n"
        );
        written.unwrap();
    }
    text.push_str(
        "[[trigger]]\nkind = \"event\"\ntopic = \"mailbox.*\"\n\
         [[trigger]]\nkind = \"schedule\"\nname = \"nightly\"\ncron = \"0 3 * * *\"\n\
         [[trigger]]\nkind = \"webhook\"\npath = \"update\"\nauth = [\"basic\", \"hmac\"]\n\
         [[trigger]]\nkind = \"form\"\nname = \"main\"\ncard = true\n\
         [trigger.title]\nde = \"Gemeldete Adressen\"\nen = \"Addresses\"\n\
         [[secret]]\nname = \"token\"\n[secret.title]\nde = \"Schlüssel\"\nen = \"Token\"\n\
         [[secret]]\nname = \"other\"\noptional = true\n[secret.title]\nde = \"Zweiter\"\nen = \"Second\"\n",
    );
    let read = Manifest::parse(&text);
    read.unwrap_or_else(|flaws| panic!("{flaws:?}"))
}

fn version(number: &str, state: VersionState) -> PluginVersion {
    let id = Uuid::from_u128(3);
    PluginVersion {
        id: PluginVersionId::from_uuid(id),
        plugin: PluginId::from_uuid(id),
        manifest: Arc::new(manifest(number)),
        schema: SCHEMA.to_owned(),
        icon: Some("<svg></svg>".to_owned()),
        readme: Some("# Lies <mich>\n\nund noch etwas".to_owned()),
        state,
        component: String::new(),
        digest: String::new(),
        signed_by: Some("abc".to_owned()),
        ceiling: None,
        note: None,
        uploaded_by: None,
        uploaded_at: NOW,
        released_at: Some(NOW),
        withdrawn_at: None,
        withdrawn_reason: None,
    }
}

pub(super) fn installed(paused: Option<PausedBy>, parked: bool) -> Installed {
    let id = Uuid::from_u128(4);
    let version = version("1.0.0", VersionState::Released);
    let granted = Grants::all(&version.requests(), &[WebspaceId::from_uuid(id)]);
    let state = match paused {
        Some(_) => InstallationState::Paused,
        None => InstallationState::Active,
    };
    Installed {
        installation: Installation {
            id: InstallationId::from_uuid(id),
            customer: CustomerId::from_uuid(id),
            plugin: version.plugin,
            version: version.id,
            previous: parked.then_some(version.id),
            parked: parked.then_some(version.id),
            skipped: None,
            state,
            paused_reason: paused.map(|by| match by {
                PausedBy::Member => "Urlaub <bis> März".to_owned(),
                _ => "plugin-in-row".to_owned(),
            }),
            paused_by: paused,
            generation: 1,
            granted,
            granted_by: UserId::from_uuid(id),
            granted_at: NOW,
            settings: json!({ "host": "heim.example", "loud": true, "way": "b" }),
            webhook_slug: Some("abcdefghijkmnpqrstuvwxyz23".to_owned()),
            event_cursor: 0,
            failures_in_row: 0,
            created_at: NOW.plus_days(-9),
            updated_at: NOW,
        },
        version: Arc::new(version),
        parked: parked.then(|| {
            let parked = self::version("2.0.0", VersionState::Released);
            Arc::new(parked)
        }),
        secrets: if parked {
            Vec::new()
        } else {
            vec!["token".to_owned()]
        },
    }
}

/// One of each kind.
fn all_installed() -> Vec<Installed> {
    let paused = PausedBy::ALL.iter().map(|by| installed(Some(*by), false));
    let mut withdrawn = installed(Some(PausedBy::Hoster), false);
    withdrawn.version = Arc::new(version("1.0.0", VersionState::Withdrawn));
    let mut all: Vec<Installed> = paused.collect();
    all.extend([installed(None, false), installed(None, true), withdrawn]);
    all
}

pub(super) fn frame(found: &Installed) -> Frame {
    Frame::new(DE, found, true)
}

fn webspaces() -> Vec<Choice> {
    let choice = |id: &str| Choice {
        value: id.to_owned(),
        title: "donaudampfschifffahrt-<shop>".to_owned(),
        text: String::new(),
    };
    vec![choice("web_1"), choice("web_2")]
}

fn consent(webspaces: &[Choice], marks: Marks<'_>) -> Consent {
    let version = version("1.0.0", VersionState::Released);
    let fresh = version.requests().split_off(9);
    Consent::of(DE, &version, webspaces, marks, &fresh)
}

sample!(CataloguePage, {
    let entry = CatalogueEntry {
        version: Arc::new(version("1.0.0", VersionState::Released)),
        installed: 2,
    };
    let mut bare = version("1.0.0", VersionState::Released);
    bare.icon = None;
    let bare = CatalogueEntry {
        version: Arc::new(bare),
        installed: 0,
    };
    let left = Left {
        id: "ins_1".to_owned(),
        name: "dyndns".to_owned(),
        deleted_at: NOW,
        until: NOW.plus_days(14),
    };
    let page = |installed: Vec<Tile>, offers: Vec<Offer>, may_write: bool| Self {
        down: !may_write,
        installed,
        offers,
        left: Vec::new(),
        plan: crate::webspace::samples::plan().into_iter().next(),
        may_write,
        done: done("installation-delete"),
    };
    let tiles = || {
        all_installed()
            .iter()
            .map(|found| Tile::of(DE, found))
            .collect()
    };
    let offers = || vec![Offer::of(DE, &entry), Offer::of(DE, &bare)];
    vec![
        page(Vec::new(), Vec::new(), true),
        page(Vec::new(), offers(), true),
        Self {
            left: vec![left],
            ..page(tiles(), offers(), true)
        },
        page(tiles(), Vec::new(), false),
    ]
});

fn create(form: FormState, may_write: bool) -> CreatePage {
    let version = version("1.0.0", VersionState::Released);
    let wrong = form.has_errors();
    let marks = if wrong {
        Marks::Typed(&form)
    } else {
        Marks::First
    };
    CreatePage {
        about: About::of(DE, &version),
        consent: consent(&[], marks),
        fields: choose::fields(DE, &version.settings()),
        secrets: secrets::fields(DE, &version.manifest, &[]),
        note: wrong.then(conflict).flatten(),
        plan: crate::webspace::samples::plan(),
        proof: wrong,
        may_write,
        form,
    }
}

sample!(CreatePage, {
    let full = Self {
        consent: consent(&webspaces(), Marks::First),
        ..create(FormState::new(), true)
    };
    vec![
        full,
        create(FormState::new(), false),
        create(errors("cap.files:read", "capability-webspaces"), true),
        create(errors("capabilities", "capability-not-own"), true),
        create(errors("set.host", "required"), true),
        create(errors("secret.token", "control-character"), true),
    ]
});

sample!(PasswordPage, {
    let page = |installed| Self {
        id: "ins_1".to_owned(),
        name: "DynDNS & <mehr>".to_owned(),
        password: "abcdefghijkmnpqrstuvwxyz23".to_owned(),
        addresses: address::list(
            "https://hooks.example",
            &self::installed(None, false),
            Some("x"),
        ),
        installed,
    };
    vec![page(true), page(false)]
});

sample!(RightsPage, {
    let found = installed(None, false);
    let wrong = errors("cap.files:write", "capability-webspaces");
    let rights = found.rights();
    vec![
        Self {
            frame: frame(&found),
            consent: consent(&webspaces(), Marks::Granted(rights.grants())),
            form: FormState::new(),
            note: None,
            proof: false,
        },
        Self {
            frame: frame(&found),
            consent: consent(&webspaces(), Marks::Typed(&wrong)),
            form: wrong.clone(),
            note: conflict(),
            proof: true,
        },
    ]
});

sample!(SettingsPage, {
    let page = |form: FormState| {
        let found = installed(None, false);
        Self {
            frame: frame(&found),
            fields: choose::fields(DE, &found.version.settings()),
            note: form.has_errors().then(conflict).flatten(),
            form,
            done: done("installation-set-settings"),
        }
    };
    let empty = Self {
        fields: Vec::new(),
        ..page(FormState::new())
    };
    vec![
        page(FormState::new()),
        page(errors("set.times", "must-be-whole-number")),
        empty,
    ]
});

sample!(SecretsPage, {
    let page = |form: FormState, set: &[String]| {
        let found = installed(None, false);
        Self {
            frame: frame(&found),
            secrets: secrets::fields(DE, &found.version.manifest, set),
            note: None,
            proof: form.has_errors(),
            form,
            done: None,
        }
    };
    let empty = Self {
        secrets: Vec::new(),
        ..page(FormState::new(), &[])
    };
    vec![
        page(FormState::new(), &["token".to_owned()]),
        page(errors("secret.other", "too-long"), &[]),
        empty,
    ]
});

sample!(WebhookPage, {
    let page = |form: FormState| {
        let found = installed(None, false);
        Self {
            frame: frame(&found),
            addresses: address::list("https://hooks.example", &found, None),
            note: None,
            proof: true,
            form,
        }
    };
    let empty = Self {
        addresses: Vec::new(),
        ..page(FormState::new())
    };
    vec![
        page(FormState::new()),
        page(errors("proof", "proof-needed")),
        empty,
    ]
});

sample!(UpdatePage, {
    let page = |form: FormState, fresh| {
        let found = installed(None, true);
        let parked = found.parked.clone().unwrap();
        Self {
            frame: frame(&found),
            about: About::of(DE, &parked),
            consent: consent(&webspaces(), Marks::Granted(&Grants::none())),
            fields: choose::fields(DE, &parked.settings()),
            note: None,
            proof: true,
            fresh,
            form,
        }
    };
    vec![
        page(FormState::new(), 0),
        page(FormState::new(), 1),
        page(errors("set.host", "required"), 4),
    ]
});

sample!(DeletePage, {
    let page = |error: &str| Self {
        frame: frame(&installed(None, false)),
        word: "dyndns".to_owned(),
        error: error.to_owned(),
    };
    vec![page(""), page("x")]
});

sample!(ShowPage, {
    let page = |found: &Installed, full: bool| {
        let day = DayOfUse {
            day: NOW.plus_days(-2),
            runs: 12,
            failed: 3,
            cpu_us: 61_000_000,
            fetches: 4,
            log_bytes: 100,
            messages: 1,
        };
        let days = if full { vec![day] } else { Vec::new() };
        Self {
            frame: frame(found),
            forms: if full { forms(DE, found) } else { Vec::new() },
            rights: if full {
                rights(DE, found, &webspaces())
            } else {
                Vec::new()
            },
            settings: choose::told(DE, &found.version.settings(), &found.installation.settings),
            addresses: address::list("https://hooks.example", found, None),
            trials: trials(DE, found),
            upcoming: vec![("nightly".to_owned(), NOW.plus_seconds(900))],
            runs: if full { rows(None) } else { Vec::new() },
            uses: Uses::of(DE, days, NOW),
            facts: Facts {
                version: "1.0.0".to_owned(),
                author: "Sonne & Söhne".to_owned(),
                triggers: "Ereignis".to_owned(),
                created_at: NOW,
                granted_at: NOW,
            },
            recent: crate::webspace::samples::recent(),
            done: done("installation-pause"),
        }
    };
    let mut pages: Vec<Self> = all_installed()
        .iter()
        .map(|found| page(found, true))
        .collect();
    pages.push(page(&installed(None, false), false));
    pages
});

fn drawn(prefix: &str) -> Vec<crate::plugin::ui::Piece> {
    let reading = Reading {
        language: DE,
        prefix,
        typed: None,
    };
    pieces(&reading, &everything())
}

sample!(FormPage, {
    let page = |may_write| {
        let found = installed(None, false);
        Self {
            frame: Frame::new(DE, &found, may_write).resting(
                DE,
                may_write.then(|| (Spent::Runs, NOW.plus_seconds(3_600))),
            ),
            title: "Gemeldete Adressen".to_owned(),
            action: "/plugins/ins_1/forms/main".to_owned(),
            pieces: drawn(""),
            trouble: None,
            changed: None,
            run: Some("/plugins/runs/run_1".to_owned()),
        }
    };
    let trouble = Trouble {
        text: "Das <ging> nicht.".to_owned(),
        href: Some("/plugins/runs/run_1".to_owned()),
    };
    vec![
        page(true),
        page(false),
        Self {
            changed: Some(0),
            ..page(true)
        },
        Self {
            changed: Some(2),
            run: None,
            ..page(true)
        },
        Self {
            trouble: Some(trouble),
            ..page(true)
        },
        Self {
            pieces: Vec::new(),
            ..page(true)
        },
    ]
});

/// A card stands in a page; the check wants a whole one.
#[test]
fn a_card_is_sound_in_a_page() {
    use askama::Template as _;
    let view =
        wabe_web::check::sample_view(&crate::PORTAL, Some(visitor()), DE, wabe_web::Theme::Auto);
    let trouble = Trouble {
        text: "x < y".to_owned(),
        href: None,
    };
    for (trouble, may_write) in [(None, true), (None, false), (Some(trouble), true)] {
        let part = CardPart {
            action: "/plugins/ins_1/forms/main".to_owned(),
            pieces: drawn("card-1-"),
            trouble,
            may_write,
        };
        let html = part.render_with_values(&view).unwrap();
        let page = format!(
            "<!DOCTYPE html><html lang=\"de\"><head><title>x</title></head><body>\
             <main><h1>x</h1>{html}</main></body></html>"
        );
        assert_eq!(wabe_web::check_html(&page), Vec::<String>::new());
        assert_eq!(
            html.contains("name=\"f.act\""),
            may_write && !html.contains("role=\"alert\"")
        );
    }
}

#[test]
fn the_pages_are_sound_in_both_languages() {
    let wrong = [
        check_samples::<CataloguePage>(),
        check_samples::<CreatePage>(),
        check_samples::<PasswordPage>(),
        check_samples::<RightsPage>(),
        check_samples::<SettingsPage>(),
        check_samples::<SecretsPage>(),
        check_samples::<WebhookPage>(),
        check_samples::<UpdatePage>(),
        check_samples::<DeletePage>(),
        check_samples::<ShowPage>(),
        check_samples::<FormPage>(),
    ];
    assert_eq!(wrong.concat(), Vec::<String>::new());
}
