//! What tests start from: a webspace like any other, and where its things lie.

use std::path::PathBuf;
use wabe_kernel::desired::{UploadAccess, Webspace};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::macros::uuid::Uuid;

use crate::embedded::web::Place;

/// Where the things of a webspace with this folder lie.
pub(crate) fn place(folder: impl Into<PathBuf>) -> Place {
    let folder = folder.into();
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

/// The webspace of this number, of which nothing else is said.
pub(crate) fn webspace(number: u128) -> Webspace {
    Webspace {
        id: WebspaceId::from_uuid(Uuid::from_u128(number)),
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
        overwrites: None,
        php: None,
        rules: Box::default(),
        supplied: None,
        customer: None,
    }
}
