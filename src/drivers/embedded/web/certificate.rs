//! The certificate of a webspace or a redirect: made, put in place, read back, judged.

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use std::path::Path;
use std::sync::Arc;
use wabe_kernel::desired::{ObservedCertificate, StepFailure};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{DomainName, Secret, Timestamp};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use crate::embedded::ca::CaFault;
use crate::embedded::web::layout::{certificate_in, key_in};
use crate::embedded::web::public::fingerprint;
use crate::embedded::web::{Sites, durable};

/// How long a certificate of the local authority lives, in days.
const DAYS: u16 = 90;

/// A certificate that is ready to serve.
pub(super) struct Held {
    pub(super) key: Arc<CertifiedKey>,
    /// The host names it covers.
    pub(super) names: Vec<DomainName>,
    /// Who signed it.
    pub(super) issuer: String,
    pub(super) not_after: Timestamp,
    /// Its serial number, in hexadecimal digits.
    pub(super) serial: String,
}

impl Held {
    /// From PEM; none when it does not parse or the key belongs to another certificate.
    pub(super) fn parse(
        cert_pem: &str,
        key_pem: &Secret,
        provider: &CryptoProvider,
    ) -> Option<Self> {
        let chain: Vec<CertificateDer<'static>> =
            CertificateDer::pem_slice_iter(cert_pem.as_bytes())
                .collect::<Result<_, _>>()
                .ok()?;
        let key = PrivateKeyDer::from_pem_slice(key_pem.expose().as_bytes()).ok()?;
        let key = CertifiedKey::from_der(chain, key, provider).ok()?;
        let told = told_by(key.end_entity_cert().ok()?)?;
        Some(Self {
            key: Arc::new(key),
            names: told.names,
            issuer: told.issuer,
            not_after: told.ends_at,
            serial: told.serial,
        })
    }

    /// Stands for exactly its chain.
    pub(super) fn fingerprint(&self) -> String {
        fingerprint(self.key.cert.iter().map(AsRef::as_ref))
    }
}

/// What a leaf says of itself.
pub(crate) fn told_by(leaf: &[u8]) -> Option<ObservedCertificate> {
    let (_, leaf) = X509Certificate::from_der(leaf).ok()?;
    let alternatives = leaf.subject_alternative_name().ok().flatten()?;
    let names = alternatives.value.general_names.iter();
    let names = names.filter_map(|name| match name {
        GeneralName::DNSName(name) => name.parse().ok(),
        _ => None,
    });
    let end = leaf.validity().not_after.timestamp();
    Some(ObservedCertificate {
        names: names.collect(),
        issuer: signer(leaf.issuer()),
        ends_at: Timestamp(0).plus_seconds(end),
        serial: leaf.raw_serial_as_string(),
    })
}

/// A signer as browsers name it: the organisation, then what it calls this key.
fn signer(name: &X509Name<'_>) -> String {
    let text = |part: Option<&AttributeTypeAndValue<'_>>| {
        let text = part.and_then(|part| part.as_str().ok()).unwrap_or("");
        let plain: String = text.chars().filter(|c| !c.is_control()).collect();
        plain.trim().to_owned()
    };
    let organization = text(name.iter_organization().next());
    let own = text(name.iter_common_name().next());
    if own.starts_with(&organization) {
        own
    } else {
        format!("{organization} {own}").trim().to_owned()
    }
}

/// Writes a certificate and its key. The key first: after a crash in between the two differ, and the pair
/// counts as missing.
pub(super) fn put_pair(
    (key_path, path): (&Path, &Path),
    (chain, key): (&str, &Secret),
    readers: Option<u32>,
) -> std::io::Result<()> {
    durable::replace_secret(key_path, key.expose().as_bytes(), readers)?;
    durable::replace(path, chain.as_bytes(), 0o644)
}

impl Sites {
    /// Issues a certificate for exactly `names` and puts it in place, visible at once.
    pub(super) fn issue(&self, id: WebspaceId, names: &[DomainName]) -> Result<(), StepFailure> {
        let held = self.issue_into(&self.layout.folder(id), names)?;
        self.index_mut().put_certificate(id, Arc::new(held));
        Ok(())
    }

    /// Issues a certificate for exactly `names` and puts it on disk.
    pub(super) fn issue_into(
        &self,
        folder: &Path,
        names: &[DomainName],
    ) -> Result<Held, StepFailure> {
        let plain: Vec<&str> = names.iter().map(DomainName::as_str).collect();
        let issued = self.ca.issue(&plain, DAYS).map_err(|fault| match fault {
            CaFault::NotPermitted(_) => StepFailure::new("certificate-name-not-permitted", fault),
            fault => StepFailure::new("certificate-failed", fault),
        })?;
        let held = Held::parse(&issued.cert_pem, &issued.key_pem, &self.provider)
            .ok_or_else(|| StepFailure::new("certificate-failed", "reads back otherwise"))?;
        let written = |fault: std::io::Error| StepFailure::new("files-failed", fault);
        std::fs::create_dir_all(folder).map_err(written)?;
        let place = (key_in(folder), certificate_in(folder));
        let readers = self.readers.get().copied();
        let pair = (issued.cert_pem.as_str(), &issued.key_pem);
        put_pair((&place.0, &place.1), pair, readers).map_err(written)?;
        Ok(held)
    }

    /// The certificate as it lies on disk; none when missing or unusable.
    pub(super) fn read_certificate(&self, folder: &Path) -> Option<Held> {
        let cert = std::fs::read_to_string(certificate_in(folder)).ok()?;
        let key = Secret::new(std::fs::read_to_string(key_in(folder)).ok()?);
        Held::parse(&cert, &key, &self.provider)
    }

    /// The certificate to serve: from memory, else read from disk once.
    pub(super) fn held_certificate(&self, id: WebspaceId) -> Option<Arc<Held>> {
        if let Some(held) = self.index().certificate(id) {
            return Some(Arc::clone(held));
        }
        let read = Arc::new(self.read_certificate(&self.layout.folder(id))?);
        Some(self.index_mut().keep_certificate(id, read))
    }

    /// The certificate on disk, when the authority vouches for each of its names now.
    pub(super) fn usable_certificate(&self, folder: &Path) -> Option<ObservedCertificate> {
        let held = self.read_certificate(folder)?;
        let leaf = held.key.end_entity_cert().ok()?;
        let vouched = |name: &DomainName| self.ca.trusts(leaf, name.as_str());
        let usable = !held.names.is_empty() && held.names.iter().all(vouched);
        usable.then_some(ObservedCertificate {
            names: held.names,
            issuer: held.issuer,
            ends_at: held.not_after,
            serial: held.serial,
        })
    }
}
