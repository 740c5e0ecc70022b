//! An agent that is killed in the middle of a step comes to the same end as one that is not: every kind of step that an
//! agent carries out.

use crate::agent::node::{Agent, apply, at, life, seen, step, webspace};
use crate::certificates::made;
use crate::nginx::certificates::Shelf;
use std::sync::Arc;
use std::time::Duration;
use wabe_drivers::agent_link::AgentDriver;
use wabe_drivers::certificate::Certificates;
use wabe_kernel::certificate::{CertificateText, Inspector as _, KeyText};
use wabe_kernel::content::Files as _;
use wabe_kernel::desired::{Act, Driver as _, Observed, Redirect, Step, Subject, Webspace, Wish};
use wabe_kernel::id::DomainId;
use wabe_kernel::{Clock as _, Field as _};
use wabe_panel::system::{SystemClock, SystemRng};

const HOST: &str = "www.killed.example";

/// How long after its beginning a step is broken off, in microseconds.
const CUTS: [u64; 4] = [700, 3_000, 12_000, 50_000];

/// Carries out a step that is broken off again and again, and then is not.
async fn through(agent: &mut Agent, driver: &AgentDriver, step: Step) {
    for cut in CUTS {
        let patience = Duration::from_micros(cut);
        // Whether it was over by then does not matter: that is one of the cases.
        drop(tokio::time::timeout(patience, driver.apply(&step)).await);
        agent.killed().await;
    }
    let done = driver.apply(&step).await;
    assert!(done.is_ok(), "{:?}: {done:?}", step.act);
}

/// A certificate for the public name, put on the shelf; what stands for it.
fn supplied(shelf: &Shelf) -> String {
    let now = SystemClock::default().now();
    let own = made(&[HOST], (now.plus_seconds(-60), now.plus_days(30)));
    shelf.put(&own.leaf, &own.key);
    let chain = CertificateText::from_text(&own.leaf).unwrap();
    let key = KeyText::from_text(&own.key).unwrap();
    let checked = Certificates::default().inspect(&chain, &key, now);
    checked.unwrap().told.fingerprint
}

/// The acts that bring a webspace to life, with what stands in and then is supplied for its public name.
fn birth(site: &Webspace, fingerprint: &str) -> Vec<Act> {
    let (id, root) = (site.id, site.document_root.clone());
    vec![
        Act::MakeFolder(id, root, site.customer),
        Act::IssueCertificate(id, site.local_names()),
        Act::StandIn(id, site.public_names()),
        Act::SupplyCertificate(id, fingerprint.to_owned()),
        Act::ConfigureSite(Wish::Present(site.clone())),
        Act::ProbeSite(id, site.preview.clone()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_of_a_webspace_converges_after_the_agent_was_killed_in_it() {
    let mut agent = Agent::new().await;
    let shelf = Arc::new(Shelf::default());
    let fingerprint = supplied(&shelf);
    let connected = AgentDriver::connect(agent.socket(), shelf).await;
    let (driver, welcome) = connected.unwrap();
    let site = Webspace {
        hosts: vec![HOST.parse().unwrap()],
        php: welcome.php.last().copied(),
        supplied: Some(fingerprint.clone()),
        ..webspace("killed")
    };
    assert!(site.php.is_some(), "PHP-FPM is installed");
    let subject = Subject::Webspace(site.id);
    let step = |revision, act| Step {
        subject,
        revision,
        act,
    };
    for act in birth(&site, &fingerprint) {
        through(&mut agent, &driver, step(1, act)).await;
    }
    let found = seen(&driver, &site).await;
    assert_eq!(found.site, Some(Wish::Present(site.clone())));
    assert_eq!(found.public.unwrap().fingerprint, Some(fingerprint));
    let page = agent.get("killed.test", "").await;
    assert!(page.out.contains(" 200"), "{page:?}");
    // The first page came whole, and the customer may write.
    let files = agent.files(&driver);
    files
        .make_folder(site.id, &at("public/mine"))
        .await
        .unwrap();
    let id = site.id;
    for act in [
        Act::ConfigureSite(Wish::Hidden(site.clone())),
        Act::DropCertificate(id),
        Act::RemoveSite(id),
        Act::RemoveFolder(id),
    ] {
        through(&mut agent, &driver, step(2, act)).await;
    }
    assert!(!agent.path(&format!("web/{id}")).exists());
    assert!(seen(&driver, &site).await.site.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn putting_back_what_was_edited_converges_after_the_agent_was_killed_in_it() {
    let mut agent = Agent::new().await;
    let driver = agent.driver().await;
    let site = webspace("edited");
    apply(&driver, (&site, 1), life(&site)).await.unwrap();
    let include = agent.path(&format!("nginx/sites/{}.conf", site.id));
    let lies = || std::fs::read_to_string(&include).unwrap();
    assert!(lies().contains("nosniff"), "{}", lies());
    std::fs::write(&include, lies().replace("nosniff", "sniff")).unwrap();
    let edited = seen(&driver, &site).await.edited.unwrap();
    for act in [
        Act::RestoreSite(site.id, edited.mark.clone()),
        Act::ConfigureSite(Wish::Present(site.clone())),
        Act::ProbeSite(site.id, site.preview.clone()),
    ] {
        through(&mut agent, &driver, step(&site, 1, act)).await;
    }
    assert!(lies().contains("nosniff"), "{}", lies());
    let found = seen(&driver, &site).await;
    assert!(found.edited.is_none(), "{:?}", found.edited);
    assert_eq!(found.site, Some(Wish::Present(site)));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_of_a_redirect_converges_after_the_agent_was_killed_in_it() {
    let mut agent = Agent::new().await;
    let driver = agent.driver().await;
    let redirect = Redirect {
        id: DomainId::new(SystemClock::default().now(), &SystemRng),
        name: "weiter.test".parse().unwrap(),
        target: "https://www.example.org/".parse().unwrap(),
    };
    let (id, name) = (redirect.id, redirect.name.clone());
    let subject = Subject::Domain(id);
    let step = |revision, act| Step {
        subject,
        revision,
        act,
    };
    for act in [
        Act::IssueRedirectCertificate(id, name.clone()),
        Act::ConfigureRedirect(redirect.clone()),
        Act::ProbeRedirect(id, name),
    ] {
        through(&mut agent, &driver, step(1, act)).await;
    }
    let page = agent.get("weiter.test", "").await;
    assert!(page.out.contains("https://www.example.org/"), "{page:?}");
    for act in [Act::RemoveRedirect(id), Act::RemoveRedirectFolder(id)] {
        through(&mut agent, &driver, step(2, act)).await;
    }
    let Observed::Domain(found) = driver.observe(subject).await.unwrap() else {
        panic!("a domain")
    };
    assert!(!found.folder && found.redirect.is_none(), "{found:?}");
}
