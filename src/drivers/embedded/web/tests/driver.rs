//! Steps: what they make, what they refuse, what a restart finds.

use std::os::unix::fs::PermissionsExt;
use wabe_kernel::Clock;
use wabe_kernel::desired::{Act, Webspace, Wish};
use wabe_kernel::id::WebspaceId;

use super::{Node, name};
use crate::embedded::SiteIndex;
use crate::embedded::web::document;

#[tokio::test]
async fn a_site_is_made_observed_and_taken_away() {
    let node = Node::new();
    let webspace = node.webspace("a.localhost", &["www.a.test"]);
    let id = webspace.id;
    node.make(&webspace).await;
    let probe = Act::ProbeSite(id, name("www.a.test"));
    node.apply(id, 1, probe).await.unwrap();
    let seen = node.sites.observe(id).await.unwrap();
    assert!(seen.folder);
    let certificate = seen.certificate.unwrap();
    assert_eq!(certificate.names, [name("a.localhost"), name("www.a.test")]);
    assert!(certificate.issuer.starts_with("Wabe local authority"));
    assert_eq!(certificate.ends_at, node.clock.now().plus_days(90));
    assert_eq!(seen.site, Some(Wish::Present(webspace.clone())));
    assert_eq!(
        node.sites.by_login("w-a.localhost").as_deref(),
        Some(&Wish::Present(webspace))
    );

    node.apply(id, 2, Act::RemoveSite(id)).await.unwrap();
    let seen = node.sites.observe(id).await.unwrap();
    assert!(seen.folder && seen.certificate.is_none() && seen.site.is_none());
    node.apply(id, 2, Act::RemoveFolder(id)).await.unwrap();
    node.apply(id, 2, Act::RemoveFolder(id)).await.unwrap();
    assert!(!node.folder(id).exists());
    assert!(node.sites.site(id).is_none());
}

#[tokio::test]
async fn only_a_new_folder_gets_a_first_page() {
    let node = Node::new();
    let webspace = node.webspace("a.localhost", &[]);
    let id = webspace.id;
    let make = || Act::MakeFolder(id, webspace.document_root.clone(), None);
    node.apply(id, 1, make()).await.unwrap();
    let first = node.public(&webspace).join("index.html");
    assert!(first.exists());
    let kept = first.with_file_name("kept.html");
    rustix::fs::rename(&first, &kept).unwrap();
    node.apply(id, 1, make()).await.unwrap();
    assert!(!first.exists());
}

#[tokio::test]
async fn the_key_is_private() {
    let node = Node::new();
    let webspace = node.webspace("a.localhost", &[]);
    node.make(&webspace).await;
    let key = std::fs::metadata(node.folder(webspace.id).join("key.pem")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn an_older_revision_is_refused_even_after_a_removal_and_a_restart() {
    let mut node = Node::new();
    let webspace = node.webspace("a.localhost", &[]);
    let id = webspace.id;
    node.configure(5, Wish::Present(webspace.clone()))
        .await
        .unwrap();
    node.configure(5, Wish::Present(webspace.clone()))
        .await
        .unwrap();
    let refused = node.configure(4, Wish::Hidden(webspace.clone())).await;
    assert_eq!(refused.unwrap_err().code, "older-revision");
    node.apply(id, 6, Act::RemoveSite(id)).await.unwrap();
    node.sites = node.reopened();
    let refused = node.configure(5, Wish::Present(webspace.clone())).await;
    assert_eq!(refused.unwrap_err().code, "older-revision");
    node.configure(7, Wish::Present(webspace)).await.unwrap();
}

#[tokio::test]
async fn a_host_or_login_of_another_webspace_is_refused() {
    let node = Node::new();
    let first = node.webspace("a.localhost", &["www.a.test"]);
    node.configure(1, Wish::Present(first.clone()))
        .await
        .unwrap();
    let second = node.webspace("b.localhost", &["www.a.test"]);
    let refused = node.configure(1, Wish::Present(second.clone())).await;
    assert_eq!(refused.unwrap_err().code, "host-taken");
    let mut third = node.webspace("c.localhost", &[]);
    third.upload.login.clone_from(&first.upload.login);
    let refused = node.configure(1, Wish::Present(third)).await;
    assert_eq!(refused.unwrap_err().code, "login-taken");

    // Once the first lets go of it, the second may have it.
    let without = Wish::Present(Webspace {
        hosts: Vec::new(),
        ..first
    });
    node.configure(2, without).await.unwrap();
    node.configure(1, Wish::Present(second)).await.unwrap();
}

#[tokio::test]
async fn names_the_authority_may_not_sign_for_are_refused() {
    let node = Node::new();
    let webspace = node.webspace("a.localhost", &[]);
    let id = webspace.id;
    let issue = Act::IssueCertificate(id, vec![name("example.com")]);
    let refused = node.apply(id, 1, issue).await;
    assert_eq!(refused.unwrap_err().code, "certificate-name-not-permitted");
}

#[tokio::test]
async fn a_step_about_another_webspace_is_refused() {
    let node = Node::new();
    let (one, two) = (
        node.webspace("a.localhost", &[]),
        node.webspace("b.localhost", &[]),
    );
    let refused = node
        .apply(one.id, 1, Act::ConfigureSite(Wish::Present(two)))
        .await;
    assert_eq!(refused.unwrap_err().code, "wrong-subject");
    let other = WebspaceId::new(node.clock.now(), &*node.rng);
    let refused = node.apply(one.id, 1, Act::RemoveFolder(other)).await;
    assert_eq!(refused.unwrap_err().code, "wrong-subject");
}

#[tokio::test]
async fn a_broken_site_file_stops_no_other_site() {
    let mut node = Node::new();
    let (good, bad) = (
        node.webspace("a.localhost", &[]),
        node.webspace("b.localhost", &[]),
    );
    node.make(&good).await;
    node.make(&bad).await;
    std::fs::File::create(node.folder(bad.id).join("site.json")).unwrap();
    node.sites = node.reopened();
    assert_eq!(node.sites.damaged(), [bad.id]);
    assert!(node.sites.site(good.id).is_some());
    assert_eq!(node.sites.observe(bad.id).await.unwrap().site, None);
    node.configure(2, Wish::Present(bad)).await.unwrap();
    assert!(node.sites.damaged().is_empty());
}

// 3.14 T1
#[test]
fn site_files_with_control_characters_or_unknown_fields_are_refused() {
    let node = Node::new();
    let mut webspace = node.webspace("a.localhost", &[]);
    let text = |webspace| {
        let wish = Wish::Present(webspace);
        serde_json::to_string(&document::Document { revision: 1, wish }).unwrap()
    };
    let fine = text(webspace.clone());
    assert!(document::parse(fine.as_bytes()).is_ok());
    let unknown = fine.replacen("{\"revision\"", "{\"more\":1,\"revision\"", 1);
    assert!(document::parse(unknown.as_bytes()).is_err());
    webspace.upload.login = "a\nb".to_owned();
    let refused = document::parse(text(webspace).as_bytes());
    assert_eq!(refused.unwrap_err().code, "site-damaged");
}

#[tokio::test]
async fn a_site_with_control_characters_is_never_written() {
    let node = Node::new();
    let mut webspace = node.webspace("a.localhost", &[]);
    webspace.upload.keys = vec!["ssh-ed25519 AAAA\r\nx".to_owned()];
    let id = webspace.id;
    assert!(node.configure(1, Wish::Present(webspace)).await.is_err());
    assert!(!node.folder(id).join("site.json").exists());
    assert!(node.sites.by_login("w-a.localhost").is_none());
}

#[tokio::test]
async fn a_certificate_of_another_key_counts_as_missing() {
    let node = Node::new();
    let (one, two) = (
        node.webspace("a.localhost", &[]),
        node.webspace("b.localhost", &[]),
    );
    node.make(&one).await;
    node.make(&two).await;
    let key = |id| node.folder(id).join("key.pem");
    std::fs::copy(key(one.id), key(two.id)).unwrap();
    assert!(
        node.sites
            .observe(two.id)
            .await
            .unwrap()
            .certificate
            .is_none()
    );
    node.clock.move_days(91);
    assert!(
        node.sites
            .observe(one.id)
            .await
            .unwrap()
            .certificate
            .is_none()
    );
}
