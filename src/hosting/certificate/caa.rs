//! Whom the owner of a name permits to issue certificates for it. Source: RFC 8659.

use wabe_kernel::DomainName;
use wabe_kernel::certificate::OrderTrouble;
use wabe_kernel::outside::{Caa, Lookup};

/// What everybody understands; a critical record about anything else forbids.
const KNOWN: [&str; 5] = ["issue", "issuewild", "iodef", "issuemail", "issuevmc"];

/// Whether an authority may issue for a name: the nearest records at or above it decide. `identities` are the
/// names by which records permit it; where it has none, whoever permits anybody may mean it.
///
/// # Errors
/// `Forbidden`; `Silent` when somebody on the way did not answer, who could forbid.
pub async fn permitted(
    lookup: &dyn Lookup,
    identities: &[String],
    name: &DomainName,
) -> Result<(), OrderTrouble> {
    for asked in std::iter::once(name.clone()).chain(name.ancestors()) {
        match lookup.caa(&asked).await {
            None => return Err(OrderTrouble::Silent),
            Some(records) if records.is_empty() => {}
            Some(records) if permits(&records, identities) => return Ok(()),
            Some(_) => return Err(OrderTrouble::Forbidden),
        }
    }
    Ok(())
}

/// Whether these records permit it.
fn permits(records: &[Caa], identities: &[String]) -> bool {
    let strange = |record: &&Caa| record.critical && !KNOWN.contains(&record.tag.as_str());
    if records.iter().any(|record| strange(&record)) {
        return false;
    }
    let mut issue = records.iter().filter(|record| record.tag == "issue");
    let mut said = false;
    let permits = issue.any(|record| {
        said = true;
        let issuer = record.value.split(';').next().unwrap_or_default().trim();
        let known = |own: &String| own.eq_ignore_ascii_case(issuer);
        !issuer.is_empty() && (identities.is_empty() || identities.iter().any(known))
    });
    // Records that say nothing of issuing restrict nobody.
    permits || !said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(critical: bool, tag: &str, value: &str) -> Caa {
        Caa {
            critical,
            tag: tag.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn records_say_whom_they_permit() {
        let ours = ["ca.example".to_owned()];
        let issue = |value: &str| record(false, "issue", value);
        for (records, wanted) in [
            (vec![issue("ca.example")], true),
            (vec![issue("CA.example; validationmethods=http-01")], true),
            (vec![issue("other.example")], false),
            (vec![issue("other.example"), issue("ca.example")], true),
            (vec![issue(";")], false),
            (vec![issue("")], false),
            (vec![record(false, "issuewild", ";")], true),
            (vec![record(false, "iodef", "mailto:a@b.example")], true),
            (vec![record(false, "newer", "x")], true),
            (vec![record(true, "newer", "x"), issue("ca.example")], false),
            (vec![record(true, "issue", "ca.example")], true),
        ] {
            assert_eq!(permits(&records, &ours), wanted, "{records:?}");
        }
        assert!(
            permits(&[issue("other.example")], &[]),
            "who has no name may be meant"
        );
        assert!(!permits(&[issue(";")], &[]), "nobody is meant");
    }
}
