//! Samples of the domain pages, and that they are sound.

use wabe_hosting::domain::Proofs;
use wabe_kernel::id::DomainId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{FormState, ResourceKind, State};
use wabe_web::check::check_samples;
use wabe_web::{Face, Sample, Visitor};

use crate::domain::DomainView;
use crate::domain::create::CreatePage;
use crate::domain::lifecycle::DeletePage;
use crate::domain::list::ListPage;
use crate::domain::log::LogPage;
use crate::domain::redirect::Carrier;
use crate::domain::show::{ClaimView, ShowPage, Use};
use crate::samples::{NOW, condition, conflict, done, errors, visitor};
use crate::webspace::samples::{plan, recent, samples};

const TARGET: &str = "https://www.xn--bckerei-sonnenkorn-zqb.example/angebote?woche=47#brote";

fn domain(finding: &str, state: State) -> DomainView {
    let verified = matches!(finding, "proved" | "proof-missing");
    let proofs = || Proofs {
        txt_name: "_wabe.xn--bckerei-sonnenkorn-zqb.example".to_owned(),
        txt_value: "wabe-verification=w0123456789abcdef0123456789abcdef".to_owned(),
        file_path: "/.well-known/wabe-verification.txt".to_owned(),
        file_content: "w0123456789abcdef0123456789abcdef".to_owned(),
        name_servers: vec![
            "ns1.w01.ns.example".to_owned(),
            "ns2.w01.ns.example".to_owned(),
        ],
    };
    DomainView {
        id: DomainId::from_uuid(Uuid::nil()),
        name: "bäckerei-sonnenkorn.example".to_owned(),
        ascii: Some("xn--bckerei-sonnenkorn-zqb.example".to_owned()),
        verified,
        method: verified.then_some("name_server"),
        verified_at: verified.then_some(NOW),
        finding: finding.to_owned(),
        checked_at: Some(NOW),
        next_check_at: Some(NOW.plus_days(1)),
        redirect: (finding == "proof-missing").then(|| TARGET.to_owned()),
        lasting_proof: (finding == "proof-missing")
            .then(|| (proofs().txt_name, proofs().txt_value)),
        proofs: (!verified).then(proofs),
        state,
        deleted: state == State::Deleting,
    }
}

fn all() -> Vec<DomainView> {
    vec![
        domain("proved", State::Live),
        domain("proved", State::Updating),
        domain("proof-missing", State::Live),
        domain("not-seen-yet", State::Failed),
        domain("needs-consent", State::Failed),
        domain("proved-elsewhere", State::Failed),
        domain("not-seen-yet", State::Deleting),
    ]
}

samples!(ListPage => {
    let page = |rows, q: &str| ListPage {
        rows,
        q: q.to_owned(),
        later: false,
        next: "/domains?after=YQ".to_owned(),
        done: done("domain-create"),
        may_write: true,
    };
    vec![page(Vec::new(), ""), page(Vec::new(), "<x>"), page(all(), "")]
});

samples!(CreatePage => vec![
    CreatePage { form: FormState::new(), note: None, plan: plan() },
    CreatePage { form: errors("name", "domain-is-url"), note: conflict(), plan: Vec::new() },
]);

samples!(ShowPage => {
    let used = || Use {
        name: "bestellung@bäckerei-sonnenkorn.example".to_owned(),
        href: "/mailboxes/mbx_1".to_owned(),
        icon: "mail",
    };
    let carrier = || Carrier {
        name: "sonnenkorn-bestellungen".to_owned(),
        href: "/webspaces/web_1/hosts".to_owned(),
    };
    let claim = || ClaimView {
        id: DomainId::from_uuid(Uuid::from_u128(9)),
        name: "shop.bäckerei-sonnenkorn.example".to_owned(),
        customer: "K10977".to_owned(),
    };
    let page = |domain: DomainView| ShowPage {
        condition: condition(ResourceKind::Domain, domain.state),
        done: done("domain-verify"),
        note: if domain.verified { None } else { conflict() },
        form: match &domain.redirect {
            Some(_) => errors("redirect", "redirect-to-itself"),
            None => FormState::new(),
        },
        carrier: (domain.finding == "proved" && domain.state == State::Updating).then(carrier),
        uses: if domain.finding == "proof-missing" { vec![used()] } else { Vec::new() },
        claims: if domain.verified { vec![claim()] } else { Vec::new() },
        recent: recent(),
        may_write: domain.finding != "needs-consent",
        may_webspace: true,
        may_mailbox: true,
        domain,
    };
    all().into_iter().map(page).collect()
});

samples!(LogPage => vec![
    LogPage { domain: domain("proved", State::Live), lines: Vec::new() },
    LogPage {
        domain: domain("proof-missing", State::Live),
        lines: vec!["127.0.0.0 - - [21/Nov/2026:10:00:00 +0000] a.test \"GET /<b> HTTP/1.1\" 302 0".to_owned()],
    },
]);

samples!(DeletePage => vec![
    DeletePage { domain: domain("proved", State::Live), note: None },
    DeletePage { domain: domain("proved", State::Live), note: conflict() },
]);

#[test]
fn the_pages_of_domains_are_sound_in_both_languages() {
    let wrong = [
        check_samples::<ListPage>(),
        check_samples::<CreatePage>(),
        check_samples::<ShowPage>(),
        check_samples::<LogPage>(),
        check_samples::<DeletePage>(),
    ];
    assert_eq!(wrong.concat(), Vec::<String>::new());
}
