//! What plugins ask for, in plain words.

use wabe_kernel::Language;
use wabe_package::{Capability, Manifest, Request, Trigger};
use wabe_web::{Message, Texts};

/// The message with this id.
pub(super) fn say(language: Language, id: &str) -> String {
    Message::new(language, id).to_string()
}

/// The message with this id, or `other` when there is none.
fn say_or(language: Language, id: &str, other: &str) -> String {
    if Texts::global().has(language, id) {
        say(language, id)
    } else {
        other.to_owned()
    }
}

/// What a command does, as an act: behind "may".
pub(super) fn act(language: Language, command: &str) -> String {
    let id = format!("act-{}", crate::undo::message_word(command));
    say_or(language, &id, command)
}

/// Things of a kind.
fn nouns(language: Language, noun: &str) -> String {
    say_or(language, &format!("capability-nouns-{noun}"), noun)
}

/// What somebody who agrees to this agrees to.
pub(super) fn title(language: Language, manifest: &Manifest, capability: &Capability) -> String {
    let said = |id: &str| Message::new(language, format!("capability-{id}"));
    match capability {
        Capability::Events(glob) => {
            let topic = glob.to_string();
            match topic.as_str() {
                "*" => return said("events-all").to_string(),
                "quota.reached" => return said("events-quota").to_string(),
                _ => {}
            }
            match topic.strip_suffix(".*") {
                Some(noun) => said("events").with("nouns", nouns(language, noun)),
                None => said("events-one").with("what", act(language, &topic)),
            }
        }
        Capability::Http(host) => said("http").with("host", host),
        Capability::Secret(name) => {
            let mut slots = manifest.secrets.iter();
            let slot = slots.find(|slot| slot.name == *name);
            let title = slot.map_or_else(
                || name.to_string(),
                |slot| slot.title.get(language).to_owned(),
            );
            said("secret").with("title", title)
        }
        Capability::Records(kind) => said("records").with("nouns", nouns(language, kind.as_str())),
        Capability::Effect(command) => said("effect").with("what", act(language, command.as_str())),
        plain => said(plain.kind()),
    }
    .to_string()
}

/// What is to be known about it; may be empty.
pub(super) fn note(language: Language, manifest: &Manifest, request: &Request) -> String {
    let kind = request.capability.kind();
    let said = Message::new(language, format!("capability-{kind}-note"));
    match &request.capability {
        Capability::Records(_) => {
            let field = |name: &String| say_or(language, &format!("field-{name}"), name);
            let fields: Vec<String> = request.fields.iter().map(field).collect();
            said.with("fields", fields.join(", ")).to_string()
        }
        Capability::Schedule => {
            let times = manifest
                .triggers
                .iter()
                .filter_map(|trigger| match trigger {
                    Trigger::Schedule { cron, .. } => Some(timetable(language, cron.as_str())),
                    _ => None,
                });
            said.with("times", times.collect::<Vec<_>>().join("; "))
                .to_string()
        }
        Capability::Form | Capability::Card | Capability::Ticket => String::new(),
        _ => said.to_string(),
    }
}

/// A cron expression in words, when it is one of the common ones.
fn timetable(language: Language, cron: &str) -> String {
    let said = |id: &str| Message::new(language, format!("plugin-times-{id}"));
    let number = |text: &str| text.parse::<u8>().ok();
    let fields: Vec<&str> = cron.split(' ').collect();
    let words = match fields.as_slice() {
        [minutes, "*", "*", "*", "*"] => match minutes.strip_prefix("*/").and_then(number) {
            Some(every) => Some(said("minutes").num("count", every.into())),
            None => number(minutes).map(|_| said("hourly")),
        },
        [minute, hour, "*", "*", "*"] => match (number(minute), number(hour)) {
            (Some(minute), Some(hour)) => {
                Some(said("daily").with("at", format!("{hour:02}:{minute:02}")))
            }
            _ => None,
        },
        _ => None,
    };
    words.map_or_else(|| cron.to_owned(), |words| words.to_string())
}

/// Its sign.
pub(super) const fn icon(capability: &Capability) -> &'static str {
    match capability {
        Capability::Events(_) => "bell",
        Capability::Schedule => "clock",
        Capability::Webhook => "plug",
        Capability::Form => "list-details",
        Capability::Card => "layout-dashboard",
        Capability::Ticket => "ticket",
        Capability::Http(_) => "world",
        Capability::Secret(_) => "key",
        Capability::Records(_) => "eye",
        Capability::FilesRead => "folder",
        Capability::FilesWrite => "edit",
        Capability::Effect(_) => "settings",
        Capability::Mail => "send",
    }
}

/// Under which heading it stands: `see`, `do` or `wake`.
pub(super) const fn group(capability: &Capability) -> &'static str {
    match capability {
        Capability::Events(_) | Capability::Records(_) | Capability::FilesRead => "see",
        Capability::Http(_)
        | Capability::Secret(_)
        | Capability::FilesWrite
        | Capability::Effect(_)
        | Capability::Mail => "do",
        Capability::Schedule
        | Capability::Webhook
        | Capability::Form
        | Capability::Card
        | Capability::Ticket => "wake",
    }
}

/// What makes it run, in a few words, each once.
pub(super) fn triggers(language: Language, manifest: &Manifest) -> String {
    let mut kinds: Vec<&str> = manifest.triggers.iter().map(Trigger::kind).collect();
    kinds.dedup();
    let words: Vec<String> = kinds
        .iter()
        .map(|kind| say(language, &format!("run-trigger-{kind}")))
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(id: &str) -> bool {
        Language::ALL
            .iter()
            .all(|language| Texts::global().has(*language, id))
    }

    #[test]
    fn every_capability_has_its_words() {
        for word in [
            "events:*",
            "events:mailbox.*",
            "events:quota.reached",
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
        ] {
            let capability: Capability = word.parse().unwrap();
            let kind = capability.kind();
            assert!(has(&format!("capability-{kind}")), "{word}");
            let silent = matches!(kind, "form" | "card" | "ticket");
            assert!(silent || has(&format!("capability-{kind}-note")), "{word}");
            assert!(
                has(&format!("capability-group-{}", group(&capability))),
                "{word}"
            );
        }
    }

    #[test]
    fn every_command_that_a_plugin_may_use_is_told_as_an_act() {
        let commands = wabe_hosting::commands();
        let effects = commands
            .iter()
            .filter(|spec| wabe_automation::may_be_effect(spec));
        for spec in effects {
            let id = format!("act-{}", crate::undo::message_word(spec.name));
            assert!(has(&id), "{id}");
        }
        assert!(has("capability-events-quota") && has("capability-events-all"));
        assert!(has("capability-events-one"));
    }

    #[test]
    fn common_timetables_are_told_in_words() {
        let told = |cron| timetable(Language::De, cron);
        assert_eq!(told("*/5 * * * *"), "alle 5 Minuten");
        assert_eq!(told("0 3 * * *"), "täglich um 03:00 Uhr");
        assert_eq!(told("7 * * * *"), "jede Stunde");
        assert_eq!(told("0 3 * * 1-5"), "0 3 * * 1-5");
    }

    #[test]
    fn what_nobody_knows_is_told_by_its_name() {
        assert_eq!(act(Language::De, "moon.land"), "moon.land");
        assert_eq!(nouns(Language::De, "moon"), "moon");
    }
}
