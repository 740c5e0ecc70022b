//! What tests of this room stand on.

use super::*;
use wabe_kernel::desired::UploadAccess;
use wabe_kernel::macros::uuid::Uuid;

pub(super) fn place() -> Place {
    let folder = PathBuf::from("/srv/node/web/a");
    Place {
        files: folder.join("files"),
        logs: folder.join("logs"),
        certificate: folder.join("cert.pem"),
        key: folder.join("key.pem"),
        public: (
            folder.join("public-cert.pem"),
            folder.join("public-key.pem"),
        ),
        challenges: "/srv/node/challenges".into(),
        folder,
    }
}

pub(super) fn webspace() -> Webspace {
    Webspace {
        id: WebspaceId::from_uuid(Uuid::from_u128(1)),
        preview: "shop.preview.test".parse().unwrap(),
        hosts: Vec::new(),
        document_root: "a".parse().unwrap(),
        quota: 1,
        https_redirect: false,
        full_addresses_until: None,
        upload: UploadAccess {
            login: "shop".to_owned(),
            password_hash: None,
            keys: Vec::new(),
        },
        suspended: false,
        unwanted_certificate: None,
        php: None,
        rules: Box::default(),
        supplied: None,
        customer: None,
    }
}

#[test]
fn servers_of_a_range_have_addresses_of_their_own() {
    let at = |group| Backend::of(group, Secret::new("w")).http;
    let all: BTreeSet<SocketAddr> = (200_000..200_100).map(at).collect();
    assert_eq!(all.len(), 100);
    for address in all {
        assert!(address.ip().is_loopback() && address.port() == PORTS.0);
    }
}
