//! The planner's promises, over every combination of wish and observation that matters.

use crate::{Plan, plan, waits_for_answer};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use wabe_kernel::desired::{
    Act, Desired, Observed, ObservedCertificate, ObservedPublic, ObservedWebspace, UploadAccess,
    Webspace, Wish,
};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Aside, DomainName, EditMark, Edited, Reading, RelPath, Rng, Timestamp};

pub(crate) struct Zero;

impl Rng for Zero {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

pub(crate) const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

fn id() -> WebspaceId {
    WebspaceId::new(NOW, &Zero)
}

fn preview() -> DomainName {
    "shop.preview.localhost".parse().unwrap()
}

fn site(root: &str, host: bool) -> Webspace {
    Webspace {
        id: id(),
        preview: preview(),
        hosts: if host {
            vec!["shop.test".parse().unwrap()]
        } else {
            Vec::new()
        },
        document_root: root.parse::<RelPath>().unwrap(),
        quota: 1_000,
        https_redirect: true,
        full_addresses_until: None,
        upload: UploadAccess {
            login: "shop".into(),
            password_hash: None,
            keys: Vec::new(),
        },
        suspended: false,
        unwanted_certificate: None,
        overwrites: None,
        php: None,
        rules: Box::default(),
        supplied: None,
        customer: None,
    }
}

/// The same with a name of the public internet, served with this certificate.
fn public_site(supplied: Option<&str>) -> Webspace {
    Webspace {
        hosts: vec!["shop.example".parse().unwrap()],
        supplied: supplied.map(str::to_owned),
        ..site("", false)
    }
}

fn wish() -> impl Strategy<Value = Wish<Webspace>> {
    let local = (any::<bool>(), any::<bool>())
        .prop_map(|(root, host)| site(if root { "htdocs" } else { "" }, host));
    let supplied = prop_oneof![Just(None), Just(Some("one")), Just(Some("two"))];
    let thing = prop_oneof![local, supplied.prop_map(public_site)];
    prop_oneof![
        thing.clone().prop_map(Wish::Present),
        thing.prop_map(Wish::Hidden),
        Just(Wish::Gone)
    ]
}

pub(crate) fn certificate(names: Vec<DomainName>, days: i64) -> ObservedCertificate {
    ObservedCertificate {
        names,
        issuer: "Somebody".to_owned(),
        ends_at: NOW.plus_days(days),
        serial: format!("{days:x}"),
    }
}

fn seen() -> impl Strategy<Value = ObservedWebspace> {
    let local = prop_oneof![
        Just(None),
        Just(Some(certificate(vec![preview()], 300))),
        Just(Some(certificate(vec![preview()], 10))),
    ];
    let held = |fingerprint: Option<&str>, days| {
        Box::new(ObservedPublic {
            certificate: certificate(vec!["shop.example".parse().unwrap()], days),
            fingerprint: fingerprint.map(str::to_owned),
        })
    };
    let public = prop_oneof![
        Just(None),
        Just(Some(held(None, 300))),
        Just(Some(held(None, 10))),
        Just(Some(held(Some("one"), 60))),
    ];
    let configured = proptest::option::of(
        wish().prop_filter("a site is there or not", |wish| *wish != Wish::Gone),
    );
    (any::<bool>(), local, public, configured).prop_map(|(folder, certificate, public, site)| {
        ObservedWebspace {
            folder,
            certificate,
            public,
            site,
            refused: None,
            edited: None,
        }
    })
}

/// What a perfect node looks like after the steps.
fn carried_out(mut node: ObservedWebspace, acts: &[Act]) -> ObservedWebspace {
    for act in acts {
        match act {
            Act::MakeFolder(..) => node.folder = true,
            Act::IssueCertificate(_, names) => {
                node.certificate = Some(certificate(names.clone(), 300));
            }
            Act::StandIn(_, names) => {
                node.public = Some(Box::new(ObservedPublic {
                    certificate: certificate(names.clone(), 90),
                    fingerprint: None,
                }));
            }
            Act::SupplyCertificate(_, fingerprint) => {
                node.public = Some(Box::new(ObservedPublic {
                    certificate: certificate(public_site(None).hosts, 60),
                    fingerprint: Some(fingerprint.clone()),
                }));
            }
            Act::DropCertificate(_) => node.public = None,
            Act::ConfigureSite(wish) => node.site = Some(wish.clone()),
            Act::RemoveSite(_) => {
                (node.site, node.certificate, node.public) = (None, None, None);
            }
            Act::RemoveFolder(_) => node.folder = false,
            Act::RestoreSite(..) => node.edited = None,
            Act::ProbeSite(..)
            | Act::MakeMaildir(_)
            | Act::ConfigureMailbox(_)
            | Act::RemoveMailboxEntry(_)
            | Act::RemoveMaildir(_)
            | Act::ConfigureAlias(_)
            | Act::RemoveAlias(_)
            | Act::MakeDatabase(_)
            | Act::ConfigureDatabase(_)
            | Act::RemoveDatabase(_)
            | Act::IssueRedirectCertificate(..)
            | Act::ConfigureRedirect(_)
            | Act::ProbeRedirect(..)
            | Act::RemoveRedirect(_)
            | Act::RemoveRedirectFolder(_) => {}
        }
    }
    node
}

proptest! {
    #[test]
    fn a_node_after_its_steps_needs_none(wish in wish(), node in seen()) {
        let desired = Desired::Webspace(id(), wish);
        let Plan::Steps(steps) = plan(&desired, &Observed::Webspace(node.clone()), 3, NOW) else {
            panic!("a webspace never waits");
        };
        let acts: Vec<Act> = steps.into_iter().map(|step| step.act).collect();
        let node = carried_out(node, &acts);
        let again = plan(&desired, &Observed::Webspace(node), 3, NOW);
        assert_eq!(again, Plan::Steps(Vec::new()));
    }

    #[test]
    fn the_same_input_gives_the_same_steps(wish in wish(), node in seen()) {
        let desired = Desired::Webspace(id(), wish);
        let node = Observed::Webspace(node);
        assert_eq!(plan(&desired, &node, 3, NOW), plan(&desired, &node, 3, NOW));
    }

    #[test]
    fn nothing_is_removed_while_it_is_wanted(wish in wish(), node in seen()) {
        let gone = wish == Wish::Gone;
        let desired = Desired::Webspace(id(), wish);
        let Plan::Steps(steps) = plan(&desired, &Observed::Webspace(node), 3, NOW) else {
            panic!("a webspace never waits");
        };
        let removes = |act: &Act| matches!(act, Act::RemoveFolder(_) | Act::RemoveSite(_));
        assert!(gone || !steps.iter().any(|step| removes(&step.act)));
    }
}

#[test]
fn a_site_is_probed_after_every_change_and_only_then() {
    let desired = Desired::Webspace(id(), Wish::Present(site("", false)));
    let fresh = plan(
        &desired,
        &Observed::Webspace(ObservedWebspace::default()),
        1,
        NOW,
    );
    let Plan::Steps(steps) = fresh else {
        panic!("a webspace never waits")
    };
    let words: Vec<&str> = steps.iter().map(|step| step.act.word()).collect();
    assert_eq!(
        words,
        [
            "make-folder",
            "issue-certificate",
            "configure-site",
            "probe-site"
        ]
    );
}

#[test]
fn a_certificate_that_is_to_be_replaced_is_issued_anew_once() {
    let held = certificate(vec![preview()], 300);
    let wanted = Webspace {
        unwanted_certificate: Some(held.serial.clone()),
        ..site("", false)
    };
    let desired = Desired::Webspace(id(), Wish::Present(wanted.clone()));
    let words = |certificate: ObservedCertificate| -> Vec<&'static str> {
        let node = ObservedWebspace {
            folder: true,
            certificate: Some(certificate),
            site: Some(Wish::Present(wanted.clone())),
            ..ObservedWebspace::default()
        };
        let Plan::Steps(steps) = plan(&desired, &Observed::Webspace(node), 2, NOW) else {
            panic!("a webspace never waits")
        };
        steps.iter().map(|step| step.act.word()).collect()
    };
    let next = ObservedCertificate {
        serial: "another".to_owned(),
        ..held.clone()
    };
    assert_eq!(words(held), ["issue-certificate", "probe-site"]);
    assert!(words(next).is_empty());
}

#[test]
fn public_names_are_served_with_what_stands_in_until_something_is_supplied() {
    let words = |wanted: Webspace, node: ObservedWebspace| -> Vec<&'static str> {
        let desired = Desired::Webspace(id(), Wish::Present(wanted));
        let Plan::Steps(steps) = plan(&desired, &Observed::Webspace(node), 2, NOW) else {
            panic!("a webspace never waits")
        };
        steps.iter().map(|step| step.act.word()).collect()
    };
    let node = |site: Webspace, public: Option<Box<ObservedPublic>>| ObservedWebspace {
        folder: true,
        certificate: Some(certificate(vec![preview()], 300)),
        public,
        site: Some(Wish::Present(site)),
        refused: None,
        edited: None,
    };
    let held = |fingerprint: Option<&str>, days| {
        Some(Box::new(ObservedPublic {
            certificate: certificate(public_site(None).hosts, days),
            fingerprint: fingerprint.map(str::to_owned),
        }))
    };
    let without = public_site(None);
    let stand_in = ["stand-in", "probe-site"];
    assert_eq!(
        words(without.clone(), node(without.clone(), None)),
        stand_in
    );
    assert_eq!(
        words(without.clone(), node(without.clone(), held(None, 29))),
        stand_in,
        "one that ends soon is made anew"
    );
    assert_eq!(
        words(
            without.clone(),
            node(without.clone(), held(Some("one"), 60))
        ),
        stand_in,
        "what was taken away is not served any longer"
    );
    let with = public_site(Some("two"));
    let supply = ["supply-certificate", "probe-site"];
    for old in [None, held(None, 90), held(Some("one"), 60)] {
        assert_eq!(words(with.clone(), node(with.clone(), old)), supply);
    }
    // What is supplied is replaced by something else that is supplied, never by the planner's own count of days.
    let soon = node(with.clone(), held(Some("two"), 1));
    assert!(words(with, soon).is_empty());
    let local = site("", false);
    assert_eq!(
        words(local.clone(), node(local, held(Some("one"), 60))),
        ["drop-certificate", "probe-site"]
    );
}

const MARK: &str = "0123456789abcdef0123456789abcdef";

fn mark() -> EditMark {
    MARK.parse().unwrap()
}

/// A node whose site somebody edited by hand.
fn edited(aside: Option<Aside>) -> ObservedWebspace {
    let edited = Edited {
        mark: mark(),
        difference: "+a\n".to_owned(),
        aside,
        reading: Reading::Lines(vec!["+a".to_owned()]),
    };
    ObservedWebspace {
        folder: true,
        certificate: Some(certificate(vec![preview()], 300)),
        site: Some(Wish::Present(site("", false))),
        edited: Some(Box::new(edited)),
        ..ObservedWebspace::default()
    }
}

/// The words of the steps, and whether part of the wish waits.
fn planned(wish: Wish<Webspace>, node: &ObservedWebspace) -> (Vec<&'static str>, bool) {
    let (desired, node) = (
        Desired::Webspace(id(), wish),
        Observed::Webspace(node.clone()),
    );
    let Plan::Steps(steps) = plan(&desired, &node, 2, NOW) else {
        panic!("a webspace never waits")
    };
    let words = steps.iter().map(|step| step.act.word()).collect();
    (words, waits_for_answer(&desired, &node))
}

#[test]
fn what_was_written_by_hand_stays_and_a_change_waits_for_the_answer() {
    let node = edited(None);
    assert_eq!(
        planned(Wish::Present(site("", false)), &node),
        (Vec::new(), false),
        "nothing is to be done, and nothing waits"
    );
    let changed = Webspace {
        https_redirect: false,
        ..site("htdocs", false)
    };
    assert_eq!(planned(Wish::Present(changed), &node), (Vec::new(), true));
    // What is not in the file goes on, and nothing of the rest comes along with it.
    let both = Webspace {
        quota: 5_000,
        hosts: vec!["shop.test".parse().unwrap()],
        ..site("", false)
    };
    let desired = Desired::Webspace(id(), Wish::Present(both));
    let seen = Observed::Webspace(ObservedWebspace {
        certificate: Some(certificate(
            vec![preview(), "shop.test".parse().unwrap()],
            300,
        )),
        ..node.clone()
    });
    let Plan::Steps(steps) = plan(&desired, &seen, 2, NOW) else {
        panic!("a webspace never waits")
    };
    let acts: Vec<Act> = steps.into_iter().map(|step| step.act).collect();
    let beside = Webspace {
        quota: 5_000,
        ..site("", false)
    };
    assert_eq!(acts, [Act::ConfigureSite(Wish::Present(beside))]);
    assert!(waits_for_answer(&desired, &seen));
    let later = ObservedWebspace {
        certificate: None,
        ..node
    };
    assert_eq!(
        planned(Wish::Present(site("", false)), &later),
        (vec!["issue-certificate"], false)
    );
}

#[test]
fn whole_addresses_are_logged_no_longer_than_is_wanted() {
    let logged = |until| Webspace {
        full_addresses_until: until,
        ..site("", false)
    };
    let (soon, late) = (NOW.plus_days(1), NOW.plus_days(7));
    for (wanted, shown, kept) in [
        (None, Some(late), None),
        (Some(late), None, None),
        (Some(soon), Some(late), Some(soon)),
        (Some(late), Some(soon), Some(soon)),
    ] {
        let node = ObservedWebspace {
            site: Some(Wish::Present(logged(shown))),
            ..edited(None)
        };
        let desired = Desired::Webspace(id(), Wish::Present(logged(wanted)));
        let Plan::Steps(steps) = plan(&desired, &Observed::Webspace(node), 2, NOW) else {
            panic!("a webspace never waits")
        };
        let done: Vec<Act> = steps.into_iter().map(|step| step.act).collect();
        let goes_on = Act::ConfigureSite(Wish::Present(logged(kept)));
        let planned = if kept == shown {
            Vec::new()
        } else {
            vec![goes_on]
        };
        assert_eq!(done, planned);
    }
}

#[test]
fn whoever_answered_has_it_put_back_and_what_waited_is_done() {
    let answered = |root: &str| Webspace {
        overwrites: Some(mark()),
        ..site(root, false)
    };
    let (words, waits) = planned(Wish::Present(answered("")), &edited(None));
    assert_eq!(words, ["restore-site", "configure-site", "probe-site"]);
    assert!(!waits);
    let (words, _) = planned(Wish::Present(answered("htdocs")), &edited(None));
    assert!(words.starts_with(&["make-folder", "restore-site", "configure-site"]));
    // The answer was about something else that somebody wrote.
    let other = Webspace {
        overwrites: Some(MARK.replace('0', "f").parse().unwrap()),
        ..site("", false)
    };
    assert_eq!(
        planned(Wish::Present(other), &edited(None)),
        (Vec::new(), false)
    );
}

#[test]
fn what_must_not_wait_does_not() {
    let hidden = Wish::Hidden(site("", false));
    assert_eq!(planned(hidden, &edited(None)), (vec!["hide-site"], false));
    let (words, waits) = planned(Wish::Gone, &edited(None));
    assert_eq!(words, ["remove-site", "remove-folder"]);
    assert!(!waits);
}

#[test]
fn what_was_put_aside_holds_nothing_up_and_is_told_of_until_answered() {
    let node = edited(Some(Aside::Refused));
    let present = |overwrites| Webspace {
        overwrites,
        ..site("", false)
    };
    assert_eq!(
        planned(Wish::Present(present(None)), &node),
        (Vec::new(), false)
    );
    let (words, _) = planned(Wish::Present(present(Some(mark()))), &node);
    assert_eq!(words, ["restore-site", "probe-site"]);
    // What a node keeps never holds the answer.
    let desired = Desired::Webspace(id(), Wish::Present(present(Some(mark()))));
    let fresh = Observed::Webspace(ObservedWebspace::default());
    let Plan::Steps(steps) = plan(&desired, &fresh, 1, NOW) else {
        panic!("a webspace never waits")
    };
    let kept = Act::ConfigureSite(Wish::Present(present(None)));
    assert!(steps.iter().any(|step| step.act == kept));
}
