//! Samples of the pages about runs.

use serde_json::json;
use wabe_automation::run::{
    Closest, EffectShown, EffectState, Mode, Run, RunDetail, RunShown, RunState, TriggerKind,
};
use wabe_kernel::id::{ChangeId, CustomerId, InstallationId, PluginVersionId, RunId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_web::check::check_samples;
use wabe_web::{Choice, Face, Sample, Visitor};

use crate::mailbox::samples::sample;
use crate::plugin::frame::Frame;
use crate::plugin::run::acts::ReleasePage;
use crate::plugin::run::list::{Choices, RunRow, RunsPage, chips};
use crate::plugin::run::show::RunPage;
use crate::plugin::samples::{DE, frame, installed};
use crate::samples::{NOW, visitor};

fn run(state: RunState, number: u128) -> Run {
    let id = Uuid::from_u128(number);
    let failed = matches!(state, RunState::Failed | RunState::Dead);
    Run {
        id: RunId::from_uuid(id),
        customer: CustomerId::from_uuid(id),
        installation: InstallationId::from_uuid(id),
        version: PluginVersionId::from_uuid(id),
        root: RunId::from_uuid(id),
        source: None,
        mode: if failed { Mode::Dry } else { Mode::Live },
        trigger: TriggerKind::Event,
        trigger_name: "mailbox.create".to_owned(),
        state,
        attempt: 1,
        depth: 0,
        slice: 0,
        entry: None,
        change_seq: 0,
        queued_at: NOW.plus_seconds(-70),
        due_at: NOW.plus_seconds(600),
        started_at: Some(NOW.plus_seconds(-60)),
        ended_at: None,
        code: (failed || state == RunState::Queued).then(|| "limit".to_owned()),
        message: None,
        limit: None,
        usage: None,
        closest: None,
        log: Vec::new(),
        result: None,
        difference: None,
    }
}

pub(in crate::plugin) fn rows(plugin: Option<&str>) -> Vec<RunRow> {
    let states = RunState::ALL.iter().zip(1..);
    states
        .map(|(state, number)| RunRow::of(DE, &run(*state, number), plugin))
        .collect()
}

sample!(RunsPage, {
    let choice = Choice {
        value: "ins_1".to_owned(),
        title: "DynDNS & <mehr>".to_owned(),
        text: String::new(),
    };
    let choices = |state: &str| Choices {
        path: "/plugins/runs".to_owned(),
        state: state.to_owned(),
        triggers: vec![choice.clone()],
        installations: vec![choice.clone()],
        cards: state.is_empty(),
        ..Choices::default()
    };
    let page = |frame: Option<Frame>, state: &str, rows: Vec<RunRow>, any| Self {
        frame,
        chips: chips(DE, &choices(state), &[("done", 12_000), ("dead", 1)].into()),
        choices: choices(state),
        next: if rows.is_empty() {
            String::new()
        } else {
            "/plugins/runs?after=YQ".to_owned()
        },
        rows,
        any,
    };
    vec![
        page(None, "", rows(Some("DynDNS & <mehr>")), true),
        page(Some(frame(&installed(None, false))), "", rows(None), true),
        page(None, "", Vec::new(), true),
        page(None, "dead", Vec::new(), true),
        page(None, "", Vec::new(), false),
    ]
});

fn shown(state: RunState, code: Option<&str>) -> RunShown {
    RunShown {
        code: code.map(str::to_owned),
        message: code.map(|_| "a <b> at src/lib.rs:7".to_owned()),
        limit: code
            .filter(|code| *code == "limit")
            .map(|_| "cpu".to_owned()),
        closest: Some(Closest {
            limit: "memory".to_owned(),
            used: 60_000_000,
            max: 64_000_000,
        }),
        duration_us: Some(11_400),
        cpu_us: Some(900),
        memory_bytes: Some(21_000_000),
        calls: Some(4),
        source: Some(RunId::from_uuid(Uuid::from_u128(8))),
        ..run(state, 7).shown()
    }
}

fn detail(state: RunState, code: Option<&str>) -> RunDetail {
    let effect = |place: i64, state: EffectState| EffectShown {
        place,
        command: "domain.set_redirect".to_owned(),
        target: "dom_1".to_owned(),
        key: "k".to_owned(),
        state,
        change: (state != EffectState::Shown).then(|| ChangeId::from_uuid(Uuid::from_u128(5))),
        before: json!({ "redirect": null }),
        after: json!({ "redirect": "https://<192.0.2.7>/" }),
    };
    RunDetail {
        run: shown(state, code),
        input: json!({ "entry": "event", "topic": "mailbox.create" }),
        effects: vec![
            effect(0, EffectState::Applied),
            effect(1, EffectState::Repeated),
            effect(2, EffectState::Shown),
        ],
        log: json!([
            { "level": "info", "message": "a < b", "fields": "{\"n\":1}", "cut": false },
            { "level": "error", "message": "lang", "fields": "", "cut": true },
        ]),
        usage: json!({ "queued_us": 12, "fetches": 1, "kv_calls": 2, "fuel": 1_000 }),
        result: json!({ "ok": true }),
        difference: json!({ "place": "calls[3].url", "recorded": "\"a\"", "replayed": "\"<b>\"" }),
        recorded: true,
        released_at: code.map(|_| NOW),
    }
}

sample!(RunPage, {
    let name = || "DynDNS & <mehr>".to_owned();
    let bare = RunDetail {
        run: run(RunState::Running, 9).shown(),
        input: json!(null),
        effects: Vec::new(),
        log: json!([]),
        usage: json!(null),
        result: json!(null),
        difference: json!(null),
        recorded: false,
        released_at: None,
    };
    let codes = wabe_automation::run::code::ALL.iter();
    let mut pages: Vec<Self> = codes
        .map(|code| Self::of(DE, &detail(RunState::Failed, Some(code)), name(), true))
        .collect();
    pages.push(Self::of(DE, &detail(RunState::Done, None), name(), true));
    pages.push(Self::of(DE, &bare, name(), false));
    let mut same = detail(RunState::Done, None);
    (same.run.mode, same.difference) = (Mode::Replay, json!(null));
    pages.push(Self::of(DE, &same, name(), true));
    pages
});

sample!(ReleasePage, {
    vec![Self {
        id: "run_1".to_owned(),
        name: "DynDNS & <mehr>".to_owned(),
        author: "Sonne & Söhne".to_owned(),
    }]
});

#[test]
fn the_pages_are_sound_in_both_languages() {
    let wrong = [
        check_samples::<RunsPage>(),
        check_samples::<RunPage>(),
        check_samples::<ReleasePage>(),
    ];
    assert_eq!(wrong.concat(), Vec::<String>::new());
}
