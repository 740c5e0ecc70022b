//! A node whose disk is full: every site stays as it was.

use crate::folder::Folder;
use crate::nginx::node::Node;
use crate::small_disk::SmallDisk;
use std::os::unix::fs::symlink;
use wabe_drivers::embedded::files::{Place, WebFiles};
use wabe_kernel::Bytes;
use wabe_kernel::content::{ContentError, Files as _};
use wabe_kernel::desired::{Webspace, Wish};

async fn upload(files: &WebFiles, site: &Webspace) -> Result<Bytes, ContentError> {
    let path = "large.bin".parse().unwrap();
    let mut upload = files.upload(site.id, &path, true).await?;
    upload.write(Place::End, vec![7; 100_000]).await?;
    upload.publish().await
}

#[tokio::test]
async fn a_full_disk_leaves_every_site_as_it_was_until_there_is_room() {
    let disk = SmallDisk::new(16);
    let folder = Folder::new();
    symlink(disk.path(), folder.path().join("node")).unwrap();
    let mut node = Node::opened(folder).await;
    node.run();
    node.nginx.ready().await.unwrap();
    let (site, other) = (node.webspace("voll"), node.webspace("neu"));
    node.bring(&site).await.unwrap();
    node.put(&site, "index.html", "as before");
    let before = std::fs::read_to_string(node.include(&site.id)).unwrap();
    let files = node.files();
    disk.fill();
    let plain = Webspace {
        https_redirect: false,
        ..site.clone()
    };
    let refused = node.configure(Wish::Present(plain.clone()), 2).await;
    assert!(refused.is_err(), "there is no room for it");
    // Neither half of an include, nor one of a site that could not be made.
    let after = std::fs::read_to_string(node.include(&site.id)).unwrap();
    assert_eq!(after, before);
    assert!(node.bring(&other).await.is_err());
    assert!(!node.include(&other.id).exists());
    let full = Err(ContentError::Refused("disk-full"));
    assert_eq!(upload(&files, &site).await, full);
    let left = files.list(site.id, &"".parse().unwrap()).await.unwrap();
    let left: Vec<_> = left.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(left, ["index.html"]);
    let (status, shown) = node.get("https://voll.test/").await;
    assert!(
        status == 200 && shown.out.ends_with("as before"),
        "{shown:?}"
    );
    disk.free();
    node.configure(Wish::Present(plain.clone()), 2)
        .await
        .unwrap();
    assert_eq!(node.get("http://voll.test/").await.0, 200);
    let seen = node.sites.observe(site.id).await.unwrap();
    assert_eq!(seen.site, Some(Wish::Present(plain)));
    node.bring(&other).await.unwrap();
    assert_eq!(node.get("https://neu.test/").await.0, 200);
    assert_eq!(upload(&files, &site).await, Ok(100_000));
    node.end().await;
}
