//! What the mailbox itself says: whether it takes mail, how full it is, and when mail arrived.

use crate::finding::Finding;
use serde::Deserialize;
use wabe::Context;

/// From how full it is worth saying, in percent.
const NEARLY_FULL: u64 = 85;

/// A mailbox.
#[derive(Debug, Deserialize)]
pub(crate) struct Mailbox {
    pub(crate) id: String,
    pub(crate) address: String,
    #[serde(default)]
    pub(crate) state: String,
    /// Why it is in this state, where there is a reason.
    #[serde(default)]
    pub(crate) reason: Option<String>,
    #[serde(default)]
    pub(crate) quota_bytes: u64,
}

/// What is in it.
#[derive(Debug, Deserialize)]
pub(crate) struct Intake {
    #[serde(default)]
    messages: u64,
    #[serde(default)]
    used_bytes: u64,
    /// When the newest arrived, the newest first: `2026-01-01T10:20:30Z`.
    #[serde(default)]
    arrivals: Vec<String>,
}

/// What follows from both; without the right to see what is in it, only what the mailbox is.
pub(crate) fn findings(
    context: &Context,
    mailbox: &Mailbox,
    intake: Option<&Intake>,
) -> Vec<Finding> {
    let mut findings = vec![state(context, mailbox)];
    if let Some(intake) = intake {
        findings.push(room(context, mailbox, intake));
        findings.push(arrivals(context, intake));
    }
    findings
}

fn state(context: &Context, mailbox: &Mailbox) -> Finding {
    match mailbox.state.as_str() {
        "pending" if mailbox.reason.as_deref() == Some("domain-not-proved") => {
            Finding::bad(context.text(
                "Die Domain ist nicht bestätigt: Jede E-Mail wird abgewiesen",
                "The domain is not verified: every mail is refused",
            ))
            .mend(context.text(
                "Auf der Seite der Domain steht, was fehlt. Geprüft wird von selbst.",
                "The page of the domain says what is missing. It is checked by itself.",
            ))
        }
        "live" | "" => {
            Finding::good(context.text("Das Postfach ist aktiv", "The mailbox is active"))
        }
        "suspended" => Finding::bad(context.text(
            "Das Postfach ist gesperrt und nimmt nichts an",
            "The mailbox is suspended and takes nothing",
        ))
        .mend(context.text(
            "Schalten Sie es auf seiner Seite wieder ein.",
            "Switch it on again on its page.",
        )),
        "failed" => Finding::bad(context.text(
            "Das Postfach konnte nicht eingerichtet werden",
            "The mailbox could not be set up",
        ))
        .mend(context.text(
            "Auf seiner Seite steht, woran es lag und wann es wieder versucht wird.",
            "Its page says why, and when it is tried again.",
        )),
        "deleting" => Finding::bad(context.text(
            "Das Postfach liegt im Papierkorb",
            "The mailbox lies in the trash",
        ))
        .mend(context.text(
            "Stellen Sie es aus dem Papierkorb wieder her.",
            "Restore it from the trash.",
        )),
        _ => Finding::note(context.text(
            "Das Postfach wird gerade geändert",
            "The mailbox is being changed",
        )),
    }
}

fn room(context: &Context, mailbox: &Mailbox, intake: &Intake) -> Finding {
    let (used, quota) = (intake.used_bytes, mailbox.quota_bytes);
    let percent = used.saturating_mul(100).checked_div(quota).unwrap_or(100);
    let amount = if context.is_german() {
        format!(
            "{} von {} belegt",
            size(context, used),
            size(context, quota)
        )
    } else {
        format!("{} of {} used", size(context, used), size(context, quota))
    };
    match percent {
        100.. => {
            let full = context.text("Das Postfach ist voll", "The mailbox is full");
            Finding::bad(format!("{full}: {amount}")).mend(context.text(
                "Geben Sie ihm mehr Speicherplatz, oder löschen Sie alte E-Mails. Bis dahin wird jede neue abgewiesen.",
                "Give it more storage, or delete old mail. Until then every new one is turned away.",
            ))
        }
        NEARLY_FULL.. => {
            let nearly = context.text("Das Postfach ist fast voll", "The mailbox is nearly full");
            Finding::note(format!("{nearly}: {amount}")).mend(context.text(
                "Geben Sie ihm mehr Speicherplatz, bevor es voll ist.",
                "Give it more storage before it is full.",
            ))
        }
        _ => {
            let room = context.text("Es ist Platz", "There is room");
            Finding::good(format!("{room}: {amount}"))
        }
    }
}

fn arrivals(context: &Context, intake: &Intake) -> Finding {
    let times: Vec<String> = intake
        .arrivals
        .iter()
        .filter_map(|at| moment(context, at))
        .collect();
    if times.is_empty() {
        let none = if intake.messages == 0 {
            context.text(
                "Es liegt keine E-Mail im Postfach",
                "There is no mail in the mailbox",
            )
        } else {
            context.text(
                "Im Posteingang liegt keine E-Mail",
                "There is no mail in the inbox",
            )
        };
        return Finding::note(none).mend(context.text(
            "Senden Sie sich von einer fremden Adresse eine Probe. Kommt sie nicht an, liegt es am MX-Eintrag oder am Absender.",
            "Send a test from an address elsewhere. If it does not arrive, the MX record or the sender is the cause.",
        ));
    }
    let last = times.join(", ");
    Finding::good(if context.is_german() {
        format!("Zuletzt eingegangen (UTC): {last}")
    } else {
        format!("Last arrived (UTC): {last}")
    })
}

/// Day and minute of a time in UTC, as people write them.
fn moment(context: &Context, at: &str) -> Option<String> {
    let (day, time) = at.split_once('T')?;
    let minute = time.get(..5)?;
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Some(if context.is_german() {
        format!("{day}.{month}.{year} {minute}")
    } else {
        format!("{year}-{month}-{day} {minute}")
    })
}

/// An amount of storage with one decimal, in the unit that fits.
fn size(context: &Context, bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let found = units.into_iter().find(|(unit, _)| bytes >= *unit);
    let Some((unit, name)) = found else {
        return format!("{bytes}\u{a0}B");
    };
    let tenths = bytes / (unit / 10);
    let comma = context.text(",", ".");
    format!("{}{comma}{}\u{a0}{name}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(locale: &str) -> Context {
        Context {
            locale: locale.to_owned(),
            ..Context::default()
        }
    }

    #[test]
    fn amounts_and_times_are_written_as_people_write_them() {
        let (de, en) = (context("de"), context("en"));
        assert_eq!(size(&de, 1_580_000_000), "1,5\u{a0}GB");
        assert_eq!(size(&en, 999), "999\u{a0}B");
        assert_eq!(size(&en, 12_340), "12.3\u{a0}kB");
        let at = "2026-01-02T10:20:30.5Z";
        assert_eq!(moment(&de, at).as_deref(), Some("02.01.2026 10:20"));
        assert_eq!(moment(&en, at).as_deref(), Some("2026-01-02 10:20"));
        assert_eq!(moment(&en, "yesterday"), None);
    }
}
