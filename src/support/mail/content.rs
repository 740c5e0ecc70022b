//! What a letter is as a message of a ticket.

use crate::attachment::{Files, Sent};
use crate::mail::said::said;
use wabe_kernel::{Fault, IncomingMail, Line, MessageText};

/// What stands where a letter says nothing.
const NOTHING: &str = "–";

/// A line of what the letter says it is about.
pub(super) fn subject(text: &str) -> Result<Line, Fault> {
    let seen = text.chars().filter(|c| !wabe_kernel::is_unseen(*c));
    let short: String = seen.take(120).collect();
    let line = short.trim().parse().or_else(|_problem| NOTHING.parse());
    line.map_err(|_problem: wabe_kernel::Problem| Fault::new("name a letter's ticket"))
}

/// What the letter says that is new, and the files that may stay.
pub(super) fn content(mail: &IncomingMail, otherwise: &str) -> Result<(MessageText, Files), Fault> {
    let (text, cut) = said(&mail.text);
    let body = [text.as_str(), otherwise, NOTHING]
        .into_iter()
        .find_map(|text| text.parse::<MessageText>().ok());
    let body = body.ok_or(Fault::new("write down what a letter says"))?;
    let mut sent: Vec<Sent> = Vec::new();
    if cut {
        // What was too long to be shown comes along whole.
        sent.push(Sent {
            name: "mail.txt".to_owned(),
            bytes: mail.text.clone().into_bytes(),
        });
    }
    sent.extend(mail.files.iter().map(|(name, bytes)| Sent {
        name: name.clone(),
        bytes: bytes.clone(),
    }));
    Ok((body, Files::those_that_fit(sent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_says_nothing_is_a_ticket_all_the_same() {
        assert_eq!(subject("\u{202e}\0 ").unwrap().as_str(), NOTHING);
        assert_eq!(
            subject(&"ä".repeat(300)).unwrap().as_str().chars().count(),
            120
        );
        let (body, files) = content(&IncomingMail::default(), "Hilfe").unwrap();
        assert_eq!((body.as_str(), files.all.len()), ("Hilfe", 0));
    }

    #[test]
    fn files_that_do_not_fit_are_counted() {
        let mail = IncomingMail {
            text: "Anbei.".to_owned(),
            files: vec![
                ("a.txt".to_owned(), b"a".to_vec()),
                ("b".to_owned(), Vec::new()),
            ],
            ..IncomingMail::default()
        };
        let (_, files) = content(&mail, "").unwrap();
        assert_eq!((files.all.len(), files.left_out), (1, 1));
    }
}
