//! What the public names of a webspace are served with: a certificate that is supplied, or one that stands in
//! so that the site answers until there is another.
//!
//! It lies beside the webspace's own certificate, which the local authority signs. Keys come from a
//! [`Vault`] and never with a wish or a step.

use rustls::client::verify_server_name;
use rustls::pki_types::ServerName;
use rustls::server::ParsedCertificate;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::sync::Arc;
use wabe_kernel::certificate::{Bundle, STANDS_IN, Vault};
use wabe_kernel::desired::{ObservedCertificate, ObservedPublic, StepFailure, Webspace};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{DomainName, Secret, hex};

use crate::embedded::ca::stand_in;
use crate::embedded::web::certificate::{Held, put_pair};
use crate::embedded::web::layout::{public_certificate_in, public_key_in};
use crate::embedded::web::{Sites, durable};

/// How long a certificate that stands in lives, in days.
const DAYS: i64 = 90;

/// Stands for exactly these certificates.
pub(crate) fn fingerprint<'a>(chain: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for certificate in chain {
        hash.update(certificate);
    }
    hex(&hash.finalize())
}

/// Whether browsers take a leaf for this name.
pub(crate) fn covers(leaf: &rustls::pki_types::CertificateDer<'_>, name: &DomainName) -> bool {
    let Ok(parsed) = ParsedCertificate::try_from(leaf) else {
        return false;
    };
    let name = ServerName::try_from(name.as_str());
    name.is_ok_and(|name| verify_server_name(&parsed, &name).is_ok())
}

fn written(fault: std::io::Error) -> StepFailure {
    StepFailure::new("files-failed", fault)
}

impl Sites {
    /// Gets certificates with their keys from there, from now on.
    pub fn set_vault(&self, vault: Arc<dyn Vault>) {
        // There is one start.
        self.vault.get_or_init(|| vault);
    }

    /// The certificate of this fingerprint, from whoever keeps it.
    ///
    /// Errors: `certificate-missing` without one.
    pub(super) async fn supplied(
        &self,
        id: WebspaceId,
        fingerprint: &str,
    ) -> Result<Bundle, StepFailure> {
        let vault = self.vault.get();
        let vault = vault.ok_or_else(|| StepFailure::new("certificate-missing", "no vault"))?;
        vault.bundle(id, fingerprint).await
    }

    /// Puts a certificate in place that is the one of this fingerprint.
    ///
    /// Errors: `certificate-failed` when it is another, or does not fit its key.
    pub(super) fn put_supplied(
        &self,
        id: WebspaceId,
        wanted: &str,
        bundle: &Bundle,
    ) -> Result<(), StepFailure> {
        let held = Held::parse(&bundle.chain, &bundle.key, &self.provider);
        let held = held.filter(|held| held.fingerprint() == wanted);
        let held = held.ok_or_else(|| {
            StepFailure::new("certificate-failed", "what was kept is another certificate")
        })?;
        self.put_public(id, held, (&bundle.chain, &bundle.key))
    }

    /// Makes a certificate that stands in for one of these names, and puts it in place.
    pub(super) fn put_stand_in(
        &self,
        id: WebspaceId,
        names: &[DomainName],
    ) -> Result<(), StepFailure> {
        let failed = |fault| StepFailure::new("certificate-failed", fault);
        let at = (self.clock.now(), self.rng.as_ref());
        let made = stand_in(names, DAYS, at).map_err(failed)?;
        let held = Held::parse(&made.cert_pem, &made.key_pem, &self.provider)
            .ok_or_else(|| StepFailure::new("certificate-failed", "reads back otherwise"))?;
        self.put_public(id, held, (&made.cert_pem, &made.key_pem))
    }

    fn put_public(
        &self,
        id: WebspaceId,
        held: Held,
        (chain, key): (&str, &Secret),
    ) -> Result<(), StepFailure> {
        let folder = self.layout.folder(id);
        std::fs::create_dir_all(&folder).map_err(written)?;
        let place = (public_key_in(&folder), public_certificate_in(&folder));
        let readers = self.readers.get().copied();
        put_pair((&place.0, &place.1), (chain, key), readers).map_err(written)?;
        self.index_mut().put_public(id, Arc::new(held));
        Ok(())
    }

    /// Takes it away; what is not there is fine.
    pub(super) fn drop_public(&self, id: WebspaceId) -> Result<(), StepFailure> {
        self.index_mut().drop_public(id);
        remove_public(&self.layout.folder(id)).map_err(written)
    }

    fn read_public(&self, folder: &Path) -> Option<Held> {
        let chain = std::fs::read_to_string(public_certificate_in(folder)).ok()?;
        let key = Secret::new(std::fs::read_to_string(public_key_in(folder)).ok()?);
        Held::parse(&chain, &key, &self.provider)
    }

    /// What to serve public names with: from memory, else read from disk once.
    pub(super) fn held_public(&self, id: WebspaceId) -> Option<Arc<Held>> {
        if let Some(held) = self.index().public(id) {
            return Some(Arc::clone(held));
        }
        let read = Arc::new(self.read_public(&self.layout.folder(id))?);
        Some(self.index_mut().keep_public(id, read))
    }

    /// What lies on disk for the public names of a site; nothing where chain and key do not fit.
    pub(super) fn observed_public(
        &self,
        id: WebspaceId,
        site: Option<&Webspace>,
    ) -> Option<ObservedPublic> {
        let held = self.read_public(&self.layout.folder(id))?;
        let fingerprint = (held.issuer != STANDS_IN).then(|| held.fingerprint());
        let leaf = held.key.end_entity_cert().ok()?;
        let names = match site {
            Some(site) if fingerprint.is_some() => {
                let names = site.public_names().into_iter();
                names.filter(|name| covers(leaf, name)).collect()
            }
            _ => held.names.clone(),
        };
        Some(ObservedPublic {
            certificate: ObservedCertificate {
                names,
                issuer: held.issuer,
                ends_at: held.not_after,
                serial: held.serial,
            },
            fingerprint,
        })
    }
}

/// Removes both files from a folder.
pub(super) fn remove_public(folder: &Path) -> std::io::Result<()> {
    durable::remove(&public_certificate_in(folder))?;
    durable::remove(&public_key_in(folder))
}
