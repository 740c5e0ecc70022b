//! Letters that a program sent: they make no ticket and get no answer, so that nothing goes in circles.
//!
//! Source: RFC 3834 (2, 3.1.8), RFC 2919, RFC 3464, RFC 5321 (4.5.5).

use wabe_access::words;
use wabe_kernel::{IncomingMail, MailAddress};

words! {
    /// Why nobody is answered.
    Silence {
        /// It says that a letter did not arrive, or has no way back.
        Bounce = "bounce",
        /// A program answered for somebody.
        AutoReply = "auto-reply",
        /// It went to many.
        List = "list",
        /// It is the house's own.
        Own = "own",
    }
}

/// Names of what delivers mail, as senders.
const DAEMONS: [&str; 3] = ["mailer-daemon", "postmaster", "mail-daemon"];

/// Why this letter is met with silence; nothing when a person wrote it to us. `ours`: the addresses
/// that the house writes from.
#[must_use]
pub fn silence(mail: &IncomingMail, return_path: &str, ours: &[&MailAddress]) -> Option<Silence> {
    let field = |name: &str| mail.field(name).trim().to_ascii_lowercase();
    let begins = |name: &str, word: &str| field(name).starts_with(word);
    let from = mail.from.as_ref();
    let own = from.is_some_and(|from| ours.contains(&from));
    let own_id = mail.message_id.as_deref().is_some_and(|id| {
        let (local, domain) = id.split_once('@').unwrap_or((id, ""));
        local.starts_with("ntc_") && ours.iter().any(|our| our.domain().as_str() == domain)
    });
    if own || own_id {
        return Some(Silence::Own);
    }
    let daemon = from.is_some_and(|from| DAEMONS.contains(&from.local().as_str()));
    let path = return_path
        .trim()
        .trim_start_matches('<')
        .trim_end_matches('>');
    if path.is_empty() || daemon || begins("content-type", "multipart/report") {
        return Some(Silence::Bounce);
    }
    let automatic = field("auto-submitted");
    let answers = ["x-autoreply", "x-autorespond", "x-autoreply-from"];
    let says_no = automatic.is_empty() || automatic == "no" || automatic.starts_with("no;");
    if !says_no || answers.iter().any(|name| !field(name).is_empty()) {
        return Some(Silence::AutoReply);
    }
    match field("precedence").as_str() {
        "auto_reply" | "auto-reply" => return Some(Silence::AutoReply),
        "bulk" | "list" | "junk" => return Some(Silence::List),
        _ => {}
    }
    let lists = ["list-id", "list-post", "list-unsubscribe"];
    let listed = lists.iter().any(|name| !field(name).is_empty());
    listed.then_some(Silence::List)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(fields: &[(&str, &str)]) -> IncomingMail {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        IncomingMail {
            from: Some("ada@sender.example".parse().unwrap()),
            fields: fields.iter().map(pair).collect(),
            ..IncomingMail::default()
        }
    }

    #[test]
    fn programs_are_met_with_silence_and_people_are_not() {
        let ours: MailAddress = "support@wabe.example".parse().unwrap();
        let check = |fields: &[(&str, &str)], path: &str, wanted| {
            assert_eq!(silence(&mail(fields), path, &[&ours]), wanted, "{fields:?}");
        };
        let path = "<ada@sender.example>";
        check(&[], path, None);
        check(&[("auto-submitted", "no")], path, None);
        check(&[("precedence", "first-class")], path, None);
        check(&[], "<>", Some(Silence::Bounce));
        check(
            &[("content-type", "multipart/report; x=y")],
            path,
            Some(Silence::Bounce),
        );
        check(
            &[("auto-submitted", "auto-replied")],
            path,
            Some(Silence::AutoReply),
        );
        check(&[("x-autoreply", "yes")], path, Some(Silence::AutoReply));
        check(&[("precedence", "Bulk")], path, Some(Silence::List));
        check(&[("list-id", "<a.example>")], path, Some(Silence::List));
        let mut own = mail(&[]);
        own.message_id = Some("ntc_01kaj8@wabe.example".to_owned());
        assert_eq!(silence(&own, path, &[&ours]), Some(Silence::Own));
        own = mail(&[]);
        own.from = Some(ours.clone());
        assert_eq!(silence(&own, path, &[&ours]), Some(Silence::Own));
        own.from = Some("mailer-daemon@other.example".parse().unwrap());
        assert_eq!(silence(&own, path, &[&ours]), Some(Silence::Bounce));
    }
}
