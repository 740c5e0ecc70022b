//! What the public DNS says: where mail goes, and whether others believe what comes from the domain.

use crate::finding::Finding;
use serde::Deserialize;
use wabe::Context;

/// What stands in the DNS about the mail of a name. What is absent, nobody answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Dns {
    name: String,
    local: bool,
    servers: Option<Vec<String>>,
    expected_server: String,
    spf: Option<Vec<String>>,
    dkim: Option<Vec<String>>,
    dmarc: Option<Vec<String>>,
}

/// What follows.
pub(crate) fn findings(context: &Context, dns: &Dns) -> Vec<Finding> {
    let name = &dns.name;
    let Some(servers) = dns.servers.as_ref().filter(|_| !dns.local) else {
        return vec![unanswered(context, dns)];
    };
    let mut findings = vec![mx(context, dns, servers)];
    findings.extend(dns.spf.as_ref().map(|found| spf(context, found)));
    findings.extend(dns.dkim.as_ref().map(|found| dkim(context, found)));
    findings.extend(dns.dmarc.as_ref().map(|found| dmarc(context, name, found)));
    findings
}

fn unanswered(context: &Context, dns: &Dns) -> Finding {
    let name = &dns.name;
    if dns.local {
        let title = if context.is_german() {
            format!("{name} gibt es nur auf diesem Rechner")
        } else {
            format!("{name} exists on this machine alone")
        };
        return Finding::note(title).mend(context.text(
            "MX, SPF, DKIM und DMARC gibt es für solche Namen nicht. E-Mails kommen nur von hier an.",
            "Such names have no MX, SPF, DKIM or DMARC. Mail arrives from here alone.",
        ));
    }
    let title = if context.is_german() {
        format!("Niemand weiß etwas über {name}")
    } else {
        format!("Nobody knows anything about {name}")
    };
    Finding::note(title).mend(context.text(
        "Die Nameserver der Domain haben nicht rechtzeitig geantwortet, oder es gibt sie nicht. Bitte prüfen Sie in ein paar Minuten wieder und danach die Nameserver beim Anbieter der Domain.",
        "The domain's name servers did not answer in time, or do not exist. Please check again in a few minutes, and then the name servers at whoever the domain is registered with.",
    ))
}

fn mx(context: &Context, dns: &Dns, servers: &[String]) -> Finding {
    let (wanted, found) = (&dns.expected_server, servers.join(", "));
    let same = |one: &&String| one.trim_end_matches('.').eq_ignore_ascii_case(wanted);
    let here = servers.iter().filter(same).count();
    let record = format!("{}. MX 10 {wanted}.", dns.name);
    match here {
        0 if servers.is_empty() => Finding::bad(context.text(
            "Es gibt keinen MX-Eintrag: niemand weiß, wohin E-Mails gehen",
            "There is no MX record: nobody knows where mail goes",
        ))
        .mend(context.text("Tragen Sie in den DNS-Einstellungen ein:", "Enter in the DNS settings:"))
        .copy(record),
        0 => Finding::bad(if context.is_german() {
            format!("Der MX-Eintrag führt woandershin: {found}")
        } else {
            format!("The MX record leads elsewhere: {found}")
        })
        .mend(context.text(
            "E-Mails gehen dorthin und nicht in dieses Postfach. Soll sich das ändern, ersetzen Sie den Eintrag durch:",
            "Mail goes there and not into this mailbox. To change that, replace the record by:",
        ))
        .copy(record),
        _ if here < servers.len() => Finding::note(if context.is_german() {
            format!("Nur ein Teil der MX-Einträge führt hierher: {found}")
        } else {
            format!("Only some of the MX records lead here: {found}")
        })
        .mend(context.text(
            "Manche E-Mails gehen an die anderen Server. Entfernen Sie deren Einträge, wenn sie nicht weiterleiten.",
            "Some mail goes to the other servers. Remove their records unless they pass it on.",
        )),
        _ => Finding::good(if context.is_german() {
            format!("MX: E-Mails kommen hierher ({found})")
        } else {
            format!("MX: mail comes here ({found})")
        }),
    }
}

/// The last word of an SPF record about everybody whom it does not name.
fn everybody_else(record: &str) -> Option<&str> {
    let mut words = record.split_whitespace();
    words.find(|word| {
        let bare = word.trim_start_matches(['+', '-', '~', '?']);
        bare.eq_ignore_ascii_case("all")
    })
}

fn spf(context: &Context, found: &[String]) -> Finding {
    let [record] = found else {
        return if found.is_empty() {
            Finding::bad(context.text(
                "SPF fehlt: andere halten E-Mails der Domain leicht für Spam",
                "SPF is missing: others easily take the domain's mail for spam",
            ))
            .mend(context.text(
                "Tragen Sie einen TXT-Eintrag ein, der sagt, wer für die Domain sendet. Sendet nur der Server, der auch empfängt:",
                "Enter a TXT record that says who sends for the domain. If only the server sends that also receives:",
            ))
            .copy("v=spf1 mx -all")
        } else {
            Finding::bad(context.text(
                "Es gibt mehrere SPF-Einträge: dann gilt keiner",
                "There are several SPF records: then none counts",
            ))
            .mend(context.text(
                "Fassen Sie sie zu einem zusammen. Gefunden wurden:",
                "Join them into one. Found were:",
            ))
            .copy(found.join("\n"))
        };
    };
    match everybody_else(record) {
        Some("all" | "+all") => Finding::bad(context.text(
            "SPF erlaubt jedem, im Namen der Domain zu senden",
            "SPF lets everybody send in the domain's name",
        ))
        .mend(context.text(
            "Ersetzen Sie +all am Ende durch -all oder ~all:",
            "Replace +all at its end by -all or ~all:",
        ))
        .copy(record.as_str()),
        Some("?all") => Finding::note(context.text(
            "SPF sagt über fremde Absender nichts",
            "SPF says nothing about senders elsewhere",
        ))
        .mend(context.text(
            "Ersetzen Sie ?all am Ende durch ~all, sobald alle Absender genannt sind.",
            "Replace ?all at its end by ~all as soon as every sender is named.",
        ))
        .copy(record.as_str()),
        _ => Finding::good(format!("SPF: {record}")),
    }
}

fn dkim(context: &Context, found: &[String]) -> Finding {
    if found.is_empty() {
        return Finding::note(context.text(
            "DKIM: unter den üblichen Namen steht kein Schlüssel",
            "DKIM: there is no key under the usual names",
        ))
        .mend(context.text(
            "Wenn Ihre E-Mails unterschrieben werden, ist das in Ordnung: der Schlüssel kann unter einem anderen Namen stehen. Sonst erzeugen Sie dort, wo Sie senden, einen Schlüssel und tragen dessen TXT-Eintrag ein.",
            "If your mail is signed, this is fine: the key may stand under another name. Otherwise make a key where you send from, and enter its TXT record.",
        ));
    }
    let names = found.join(", ");
    Finding::good(if context.is_german() {
        format!("DKIM: Schlüssel gefunden ({names})")
    } else {
        format!("DKIM: key found ({names})")
    })
}

/// What a DMARC record asks others to do with mail that proves nothing.
fn asked(record: &str) -> Option<&str> {
    let mut tags = record.split(';').filter_map(|tag| tag.split_once('='));
    let found = tags.find(|(name, _)| name.trim().eq_ignore_ascii_case("p"));
    found.map(|(_, value)| value.trim())
}

fn dmarc(context: &Context, name: &str, found: &[String]) -> Finding {
    let [record] = found else {
        return if found.is_empty() {
            Finding::note(context.text(
                "DMARC fehlt: große Anbieter nehmen dann weniger an",
                "DMARC is missing: large providers then take less",
            ))
            .mend(if context.is_german() {
                format!("Tragen Sie unter _dmarc.{name} einen TXT-Eintrag ein, der zuerst nur berichtet:")
            } else {
                format!("Enter a TXT record at _dmarc.{name} that only reports at first:")
            })
            .copy(format!("v=DMARC1; p=none; rua=mailto:postmaster@{name}"))
        } else {
            Finding::bad(context.text(
                "Es gibt mehrere DMARC-Einträge: dann gilt keiner",
                "There are several DMARC records: then none counts",
            ))
            .mend(context.text("Lassen Sie nur einen stehen:", "Leave one of them:"))
            .copy(found.join("\n"))
        };
    };
    match asked(record).map(str::to_ascii_lowercase).as_deref() {
        Some("quarantine" | "reject") => Finding::good(format!("DMARC: {record}")),
        Some("none") => Finding::note(context.text(
            "DMARC berichtet nur und hält nichts auf",
            "DMARC only reports and holds nothing back",
        ))
        .mend(context.text(
            "Wenn die Berichte zeigen, dass Ihre eigenen E-Mails bestehen, ersetzen Sie p=none durch p=quarantine.",
            "When the reports show that your own mail passes, replace p=none by p=quarantine.",
        ))
        .copy(record.as_str()),
        _ => Finding::bad(context.text(
            "Der DMARC-Eintrag sagt nicht, was geschehen soll",
            "The DMARC record does not say what shall happen",
        ))
        .mend(context.text(
            "Ihm fehlt p=none, p=quarantine oder p=reject.",
            "It lacks p=none, p=quarantine or p=reject.",
        ))
        .copy(record.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;

    fn level(finding: &Finding) -> Level {
        finding.level
    }

    #[test]
    fn spf_is_judged_by_how_many_there_are_and_by_its_end() {
        let context = Context::default();
        let check = |records: &[&str], wanted| {
            let records: Vec<String> = records.iter().map(|one| (*one).to_owned()).collect();
            assert_eq!(level(&spf(&context, &records)), wanted, "{records:?}");
        };
        check(&[], Level::Bad);
        check(&["v=spf1 mx -all"], Level::Good);
        check(&["v=spf1 include:a.test ~all"], Level::Good);
        check(&["v=spf1 +all"], Level::Bad);
        check(&["v=spf1 all"], Level::Bad);
        check(&["v=spf1 a ?all"], Level::Note);
        check(&["v=spf1 redirect=a.test"], Level::Good);
        check(&["v=spf1 mx -all", "v=spf1 a -all"], Level::Bad);
    }

    #[test]
    fn dmarc_is_judged_by_what_it_asks_for() {
        let context = Context::default();
        let check = |records: &[&str], wanted| {
            let records: Vec<String> = records.iter().map(|one| (*one).to_owned()).collect();
            assert_eq!(
                level(&dmarc(&context, "a.test", &records)),
                wanted,
                "{records:?}"
            );
        };
        check(&[], Level::Note);
        check(&["v=DMARC1; p=reject; rua=mailto:a@a.test"], Level::Good);
        check(&["v=DMARC1;p = Quarantine"], Level::Good);
        check(&["v=DMARC1; p=none"], Level::Note);
        check(&["v=DMARC1; sp=none"], Level::Bad);
        check(&["v=DMARC1; p=none", "v=DMARC1; p=none"], Level::Bad);
    }
}
