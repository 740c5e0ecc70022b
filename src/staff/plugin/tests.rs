//! The pages of plugins in every state.

use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use wabe_access::Limit;
use wabe_access::plan::Plan;
use wabe_automation::plugin::{PluginVersion, VersionState};
use wabe_automation::trusted_key::TrustedKey;
use wabe_kernel::id::{PlanId, PluginId, PluginVersionId, RunId, TrustedKeyId, UserId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{FormState, Language, Problem};
use wabe_package::compiled::Compiled;
use wabe_package::{Grants, Manifest};
use wabe_web::check::check_samples;

use crate::plugin::key::{KeyAddPage, KeyRemovePage, KeysPage};
use crate::plugin::limits::{self, LimitsPage};
use crate::plugin::list::{ListPage, Row, chips};
use crate::plugin::recording::RecordingsPage;
use crate::plugin::release::{self, ReleasePage};
use crate::plugin::upload::{FlawRow, UploadPage};
use crate::plugin::version::{May, PartRow, VersionPage, asks, triggers};
use crate::plugin::withdraw::WithdrawPage;
use crate::plugin::{Signer, because};
use crate::samples::{NOW, errors, sample};

const WORDS: [&str; 13] = [
    "events:mailbox.*",
    "schedule",
    "webhook",
    "form",
    "card",
    "ticket",
    "http:api.example.org",
    "secret:token",
    "records:mailbox",
    "files:read",
    "files:write",
    "effect:domain.set_redirect",
    "mail",
];

/// A manifest that asks for one of everything and runs for every reason.
fn everything() -> Manifest {
    let mut text = "id = \"everything\"\nversion = \"1.2.3\"\napi = \"1.0\"\nauthor = \"Ada <& Söhne>\"\n\
        component = \"plugin.wasm\"\n[name]\nde = \"Alles <auf einmal>\"\nen = \"Everything at once\"\n\
        [summary]\nde = \"Zeigt, was geht.\"\nen = \"Shows what is possible.\"\n"
        .to_owned();
    for (at, word) in WORDS.iter().enumerate() {
        let fields = if *word == "records:mailbox" {
            "fields = [\"address\", \"state\"]"
        } else {
            ""
        };
        let optional = if at % 2 == 0 { "true" } else { "false" };
        text.extend([
            "[[capability]]\ncapability = \"",
            *word,
            "\"\noptional = ",
            optional,
            "\n",
            fields,
            "\n[capability.reason]\nde = \"Weil es <sonst> nicht geht\"\nen = \"Because\"\n",
        ]);
    }
    text += "[[trigger]]\nkind = \"event\"\ntopic = \"mailbox.*\"\n\
        [[trigger]]\nkind = \"schedule\"\nname = \"nightly\"\ncron = \"0 3 * * *\"\n\
        [[trigger]]\nkind = \"webhook\"\npath = \"update\"\nauth = [\"basic\"]\n\
        [[trigger]]\nkind = \"form\"\nname = \"main\"\ncard = true\n[trigger.title]\nde = \"Seite\"\nen = \"Page\"\n\
        [[trigger]]\nkind = \"ticket\"\n[[secret]]\nname = \"token\"\n[secret.title]\nde = \"Zugang\"\nen = \"Token\"\n";
    Manifest::parse(&text).unwrap()
}

fn version(state: VersionState, ceiling: Option<Grants>) -> PluginVersion {
    let id = Uuid::from_u128(5);
    let withdrawn = state == VersionState::Withdrawn;
    PluginVersion {
        id: PluginVersionId::from_uuid(id),
        plugin: PluginId::from_uuid(id),
        manifest: Arc::new(everything()),
        schema: String::new(),
        icon: None,
        readme: Some("# Alles\n\n<script>\n".to_owned()),
        state,
        component: "ab".repeat(32),
        digest: "cd".repeat(32),
        signed_by: (!withdrawn).then(|| "ef".repeat(16)),
        ceiling,
        note: (state == VersionState::Released).then(|| "Angesehen <& gut>".to_owned()),
        uploaded_by: Some(UserId::from_uuid(id)),
        uploaded_at: NOW.plus_days(-3),
        released_at: (state != VersionState::Uploaded).then_some(NOW),
        withdrawn_at: withdrawn.then_some(NOW),
        withdrawn_reason: withdrawn.then(|| "Schickt zu viel <hinaus>".to_owned()),
    }
}

fn narrow() -> Grants {
    let granted = json!({ "mail": true, "records:mailbox": { "fields": ["address"] } });
    Grants::from_value(&granted).unwrap()
}

fn key() -> TrustedKey {
    TrustedKey {
        id: TrustedKeyId::from_uuid(Uuid::from_u128(6)),
        name: "Ada <& Söhne>".to_owned(),
        fingerprint: "ef".repeat(16),
        created_at: NOW.plus_days(-30),
    }
}

fn compiled() -> Compiled {
    Compiled {
        component: "ab".repeat(32),
        engine: "0123456789abcdef".to_owned(),
        exports: vec!["wabe:plugin/events@1.0.0".to_owned()],
        imports: ["wabe:plugin/http@1.0.0", "wasi:cli/exit@0.2.6"]
            .map(str::to_owned)
            .into(),
        sizes: BTreeMap::from([("functions".to_owned(), 1_200)]),
    }
}

fn shown(state: VersionState, ceiling: Option<Grants>, own: bool) -> VersionPage {
    let version = version(state, ceiling);
    let open = state != VersionState::Withdrawn;
    let part = PartRow {
        name: "plugin.wasm".to_owned(),
        bytes: 96_000,
        digest: "ab".repeat(32),
    };
    VersionPage {
        language: Language::De,
        signer: Signer::of(
            version.signed_by.as_ref(),
            &if own { vec![] } else { vec![key()] },
        ),
        uploader: own.then(|| "Ole <Hansen>".to_owned()),
        asks: asks(&version, Language::De),
        triggers: triggers(&version, Language::De),
        parts: vec![part],
        compiled: open.then(compiled),
        installations: 12,
        recordings: i64::from(own),
        may: May {
            release: open,
            withdraw: open,
            own,
        },
        done: open.then_some("uploaded"),
        version,
    }
}

fn list(states: &[VersionState], filtered: bool) -> ListPage {
    let row = |state: &VersionState| Row::of(&version(*state, None), &[key()], Language::De);
    let wanted = filtered.then_some(VersionState::Uploaded);
    ListPage {
        rows: states.iter().map(row).collect(),
        chips: chips(states, wanted, Language::De),
        filtered,
        writes: !filtered,
        down: filtered.then_some("died"),
    }
}

fn flaw(code: &'static str, place: &str) -> FlawRow {
    let problem = Problem::new(code)
        .with("place", place)
        .with("name", "<author>");
    FlawRow::of(&problem, Language::De)
}

fn upload(form: FormState, note: Option<&str>, flaws: Vec<FlawRow>) -> UploadPage {
    UploadPage {
        form,
        note: note.map(str::to_owned),
        file: "dyn<dns>.wabeplugin".to_owned(),
        flaws,
        component_max: 4 << 20,
    }
}

fn reviewed(
    state: VersionState,
    ceiling: Option<Grants>,
    own: bool,
    form: FormState,
) -> ReleasePage {
    let version = version(state, ceiling);
    ReleasePage {
        language: Language::De,
        uploader: Some("Ole <Hansen>".to_owned()),
        own,
        asks: asks(&version, Language::De),
        note: own.then(|| "conflict-own-upload".to_owned()),
        form,
        version,
    }
}

fn withdrawing(installations: i64, form: FormState) -> WithdrawPage {
    WithdrawPage {
        version: version(VersionState::Released, None),
        language: Language::De,
        installations,
        note: form
            .has_errors()
            .then(|| "conflict-version-withdrawn".to_owned()),
        form,
    }
}

fn recordings(count: u128) -> RecordingsPage {
    let run = |at| (RunId::from_uuid(Uuid::from_u128(at)), NOW);
    RecordingsPage {
        version: version(VersionState::Released, None),
        language: Language::De,
        runs: (0..count).map(run).collect(),
        days: 7,
    }
}

fn limits(form: FormState) -> LimitsPage {
    LimitsPage {
        plan: Plan {
            id: PlanId::from_uuid(Uuid::from_u128(2)),
            name: "Handwerk <M>".to_owned(),
            limits: [(Limit::Mailboxes, 5)].into(),
        },
        kinds: limits::kinds(),
        rows: limits::rows(),
        day: limits::day(),
        form,
        note: None,
    }
}

sample! {
    ListPage: vec![
        list(&[], false),
        list(&[], true),
        list(&VersionState::ALL, false),
    ];
    UploadPage: vec![
        upload(FormState::new(), None, Vec::new()),
        upload(errors(&["package", "purpose"]), Some("staff-plugin-busy"), Vec::new()),
        upload(
            FormState::new().with("purpose", "Anfrage <7>"),
            None,
            vec![flaw("package-missing", "plugin.toml:3"), flaw("package-not-signed", "")],
        ),
    ];
    VersionPage: vec![
        shown(VersionState::Uploaded, None, false),
        shown(VersionState::Uploaded, None, true),
        shown(VersionState::Released, Some(narrow()), false),
        shown(VersionState::Withdrawn, None, false),
    ];
    ReleasePage: vec![
        reviewed(VersionState::Uploaded, None, false, FormState::new()),
        reviewed(VersionState::Released, Some(narrow()), false, errors(&["note"])),
        reviewed(VersionState::Uploaded, None, true, FormState::new()),
    ];
    WithdrawPage: vec![
        withdrawing(0, FormState::new()),
        withdrawing(1, FormState::new()),
        withdrawing(12, errors(&["reason"])),
    ];
    RecordingsPage: vec![recordings(0), recordings(2)];
    KeysPage: vec![
        KeysPage { keys: vec![], writes: true, done: Some("removed") },
        KeysPage { keys: vec![key()], writes: true, done: Some("added") },
        KeysPage { keys: vec![key()], writes: false, done: None },
    ];
    KeyAddPage: vec![
        KeyAddPage { form: FormState::new(), note: None },
        KeyAddPage { form: errors(&["name", "public_key", "purpose"]), note: None },
    ];
    KeyRemovePage: vec![
        KeyRemovePage { key: key(), form: FormState::new(), note: None },
        KeyRemovePage { key: key(), form: errors(&["purpose"]), note: None },
    ];
    LimitsPage: vec![
        limits(limits::typed(&json!({ "event": { "cpu_ms": 500 } }))),
        limits(errors(&["event.cpu_ms", "page.memory_bytes", "purpose"])),
    ];
}

#[test]
fn the_pages_of_plugins_are_whole() {
    let found = [
        check_samples::<ListPage>(),
        check_samples::<UploadPage>(),
        check_samples::<VersionPage>(),
        check_samples::<ReleasePage>(),
        check_samples::<WithdrawPage>(),
        check_samples::<RecordingsPage>(),
        check_samples::<KeysPage>(),
        check_samples::<KeyAddPage>(),
        check_samples::<KeyRemovePage>(),
        check_samples::<LimitsPage>(),
    ];
    assert_eq!(found.concat(), Vec::<String>::new());
}

#[test]
fn what_is_ticked_is_the_ceiling_and_everything_is_none() {
    let mut rows = asks(&version(VersionState::Uploaded, None), Language::De);
    assert_eq!(release::ceiling(&rows), None);
    for row in &mut rows {
        row.allowed = ["mail", "records:mailbox"].contains(&row.word.as_str());
        row.allowed_fields.retain(|field| field == "address");
    }
    let wanted = json!({ "mail": true, "records:mailbox": { "fields": ["address"] } });
    assert_eq!(release::ceiling(&rows), Some(wanted.clone()));
    // What is in force comes back as it was ticked.
    let again = asks(
        &version(VersionState::Released, Some(narrow())),
        Language::De,
    );
    assert_eq!(release::ceiling(&again), Some(wanted));
    // A capability without any of its fields is none.
    for row in &mut rows {
        row.allowed_fields.clear();
    }
    assert_eq!(release::ceiling(&rows), Some(json!({ "mail": true })));
}

#[test]
fn a_flaw_stands_beside_its_place() {
    let row = flaw("package-missing", "plugin.toml:3, author");
    assert_eq!(row.place, "plugin.toml:3, author");
    assert!(row.text.starts_with("<author> fehlt."), "{}", row.text);
}

#[test]
fn every_kind_of_capability_and_trigger_has_its_words() {
    use wabe_web::Texts;
    let page = shown(VersionState::Uploaded, None, false);
    for language in Language::ALL {
        let of_version = page
            .asks
            .iter()
            .map(|ask| format!("staff-plugin-can-{}", ask.kind));
        let triggers = page.triggers.iter();
        let triggers = triggers.map(|one| format!("staff-plugin-trigger-{}", one.kind));
        let states = VersionState::ALL.map(|one| format!("plugin-state-{one}"));
        let rows = limits::rows().into_iter();
        let rows = rows.map(|one| format!("staff-run-limit-{}", one.name));
        let kinds = limits::kinds().into_iter();
        let kinds = kinds.map(|kind| format!("staff-runs-{kind}"));
        for id in of_version
            .chain(triggers)
            .chain(states)
            .chain(rows)
            .chain(kinds)
        {
            assert!(Texts::global().has(language, &id), "{language} {id}");
        }
    }
    assert_eq!((page.asks.len(), page.triggers.len()), (WORDS.len(), 5));
}

#[test]
fn what_a_review_says_is_why_it_was_done() {
    let mut form = wabe_web::Form::default();
    form.fields
        .insert("note".to_owned(), " Angesehen ".to_owned());
    because(&mut form, "note");
    assert_eq!(form.get("purpose"), "Angesehen");
    form.fields.insert("note".to_owned(), String::new());
    because(&mut form, "note");
    assert_eq!(form.get("purpose"), "review");
}
