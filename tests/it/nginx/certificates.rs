//! Certificates of public names, and what authorities are answered, behind nginx.

use crate::certificates::made;
use crate::nginx::node::Node;
use std::sync::{Arc, Mutex, PoisonError};
use wabe_drivers::certificate::Certificates;
use wabe_kernel::certificate::{Bundle, CertificateText, Inspector as _, KeyText, Vault};
use wabe_kernel::desired::{Act, StepFailure, Subject, Wish, Working};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Clock as _, Field as _, Secret};

#[tokio::test]
async fn public_names_have_their_own_certificate_and_authorities_are_answered() {
    let node = Node::new().await;
    let mut webspace = node.webspace("schein");
    webspace.hosts = vec!["www.schein.example".parse().unwrap()];
    let id = webspace.id;
    let acts = vec![
        Act::MakeFolder(id, webspace.document_root.clone(), None),
        Act::IssueCertificate(id, webspace.local_names()),
        Act::StandIn(id, webspace.public_names()),
        Act::ConfigureSite(Wish::Present(webspace.clone())),
        Act::ProbeSite(id, webspace.preview.clone()),
    ];
    node.apply((Subject::Webspace(id), 1), acts).await.unwrap();
    node.put(&webspace, "index.html", "here");
    let (status, ran) = node.get("https://schein.test/").await;
    assert_eq!(status, 200, "{ran:?}");
    let (status, ran) = node.get("https://www.schein.example/").await;
    assert_eq!(status, 0, "nobody signed it: {ran:?}");
    let (status, ran) = node.curl("https://www.schein.example/", &["-k"]).await;
    assert!(status == 200 && ran.out.ends_with("here"), "{ran:?}");
    let path = "/.well-known/acme-challenge";
    let url = format!("http://www.schein.example{path}/tok_en-1");
    assert_eq!(node.get(&url).await.0, 404);
    let challenges = node.sites.challenges();
    challenges.put("tok_en-1", "tok_en-1.thumb").unwrap();
    let (status, ran) = node.get(&url).await;
    assert!(
        status == 200 && ran.out.ends_with("tok_en-1.thumb"),
        "{ran:?}"
    );
    challenges.take("tok_en-1");
    assert_eq!(node.get(&url).await.0, 404);
    // What a customer's own program puts there is shown as before.
    node.put(
        &webspace,
        &format!("{}/own", path.trim_start_matches('/')),
        "mine",
    );
    let (status, ran) = node
        .get(&format!("http://www.schein.example{path}/own"))
        .await;
    assert!(status == 200 && ran.out.ends_with("mine"), "{ran:?}");
    node.end().await;
}

/// Hands out what a test put there, whatever is asked for.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<Option<(String, String)>>);

impl Shelf {
    pub(crate) fn put(&self, chain: &str, key: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((chain.to_owned(), key.to_owned()));
    }
}

impl Vault for Shelf {
    fn bundle<'a>(
        &'a self,
        _id: WebspaceId,
        _fingerprint: &'a str,
    ) -> Working<'a, Result<Bundle, StepFailure>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let none = || StepFailure::new("certificate-missing", "there is none");
        let bundle = kept.as_ref().ok_or_else(none).map(|(chain, key)| Bundle {
            chain: chain.clone(),
            key: Secret::new(key),
        });
        Box::pin(std::future::ready(bundle))
    }
}

#[tokio::test]
async fn an_own_certificate_that_does_not_fit_changes_nothing_and_holds_nobody_up() {
    const HOST: &str = "www.eigen.example";
    let node = Node::new().await;
    let shelf = Arc::new(Shelf::default());
    node.sites.set_vault(shelf.clone());
    let mut webspace = node.webspace("eigen");
    webspace.hosts = vec![HOST.parse().unwrap()];
    let id = webspace.id;
    let stand_in = vec![
        Act::MakeFolder(id, webspace.document_root.clone(), None),
        Act::IssueCertificate(id, webspace.local_names()),
        Act::StandIn(id, webspace.public_names()),
        Act::ConfigureSite(Wish::Present(webspace.clone())),
    ];
    node.apply((Subject::Webspace(id), 1), stand_in)
        .await
        .unwrap();
    node.put(&webspace, "index.html", "here");
    let before = node.sites.observe(id).await.unwrap().public.unwrap();
    let now = node.clock.now();
    let life = (now.plus_seconds(-60), now.plus_days(30));
    let (own, other) = (made(&[HOST], life), made(&[HOST], life));
    let chain = CertificateText::from_text(&own.leaf).unwrap();
    let key = KeyText::from_text(&own.key).unwrap();
    let checked = Certificates::default().inspect(&chain, &key, now).unwrap();
    let fingerprint = checked.told.fingerprint;
    let supply = || vec![Act::SupplyCertificate(id, fingerprint.clone())];
    let at = (Subject::Webspace(id), 2);
    let neighbour = node.webspace("nachbar");
    // Somebody else's key, no key, no certificate, and another certificate than was meant.
    for (chain, key) in [
        (own.leaf.as_str(), other.key.as_str()),
        (own.leaf.as_str(), "no key"),
        ("no certificate", own.key.as_str()),
        (other.leaf.as_str(), other.key.as_str()),
    ] {
        shelf.put(chain, key);
        let (refused, brought) = tokio::join!(node.apply(at, supply()), node.bring(&neighbour));
        assert_eq!(refused.unwrap_err().code, "certificate-failed");
        brought.unwrap();
        let after = node.sites.observe(id).await.unwrap().public.unwrap();
        assert_eq!(after, before);
        let (status, ran) = node.curl(&format!("https://{HOST}/"), &["-k"]).await;
        assert!(status == 200 && ran.out.ends_with("here"), "{ran:?}");
    }
    shelf.put(&own.leaf, &own.key);
    let mut acts = supply();
    webspace.supplied = Some(fingerprint.clone());
    acts.push(Act::ConfigureSite(Wish::Present(webspace)));
    node.apply(at, acts).await.unwrap();
    let root = node.path("root.pem");
    std::fs::write(&root, &own.root).unwrap();
    let trusting = ["--cacert", root.to_str().unwrap()];
    let (status, ran) = node.curl(&format!("https://{HOST}/"), &trusting).await;
    assert!(status == 200 && ran.out.ends_with("here"), "{ran:?}");
    node.end().await;
}
