//! Domains: where nothing was proved nothing is served, and of a domain only its redirect is.

use crate::is_fresh;
use wabe_kernel::Timestamp;
use wabe_kernel::desired::{Act, Domain, ObservedDomain, Redirect, Wish};
use wabe_kernel::id::DomainId;

/// Only a proved domain sends its visitors on.
pub(crate) fn acts(
    id: DomainId,
    wish: &Wish<Domain>,
    seen: &ObservedDomain,
    now: Timestamp,
) -> Vec<Act> {
    let wanted = match wish {
        Wish::Present(domain) if domain.verified => {
            domain.redirect.as_ref().map(|target| Redirect {
                id,
                name: domain.name.clone(),
                target: target.clone(),
            })
        }
        Wish::Present(_) | Wish::Hidden(_) | Wish::Gone => None,
    };
    let mut acts = Vec::new();
    let Some(wanted) = wanted else {
        if seen.redirect.is_some() || seen.certificate.is_some() {
            acts.push(Act::RemoveRedirect(id));
        }
        if *wish == Wish::Gone && seen.folder {
            acts.push(Act::RemoveRedirectFolder(id));
        }
        return acts;
    };
    let name = wanted.name.clone();
    let fresh = |held| is_fresh(held, std::slice::from_ref(&name), now);
    if !seen.certificate.as_ref().is_some_and(fresh) {
        acts.push(Act::IssueRedirectCertificate(id, name.clone()));
    }
    if seen.redirect.as_ref() != Some(&wanted) {
        acts.push(Act::ConfigureRedirect(wanted));
    }
    if !acts.is_empty() {
        acts.push(Act::ProbeRedirect(id, name));
    }
    acts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{NOW, Zero, certificate};
    use crate::{Plan, plan};
    use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
    use wabe_kernel::desired::{Desired, Observed};
    use wabe_kernel::{DomainName, RedirectTarget};

    fn id() -> DomainId {
        DomainId::new(NOW, &Zero)
    }

    fn name() -> DomainName {
        "sonne.test".parse().unwrap()
    }

    fn target(path: &str) -> RedirectTarget {
        format!("https://www.example.org/{path}").parse().unwrap()
    }

    fn redirect(path: &str) -> Redirect {
        Redirect {
            id: id(),
            name: name(),
            target: target(path),
        }
    }

    fn domain(verified: bool, redirect: Option<RedirectTarget>) -> Domain {
        Domain {
            id: id(),
            name: name(),
            verified,
            redirect,
        }
    }

    fn wish() -> impl Strategy<Value = Wish<Domain>> {
        let path = prop_oneof![Just(None), Just(Some("a")), Just(Some("b"))];
        let thing =
            (any::<bool>(), path).prop_map(|(verified, path)| domain(verified, path.map(target)));
        prop_oneof![
            thing.clone().prop_map(Wish::Present),
            thing.prop_map(Wish::Hidden),
            Just(Wish::Gone)
        ]
    }

    fn seen() -> impl Strategy<Value = ObservedDomain> {
        let certificate = prop_oneof![
            Just(None),
            Just(Some(certificate(vec![name()], 300))),
            Just(Some(certificate(vec![name()], 10))),
            Just(Some(certificate(vec!["mond.test".parse().unwrap()], 300))),
        ];
        let redirect = prop_oneof![
            Just(None),
            Just(Some(redirect("a"))),
            Just(Some(redirect("b")))
        ];
        (any::<bool>(), certificate, redirect).prop_map(|(folder, certificate, redirect)| {
            ObservedDomain {
                folder,
                certificate,
                redirect,
                refused: None,
            }
        })
    }

    fn planned(wish: &Wish<Domain>, node: &ObservedDomain) -> Vec<Act> {
        let desired = Desired::Domain(id(), wish.clone());
        match plan(&desired, &Observed::Domain(node.clone()), 3, NOW) {
            Plan::Steps(steps) => steps.into_iter().map(|step| step.act).collect(),
            Plan::Waiting => Vec::new(),
            Plan::Mismatch => panic!("one of each kind"),
        }
    }

    /// What a perfect node looks like after the steps.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "every other act must be the one that is compared"
    )]
    fn carried_out(mut node: ObservedDomain, acts: Vec<Act>) -> ObservedDomain {
        for act in acts {
            match act {
                Act::IssueRedirectCertificate(_, name) => {
                    (node.folder, node.certificate) = (true, Some(certificate(vec![name], 300)));
                }
                Act::ConfigureRedirect(redirect) => {
                    (node.folder, node.redirect) = (true, Some(redirect));
                }
                Act::RemoveRedirect(_) => (node.redirect, node.certificate) = (None, None),
                Act::RemoveRedirectFolder(_) => node.folder = false,
                other => assert_eq!(other.word(), "probe-redirect"),
            }
        }
        node
    }

    fn words(wish: &Wish<Domain>, node: &ObservedDomain) -> Vec<&'static str> {
        planned(wish, node).iter().map(Act::word).collect()
    }

    proptest! {
        #[test]
        fn a_node_after_its_steps_needs_none(wish in wish(), node in seen()) {
            let node = carried_out(node.clone(), planned(&wish, &node));
            assert_eq!(planned(&wish, &node), Vec::new());
        }

        #[test]
        fn visitors_are_sent_on_where_that_is_wanted_and_proved_and_nowhere_else(
            wish in wish(),
            node in seen(),
        ) {
            let wanted = match &wish {
                Wish::Present(domain) if domain.verified => domain.redirect.clone(),
                Wish::Present(_) | Wish::Hidden(_) | Wish::Gone => None,
            };
            let node = carried_out(node.clone(), planned(&wish, &node));
            assert_eq!(node.redirect.map(|redirect| redirect.target), wanted);
            assert_eq!(node.certificate.is_some(), wanted.is_some());
            assert!(wish != Wish::Gone || !node.folder);
        }
    }

    #[test]
    fn an_unproved_domain_waits_once_nothing_is_left_of_it() {
        let unproved = Wish::Present(domain(false, Some(target("a"))));
        let nothing = Observed::Domain(ObservedDomain::default());
        let desired = Desired::Domain(id(), unproved.clone());
        assert_eq!(plan(&desired, &nothing, 1, NOW), Plan::Waiting);
        let serving = ObservedDomain {
            folder: true,
            certificate: Some(certificate(vec![name()], 300)),
            redirect: Some(redirect("a")),
            refused: None,
        };
        assert_eq!(words(&unproved, &serving), ["remove-redirect"]);
    }

    #[test]
    fn a_redirect_is_probed_after_every_change_and_only_then() {
        let wanted = Wish::Present(domain(true, Some(target("a"))));
        let all = [
            "issue-redirect-certificate",
            "configure-redirect",
            "probe-redirect",
        ];
        assert_eq!(words(&wanted, &ObservedDomain::default()), all);
        let other = Wish::Present(domain(true, Some(target("b"))));
        let mut serving = carried_out(
            ObservedDomain::default(),
            planned(&wanted, &ObservedDomain::default()),
        );
        assert_eq!(
            words(&other, &serving),
            ["configure-redirect", "probe-redirect"]
        );
        assert_eq!(words(&wanted, &serving), [""; 0]);
        serving.certificate = Some(certificate(vec![name()], 29));
        assert_eq!(
            words(&wanted, &serving),
            ["issue-redirect-certificate", "probe-redirect"]
        );
    }
}
