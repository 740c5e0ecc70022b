//! What runs are told with: states, times, amounts.

use wabe_automation::run::{Mode, RunState, TriggerKind};
use wabe_kernel::Language;
use wabe_package::LimitName;
use wabe_web::{Message, Texts, format};

use crate::plugin::words::say;

/// The sign of a state, of those that things have.
pub(super) const fn sign(state: RunState) -> &'static str {
    match state {
        RunState::Queued => "pending",
        RunState::Held | RunState::Dropped => "suspended",
        RunState::Running => "updating",
        RunState::Done => "live",
        RunState::Failed | RunState::Dead => "failed",
    }
}

/// The word of a state.
pub(super) fn state(language: Language, state: RunState) -> String {
    say(language, &format!("run-state-{state}"))
}

/// What made it run.
pub(super) fn trigger(language: Language, kind: TriggerKind, name: &str) -> String {
    let kind = say(language, &format!("run-trigger-{kind}"));
    if name.is_empty() {
        return kind;
    }
    Message::new(language, "run-trigger-named")
        .with("kind", kind)
        .with("name", name)
        .to_string()
}

/// That its effects do not count; empty when they do.
pub(super) fn mode(language: Language, mode: Mode) -> String {
    match mode {
        Mode::Live => String::new(),
        other => say(language, &format!("run-mode-{other}")),
    }
}

/// A duration.
pub(crate) fn lasted(language: Language, micros: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53")]
    let millis = micros as f64 / 1_000.0;
    if millis < 10_000.0 {
        let ms = format::decimal(language, millis);
        return Message::new(language, "run-millis")
            .with("ms", ms)
            .to_string();
    }
    let seconds = format::decimal(language, millis / 1_000.0);
    Message::new(language, "run-seconds")
        .with("s", seconds)
        .to_string()
}

/// An amount of a limit, with its unit.
pub(super) fn amount(language: Language, limit: &str, amount: i64) -> String {
    let is = |known: LimitName| known.word() == limit;
    if is(LimitName::Wall) || is(LimitName::Cpu) {
        lasted(language, amount.saturating_mul(1_000))
    } else if is(LimitName::Memory) || is(LimitName::CallBytes) || is(LimitName::CallsBytes) {
        format::bytes(language, amount)
    } else {
        format::number(language, amount)
    }
}

/// What the panel says about a failure, in the reader's words where it has some: an effect that was
/// refused names the reason by its code.
pub(super) fn told(language: Language, message: &str) -> String {
    let reason = message
        .strip_prefix("effect ")
        .and_then(|rest| rest.split_once(": "))
        .map(|(_, reason)| format!("conflict-{reason}"));
    match reason {
        Some(id) if Texts::global().has(language, &id) => say(language, &id),
        _ => message.to_owned(),
    }
}

/// What helps after a failure with this code: the message `run-helps-{word}`.
pub(super) fn helps(code: &str) -> &'static str {
    use wabe_automation::run::code as known;
    match code {
        known::LIMIT | known::SLICES => "limit",
        known::REVOKED | known::EFFECT_DENIED => "rights",
        known::GRANTER_GONE => "granter",
        known::SUSPENDED => "suspended",
        known::DEPTH => "depth",
        known::EFFECT_REFUSED => "refused",
        known::NOT_RECORDED | known::DIVERGED => "replay",
        code if known::is_ours(code) => "ours",
        _ => "author",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_automation::run::code;

    #[test]
    fn every_code_and_limit_has_words() {
        let ids = code::ALL
            .iter()
            .flat_map(|code| {
                [
                    format!("run-code-{code}"),
                    format!("run-helps-{}", helps(code)),
                ]
            })
            .chain(
                LimitName::ALL
                    .iter()
                    .map(|limit| format!("run-limit-{}", limit.word())),
            )
            .chain(
                RunState::ALL
                    .iter()
                    .map(|state| format!("run-state-{state}")),
            )
            .chain(
                TriggerKind::ALL
                    .iter()
                    .map(|kind| format!("run-trigger-{kind}")),
            )
            .chain(Mode::ALL.iter().map(|mode| format!("run-mode-{mode}")));
        for id in ids {
            for language in Language::ALL {
                assert!(Texts::global().has(language, &id), "{id}");
            }
        }
    }

    #[test]
    fn a_refused_effect_says_why() {
        let why = told(Language::De, "effect 0: domain-has-webspace");
        assert!(!why.contains("domain-has-webspace"), "{why}");
        assert_eq!(told(Language::De, "effect 0: x y"), "effect 0: x y");
        assert_eq!(
            told(Language::De, "panic at src/lib.rs:7"),
            "panic at src/lib.rs:7"
        );
    }

    #[test]
    fn durations_and_amounts_have_their_units() {
        let ms = |micros| lasted(Language::De, micros);
        assert_eq!(
            (ms(400), ms(11_400)),
            ("0,4\u{a0}ms".into(), "11,4\u{a0}ms".into())
        );
        assert_eq!(ms(61_000_000), "61\u{a0}s");
        assert_eq!(amount(Language::De, "cpu", 250), "250\u{a0}ms");
        assert_eq!(amount(Language::De, "memory", 64_000_000), "64,0\u{a0}MB");
        assert_eq!(amount(Language::De, "calls", 500), "500");
    }
}
