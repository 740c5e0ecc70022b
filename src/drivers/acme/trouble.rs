//! What an authority's complaints mean here. Source: RFC 8555 6.7.

use instant_acme::{Error, Identifier, Problem};
use wabe_kernel::DomainName;
use wabe_kernel::certificate::{OrderFailure, OrderTrouble};

/// What the types of complaints begin with.
const TYPES: &str = "urn:ietf:params:acme:error:";

fn kind(problem: &Problem) -> &str {
    let kind = problem.r#type.as_deref().unwrap_or_default();
    kind.strip_prefix(TYPES).unwrap_or(kind)
}

/// Whether a nonce was taken for a used one.
pub(super) fn is_nonce(error: &Error) -> bool {
    matches!(error, Error::Api(problem) if kind(problem) == "badNonce")
}

/// Whether the directory does not know the account.
pub(super) fn is_account(error: &Error) -> bool {
    matches!(error, Error::Api(problem) if kind(problem) == "accountDoesNotExist")
}

/// What came of an error.
pub(super) fn failure(error: &Error) -> OrderFailure {
    match error {
        Error::Api(problem) => complaint(problem),
        Error::Timeout(_) => OrderFailure::new(OrderTrouble::Late, error),
        other => OrderFailure::new(OrderTrouble::Away, other),
    }
}

/// What an authority complains of.
pub(super) fn complaint(problem: &Problem) -> OrderFailure {
    let about = problem.subproblems.first();
    let first = about.and_then(|one| one.r#type.as_deref());
    let own = kind(problem);
    let word = match (own, first) {
        ("compound", Some(first)) => first.strip_prefix(TYPES).unwrap_or(first),
        _ => own,
    };
    let trouble = match word {
        "rateLimited" => OrderTrouble::Limited,
        "caa" => OrderTrouble::Forbidden,
        "connection" | "dns" | "incorrectResponse" | "tls" | "unauthorized" => {
            OrderTrouble::NotReached
        }
        "accountDoesNotExist" | "badNonce" | "serverInternal" | "orderNotReady" => {
            OrderTrouble::Away
        }
        _ => OrderTrouble::Refused,
    };
    let failure = OrderFailure::new(trouble, problem);
    match about.and_then(|one| one.identifier.as_ref()).and_then(name) {
        Some(host) => failure.about(&host),
        None => failure,
    }
}

/// The host name that an identifier is.
pub(super) fn name(identifier: &Identifier) -> Option<DomainName> {
    match identifier {
        Identifier::Dns(name) => name.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(kind: &str, sub: Option<(&str, &str)>) -> Problem {
        let sub = sub.map(|(kind, host)| {
            serde_json::json!({
                "type": format!("{TYPES}{kind}"),
                "identifier": { "type": "dns", "value": host },
            })
        });
        let subproblems: Vec<_> = sub.into_iter().collect();
        let whole = serde_json::json!({
            "type": format!("{TYPES}{kind}"), "detail": "so", "subproblems": subproblems,
        });
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn complaints_become_what_people_can_do_something_about() {
        for (kind, wanted) in [
            ("rateLimited", OrderTrouble::Limited),
            ("caa", OrderTrouble::Forbidden),
            ("connection", OrderTrouble::NotReached),
            ("unauthorized", OrderTrouble::NotReached),
            ("rejectedIdentifier", OrderTrouble::Refused),
            ("serverInternal", OrderTrouble::Away),
            ("something-new", OrderTrouble::Refused),
        ] {
            assert_eq!(complaint(&problem(kind, None)).trouble, wanted, "{kind}");
        }
    }

    #[test]
    fn an_authority_that_is_waited_for_in_vain_is_late_and_not_away() {
        let late = failure(&Error::Timeout(None));
        assert_eq!(late.trouble, OrderTrouble::Late);
        assert_eq!(failure(&Error::Str("x")).trouble, OrderTrouble::Away);
    }

    #[test]
    fn the_name_that_it_is_about_is_told() {
        let told = complaint(&problem("compound", Some(("caa", "www.sonne.example"))));
        assert_eq!(told.trouble, OrderTrouble::Forbidden);
        assert_eq!(told.host.unwrap().as_str(), "www.sonne.example");
    }

    #[test]
    fn nonces_and_lost_accounts_are_known_apart() {
        let nonce = Error::Api(problem("badNonce", None));
        let account = Error::Api(problem("accountDoesNotExist", None));
        assert!(is_nonce(&nonce) && !is_nonce(&account));
        assert!(is_account(&account) && !is_account(&nonce));
    }
}
