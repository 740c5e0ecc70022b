//! Certificates of public names, and what authorities are answered, behind nginx.

use crate::nginx::node::Node;
use wabe_kernel::desired::{Act, Subject, Wish};

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
