//! Certificates of an authority of one's own.

use crate::report::Outcome;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use std::path::{Path, PathBuf};

/// Where a certificate, its key and its authority's own certificate lie.
pub(super) struct Signed {
    pub(super) root: PathBuf,
    pub(super) chain: PathBuf,
    pub(super) key: PathBuf,
}

impl Signed {
    /// Where one lies that was made there.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self {
            root: folder.join("root.pem"),
            chain: folder.join("cert.pem"),
            key: folder.join("key.pem"),
        }
    }

    /// Makes one for this name.
    pub(super) fn new(folder: &Path, name: &str) -> Outcome<Self> {
        let mut root = CertificateParams::default();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        root.distinguished_name
            .push(DnType::CommonName, "Authority of benchmarks");
        let root_key = KeyPair::generate()?;
        let root_pem = root.self_signed(&root_key)?.pem();
        let issuer = Issuer::new(root, root_key);
        let key = KeyPair::generate()?;
        let leaf = CertificateParams::new(vec![name.to_owned()])?;
        let leaf = leaf.signed_by(&key, &issuer)?.pem();
        let found = Self::in_folder(folder);
        std::fs::write(&found.root, &root_pem)?;
        std::fs::write(&found.chain, format!("{leaf}{root_pem}"))?;
        std::fs::write(&found.key, key.serialize_pem())?;
        Ok(found)
    }
}
