//! What a consent is.

use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::caller::ByTelephone;
use wabe_access::{Object, Reach, words};
use wabe_kernel::Timestamp;
use wabe_kernel::id::{ConsentId, CustomerId, TicketId, UserId};

/// How long one holds at most, in days. Source: bar 3.8 T1.
pub(crate) const DAYS_MAX: i64 = 30;
/// How long one holds when nothing else is said, in days.
pub(crate) const DAYS: i64 = 7;
/// For how many days one person of the hoster alone may be given to read content. Source: bar 3.8 T3.
const CONTENT_DAYS_ALONE: i64 = 1;
/// So many days after the last reading of some content the next one begins anew. Source: ADR 0018.
pub(crate) const ANEW_DAYS: i64 = 7;
/// The shortest time that is kept: so long a consent is said to hold that waits for a second person.
const NOT_ALONE_MICROS: i64 = 1;

/// Until when a consent that reaches so far, and is given now for so many days, holds without a second person
/// of the hoster. What reads content holds for a day from when the same content was `first` opened, out of
/// everything that began less than [`ANEW_DAYS`] after the last of it: a long reading that is cut into days
/// stays one. With nothing left of that day it waits.
pub(crate) fn alone_until(
    (reach, days): (Reach, i64),
    first: Option<Timestamp>,
    now: Timestamp,
) -> Timestamp {
    let agreed = now.plus_days(days);
    if !reach.reads_content() {
        return agreed;
    }
    let alone = first.unwrap_or(now).plus_days(CONTENT_DAYS_ALONE);
    let soonest = Timestamp(now.0.saturating_add(NOT_ALONE_MICROS));
    alone.min(agreed).max(soonest)
}

words! {
    /// What the customer said.
    Answer {
        /// Yes.
        Given = "given",
        /// No.
        Refused = "refused",
    }
}

/// What staff asked for, and what was answered.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// Whose.
    pub customer: CustomerId,
    /// The ticket in which it holds.
    pub ticket: TicketId,
    /// The number of that ticket and what it is about, as people say it.
    pub ticket_name: String,
    /// Whether that ticket is open; in a closed one, no consent holds.
    pub ticket_open: bool,
    /// Why staff ask.
    pub reason: String,
    /// How far they ask it to reach.
    pub asks: Reach,
    /// How far it reaches: not at all until it is given, and never further than was asked.
    pub reach: Reach,
    /// Who of the hoster asked. Customers are told a sign, never a name.
    #[serde(skip)]
    pub asked_by: UserId,
    /// When.
    pub asked_at: Timestamp,
    /// What was answered; nothing yet when absent.
    pub answer: Option<Answer>,
    /// Who answered.
    pub answered_by: Option<UserId>,
    /// When.
    pub answered_at: Option<Timestamp>,
    /// Whether it was answered on the telephone, by a caller who had proved who they are.
    pub by_telephone: bool,
    /// Who of the hoster wrote the answer down then. Customers are told a sign, never a name.
    #[serde(skip)]
    pub telephone: Option<ByTelephone>,
    /// Until when it holds, if it was given: where it reads content a day, together with what read the same
    /// within the week before, and longer only when a second person of the hoster approved that. The moment
    /// of the answer where nothing of that day is left.
    pub until: Option<Timestamp>,
    /// Until when it was given.
    pub agreed_until: Option<Timestamp>,
    /// Whether a second person of the hoster approved that it holds so long.
    pub extended: bool,
    /// Since when it holds no longer, because somebody took it back.
    pub withdrawn_at: Option<Timestamp>,
}

impl Consent {
    /// Whether an answer is still wanted.
    #[must_use]
    pub const fn is_asked(&self) -> bool {
        self.answer.is_none()
    }

    /// Whether it was given and does not hold at all before a second person of the hoster approved it, because
    /// the same content was read alone within the week before.
    #[must_use]
    pub fn waits(&self) -> bool {
        let span = self.answered_at.zip(self.until);
        let none = span.is_some_and(|(at, until)| until.0.saturating_sub(at.0) <= NOT_ALONE_MICROS);
        none && !self.extended
    }

    /// Whether it was given and holds now, if its ticket is open.
    #[must_use]
    pub fn in_force(&self, now: Timestamp) -> bool {
        let until = self
            .until
            .filter(|_| self.withdrawn_at.is_none() && !self.waits());
        self.answer == Some(Answer::Given) && until.is_some_and(|until| now < until)
    }

    /// Until when it was given, where it holds no longer than a day without a second person.
    #[must_use]
    pub fn agreed_beyond(&self) -> Option<Timestamp> {
        let agreed = self.agreed_until.filter(|_| !self.extended);
        agreed.filter(|agreed| self.until.is_some_and(|until| until < *agreed))
    }

    /// Whether it was given, is neither over nor withdrawn, and holds now or could by a second person's
    /// word, if its ticket is open.
    #[must_use]
    pub fn is_agreed(&self, now: Timestamp) -> bool {
        let until = self.agreed_until.filter(|_| self.withdrawn_at.is_none());
        self.answer == Some(Answer::Given) && until.is_some_and(|until| now < until)
    }

    /// How the record names it: by its ticket.
    pub(crate) fn object(&self) -> Object {
        Object {
            kind: "consent",
            id: self.id.to_string(),
            name: self.ticket_name.clone(),
        }
    }

    /// What the record keeps of it; never the reason, which is a text of the ticket's.
    pub(crate) fn snapshot(&self) -> serde_json::Value {
        let mut kept = serde_json::json!({
            "id": self.id,
            "ticket": self.ticket,
            "answer": self.answer,
            "asks": self.asks.words(),
            "reach": self.reach.words(),
            "until": self.until,
            "agreed_until": self.agreed_until,
            "withdrawn_at": self.withdrawn_at,
        });
        if self.by_telephone {
            kept["by_telephone"] = true.into();
            kept["answered_by"] = serde_json::json!(self.answered_by);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_for_more_than_a_day_needs_a_second_person() {
        let acts = Reach {
            acts: true,
            ..Reach::default()
        };
        let rows = Reach {
            reads_rows: true,
            ..acts
        };
        let now = Timestamp(1_000);
        for days in [1, DAYS_MAX] {
            assert_eq!(alone_until((acts, days), None, now), now.plus_days(days));
            assert_eq!(
                alone_until((acts, days), Some(now), now),
                now.plus_days(days)
            );
            assert_eq!(alone_until((rows, days), None, now), now.plus_days(1));
        }
    }

    #[test]
    fn the_day_begins_with_the_first_reading() {
        let mail = Reach {
            reads_mail: true,
            ..Reach::default()
        };
        let now = Timestamp(1_000).plus_days(9);
        let after = |seconds: i64| alone_until((mail, 7), Some(now.plus_seconds(-seconds)), now);
        assert_eq!(after(0), now.plus_days(1));
        assert_eq!(after(86_000), now.plus_seconds(400));
        for gone in [86_400, 500_000] {
            assert_eq!(after(gone), Timestamp(now.0 + 1));
        }
    }
}
