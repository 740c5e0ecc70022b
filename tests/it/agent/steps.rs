//! Steps by the agent: what they leave on the node, and that doing them again changes nothing.

use crate::agent::node::{Agent, apply, at, death, life, seen, step, webspace};
use crate::client::until;
use std::os::unix::fs::MetadataExt as _;
use wabe_drivers::embedded::SiteIndex as _;
use wabe_drivers::embedded::files::Place;
use wabe_kernel::content::Files as _;
use wabe_kernel::desired::{Act, Driver as _, ObservedWebspace, Subject, Wish};
use wabe_kernel::{LogQuery, SiteLog};

#[tokio::test(flavor = "multi_thread")]
async fn a_webspace_lives_and_goes_and_everything_of_it_was_the_customers() {
    let agent = Agent::new().await;
    let driver = agent.driver().await;
    let site = webspace("life");
    for act in life(&site) {
        // Twice: the second time nothing is left to do.
        for _ in 0..2 {
            driver.apply(&step(&site, 1, act.clone())).await.unwrap();
        }
    }
    let first = seen(&driver, &site).await;
    assert!(first.folder && first.certificate.is_some());
    assert_eq!(first.site, Some(Wish::Present(site.clone())));
    let page = agent.get("life.test", "").await;
    assert!(page.out.contains(" 200"), "{page:?}");
    let files = agent.files(&driver);
    let mut upload = files
        .upload(site.id, &at("public/new.txt"), true)
        .await
        .unwrap();
    upload
        .write(Place::End, b"from a customer".to_vec())
        .await
        .unwrap();
    upload.publish().await.unwrap();
    let page = agent.get("life.test", "new.txt").await;
    assert!(page.out.ends_with("from a customer"), "{page:?}");
    let logged = || async {
        let asked = LogQuery::of(SiteLog::Access, 10);
        let lines = files.log(site.id, asked).await.unwrap();
        let visit = lines.iter().any(|line| line.contains("/new.txt"));
        visit.then_some(())
    };
    until("the visit to be in the customer's log", logged).await;
    let folder = agent.path(&format!("web/{}", site.id));
    let owner = std::fs::metadata(folder.join("files")).unwrap().uid();
    assert!(owner >= 200_000);
    assert_eq!(std::fs::metadata(&folder).unwrap().uid(), 0);
    for path in ["files/public/new.txt", "files/public", "staging", "tmp"] {
        let about = std::fs::metadata(folder.join(path)).unwrap();
        assert_eq!(about.uid(), owner, "{path}");
    }
    apply(&driver, (&site, 2), death(&site)).await.unwrap();
    assert!(!folder.exists());
    assert_eq!(seen(&driver, &site).await, ObservedWebspace::default());
    assert!(driver.known().site(site.id).is_none());
    let page = agent.get("life.test", "").await;
    assert!(!page.worked, "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_revision_is_refused_also_after_a_restart() {
    let mut agent = Agent::new().await;
    let driver = agent.driver().await;
    let site = webspace("older");
    apply(&driver, (&site, 5), life(&site)).await.unwrap();
    let mut other = site.clone();
    other.https_redirect = false;
    for _ in 0..2 {
        let older = step(&site, 4, Act::ConfigureSite(Wish::Present(other.clone())));
        assert_eq!(
            driver.apply(&older).await.unwrap_err().code,
            "older-revision"
        );
        agent.killed().await;
    }
    assert_eq!(
        seen(&driver, &site).await.site,
        Some(Wish::Present(site.clone()))
    );
    // Whoever comes anew knows what is there.
    let again = agent.driver().await;
    assert_eq!(
        again.known().by_login("older").as_deref(),
        Some(&Wish::Present(site))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_agents_is_refused() {
    let agent = Agent::new().await;
    let driver = agent.driver().await;
    let id =
        wabe_kernel::id::MailboxId::new(wabe_kernel::Timestamp(1), &wabe_panel::system::SystemRng);
    let refused = driver.observe(Subject::Mailbox(id)).await.unwrap_err();
    assert_eq!(refused.code, "wrong-subject");
}
