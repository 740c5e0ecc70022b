//! The local certificate authority of the embedded default.
//!
//! Browsers on the machine of someone who tries the panel should open sites over real TLS. The root
//! is made once and may sign for names that never leave a machine only (plus suffixes given when it
//! was made): a stolen root key is worthless against the rest of the web, because the limit stands
//! in the root certificate itself. Invariants: the key file has mode 0600; leaves are never
//! authorities; no leaf outlives the root or 397 days.

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, SanType, SerialNumber,
};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use wabe_kernel::certificate::STANDS_IN;
use wabe_kernel::{Clock, DomainName, Rng, Secret, Timestamp};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

use crate::embedded::web::durable;

/// No public browser takes a leaf that lives longer. Source: CA/Browser Forum BR 6.3.2.
const LEAF_DAYS_MAX: u16 = 397;
const ROOT_DAYS: i64 = 3_650;
/// A root closer to its end than this is replaced when it is opened.
const ROOT_SPARE_DAYS: i64 = 30;

/// Why the authority cannot be opened or does not sign.
#[derive(Debug, thiserror::Error)]
pub enum CaFault {
    /// A file of the authority cannot be read or written.
    #[error("file of the local authority: {0}")]
    Io(#[from] std::io::Error),
    /// The stored root or its key is not usable; the word says what is wrong.
    #[error("stored local authority is damaged: {0}")]
    Damaged(&'static str),
    /// The root may not sign for this name.
    #[error("the local authority may not sign for this name: {0}")]
    NotPermitted(String),
    /// A certificate needs at least one name.
    #[error("no names given")]
    NoNames,
    /// Making a key or a certificate failed.
    #[error("making a certificate: {0}")]
    Making(#[from] rcgen::Error),
}

/// A fresh certificate with its key.
#[derive(Debug)]
pub struct Issued {
    /// The leaf in PEM.
    pub cert_pem: String,
    /// The private key in PEM (PKCS #8).
    pub key_pem: Secret,
    /// When it ends.
    pub not_after: Timestamp,
}

/// A name-constrained certificate authority whose key lies in a folder.
pub struct LocalCa {
    path: PathBuf,
    pem: String,
    issuer: Issuer<'static, KeyPair>,
    permitted: Vec<String>,
    not_after: Timestamp,
    roots: Arc<RootCertStore>,
    verifier: Arc<WebPkiServerVerifier>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl LocalCa {
    /// Opens the authority in `dir`, or makes one that may sign for `localhost`, `test`, loopback
    /// addresses and names within `suffixes`. Blocks on file work.
    ///
    /// A root that exists keeps the limits it was made with. One that has ended, or soon will, is
    /// replaced by a new one.
    pub fn open_or_create(
        dir: &Path,
        suffixes: &[DomainName],
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Self, CaFault> {
        let (path, key_path) = (dir.join("ca.pem"), dir.join("ca.key"));
        if path.try_exists()? {
            let found = Self::open(&path, &key_path, Arc::clone(&clock), Arc::clone(&rng))?;
            if found.not_after > clock.now().plus_days(ROOT_SPARE_DAYS) {
                return Ok(found);
            }
            tracing::warn!("the local certificate authority ends soon and is replaced");
        }
        std::fs::create_dir_all(dir)?;
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))?;
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
        let root = root_params(suffixes, clock.now(), &*rng).self_signed(&key)?;
        durable::replace(&key_path, key.serialize_pem().as_bytes(), 0o600)?;
        durable::replace(&path, root.pem().as_bytes(), 0o644)?;
        Self::open(&path, &key_path, clock, rng)
    }

    fn open(
        path: &Path,
        key_path: &Path,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Self, CaFault> {
        let pem = std::fs::read_to_string(path)?;
        std::fs::set_permissions(key_path, std::fs::Permissions::from_mode(0o600))?;
        let key = Secret::new(std::fs::read_to_string(key_path)?);
        let key = KeyPair::from_pem(key.expose()).map_err(|_wrong| CaFault::Damaged("key"))?;
        let der = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|_wrong| CaFault::Damaged("certificate"))?;
        let (not_after, permitted) = limits_of(&der, &key)?;
        let mut roots = RootCertStore::empty();
        roots
            .add(der.clone())
            .map_err(|_wrong| CaFault::Damaged("certificate"))?;
        let roots = Arc::new(roots);
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), provider)
            .build()
            .map_err(|_wrong| CaFault::Damaged("certificate"))?;
        Ok(Self {
            path: path.to_owned(),
            issuer: Issuer::from_ca_cert_der(&der, key)?,
            pem,
            permitted,
            not_after,
            roots,
            verifier,
            clock,
            rng,
        })
    }

    /// The root certificate in PEM, to be trusted by browsers and tools.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.pem
    }

    /// The file that holds [`Self::ca_pem`].
    #[must_use]
    pub fn ca_path(&self) -> &Path {
        &self.path
    }

    /// The root as the only trust anchor, for clients within this process.
    #[must_use]
    pub fn roots(&self) -> Arc<RootCertStore> {
        Arc::clone(&self.roots)
    }

    /// Issues a server certificate with a fresh P-256 key for exactly `names`: host names,
    /// `localhost` or loopback addresses.
    ///
    /// Units: `days` from now, at most 397; it never ends after the root.
    pub fn issue(&self, names: &[&str], days: u16) -> Result<Issued, CaFault> {
        if names.is_empty() {
            return Err(CaFault::NoNames);
        }
        let now = self.clock.now();
        let not_before = now.plus_seconds(-3_600);
        let wanted = now.plus_days(i64::from(days));
        let longest = not_before.plus_days(i64::from(LEAF_DAYS_MAX));
        let not_after = whole_second(wanted.min(longest).min(self.not_after));
        let mut params = CertificateParams::default();
        params.subject_alt_names = names
            .iter()
            .map(|name| self.alternative(name))
            .collect::<Result<_, _>>()?;
        params.distinguished_name = DistinguishedName::new();
        // An address there would be taken for a host name, which the limits of the root refuse (OpenSSL).
        let is_host = |name: &&&str| name.len() <= 64 && name.parse::<IpAddr>().is_err();
        if let Some(first) = names.first().filter(is_host) {
            params.distinguished_name.push(DnType::CommonName, *first);
        }
        set_life(&mut params, not_before, not_after);
        params.serial_number = Some(serial(&*self.rng));
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
        Ok(Issued {
            cert_pem: params.signed_by(&key, &self.issuer)?.pem(),
            key_pem: Secret::new(key.serialize_pem()),
            not_after,
        })
    }

    /// Whether `leaf` was signed by this authority, is valid now and covers `name`.
    #[must_use]
    pub fn trusts(&self, leaf: &CertificateDer<'_>, name: &str) -> bool {
        let Ok(name) = ServerName::try_from(name) else {
            return false;
        };
        let now = unix_time(self.clock.now());
        self.verifier
            .verify_server_cert(leaf, &[], &name, &[], now)
            .is_ok()
    }

    fn alternative(&self, name: &str) -> Result<SanType, CaFault> {
        let refused = || CaFault::NotPermitted(name.to_owned());
        if let Ok(address) = name.parse::<IpAddr>() {
            return if address.is_loopback() {
                Ok(SanType::IpAddress(address))
            } else {
                Err(refused())
            };
        }
        let plain = name == "localhost"
            || name
                .parse::<DomainName>()
                .is_ok_and(|host| host.as_str() == name);
        let within = self.permitted.iter().any(|suffix| {
            name.strip_suffix(suffix.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        if plain && within {
            Ok(SanType::DnsName(name.try_into()?))
        } else {
            Err(refused())
        }
    }
}

/// Makes a certificate for `names` that nobody signed but itself: browsers warn of it, and a site whose
/// certificate is on its way answers nevertheless.
///
/// Units: `days` from now.
pub(crate) fn stand_in(
    names: &[DomainName],
    days: i64,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<Issued, CaFault> {
    if names.is_empty() {
        return Err(CaFault::NoNames);
    }
    let not_after = whole_second(now.plus_days(days));
    let mut params = CertificateParams::default();
    params.subject_alt_names = names
        .iter()
        .map(|name| Ok(SanType::DnsName(name.as_str().try_into()?)))
        .collect::<Result<_, rcgen::Error>>()?;
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, STANDS_IN);
    set_life(&mut params, now.plus_seconds(-3_600), not_after);
    params.serial_number = Some(serial(rng));
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    Ok(Issued {
        cert_pem: params.self_signed(&key)?.pem(),
        key_pem: Secret::new(key.serialize_pem()),
        not_after,
    })
}

fn root_params(suffixes: &[DomainName], now: Timestamp, rng: &dyn Rng) -> CertificateParams {
    let names = ["localhost", "test"]
        .into_iter()
        .chain(suffixes.iter().map(DomainName::as_str));
    let mut permitted: Vec<_> = names
        .map(|name| GeneralSubtree::DnsName(name.to_owned()))
        .collect();
    permitted.push(GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(
        [127, 0, 0, 0],
        8,
    )));
    permitted.push(GeneralSubtree::IpAddress(CidrSubnet::V6(
        std::net::Ipv6Addr::LOCALHOST.octets(),
        [0xff; 16],
    )));
    let mut params = CertificateParams::default();
    let mark = u32::from_le_bytes(wabe_kernel::rng::random(rng));
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Wabe");
    params.distinguished_name.push(
        DnType::CommonName,
        format!("Wabe local authority {mark:08x}"),
    );
    set_life(&mut params, now.plus_days(-1), now.plus_days(ROOT_DAYS));
    params.serial_number = Some(serial(rng));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: permitted,
        excluded_subtrees: Vec::new(),
    });
    params
}

/// The end of a stored root and the DNS names it may sign for; refuses a root that is no authority,
/// has no limits, or does not belong to `key`.
fn limits_of(der: &CertificateDer<'_>, key: &KeyPair) -> Result<(Timestamp, Vec<String>), CaFault> {
    let (_, root) =
        X509Certificate::from_der(der).map_err(|_wrong| CaFault::Damaged("certificate"))?;
    if !root.is_ca() || root.public_key().subject_public_key.data != key.public_key_raw() {
        return Err(CaFault::Damaged("certificate and key differ"));
    }
    let subtrees = root
        .name_constraints()
        .ok()
        .flatten()
        .and_then(|found| found.value.permitted_subtrees.as_ref())
        .ok_or(CaFault::Damaged("no name constraints"))?;
    let permitted = subtrees
        .iter()
        .filter_map(|subtree| match subtree.base {
            GeneralName::DNSName(name) => Some(name.to_owned()),
            _ => None,
        })
        .collect();
    let end = root.validity().not_after.timestamp();
    Ok((Timestamp(0).plus_seconds(end), permitted))
}

fn serial(rng: &dyn Rng) -> SerialNumber {
    let mut bytes: [u8; 16] = wabe_kernel::rng::random(rng);
    // Positive and of full length, as RFC 5280 4.1.2.2 wants it.
    bytes[0] = (bytes[0] & 0x3f) | 0x40;
    SerialNumber::from_slice(&bytes)
}

fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp(0).plus_seconds(at.seconds_since(Timestamp(0)))
}

fn since_epoch(at: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(at.seconds_since(Timestamp(0))).unwrap_or(0))
}

/// `at` as the TLS library wants it; times before 1970 count as 1970.
pub(crate) fn unix_time(at: Timestamp) -> UnixTime {
    UnixTime::since_unix_epoch(since_epoch(at))
}

fn set_life(params: &mut CertificateParams, from: Timestamp, to: Timestamp) {
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    params.not_before = epoch + since_epoch(from);
    params.not_after = epoch + since_epoch(to);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::web::tests::{FixedClock, SeededRng};

    fn authority(dir: &Path) -> LocalCa {
        LocalCa::open_or_create(dir, &[], FixedClock::new(), SeededRng::new()).unwrap()
    }

    fn leaf(issued: &Issued) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(issued.cert_pem.as_bytes()).unwrap()
    }

    #[test]
    fn a_leaf_is_trusted_for_its_own_names_and_is_no_authority() {
        let dir = tempfile::tempdir().unwrap();
        let ca = authority(dir.path());
        let issued = ca
            .issue(&["a.localhost", "b.test", "localhost"], 90)
            .unwrap();
        let der = leaf(&issued);
        assert!(ca.trusts(&der, "a.localhost") && ca.trusts(&der, "localhost"));
        assert!(!ca.trusts(&der, "c.localhost"));
        let (_, parsed) = X509Certificate::from_der(&der).unwrap();
        assert!(!parsed.is_ca());
        assert_eq!(
            parsed.validity().not_after.timestamp(),
            issued.not_after.0 / 1_000_000
        );
    }

    #[test]
    fn a_leaf_lives_at_most_397_days() {
        let dir = tempfile::tempdir().unwrap();
        let issued = authority(dir.path()).issue(&["a.test"], 9_999).unwrap();
        let der = leaf(&issued);
        let (_, parsed) = X509Certificate::from_der(&der).unwrap();
        let life =
            parsed.validity().not_after.timestamp() - parsed.validity().not_before.timestamp();
        assert!(life <= 397 * 86_400, "{life}");
    }

    #[test]
    fn an_address_is_no_common_name() {
        let dir = tempfile::tempdir().unwrap();
        let issued = authority(dir.path()).issue(&["127.0.0.2"], 9).unwrap();
        let der = leaf(&issued);
        let (_, parsed) = X509Certificate::from_der(&der).unwrap();
        assert_eq!(parsed.subject().iter_common_name().count(), 0);
    }

    #[test]
    fn names_outside_the_limits_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let ca = authority(dir.path());
        for name in [
            "example.com",
            "test.com",
            "nottest",
            "192.0.2.1",
            "*.test",
            "A.test",
            "",
        ] {
            assert!(ca.issue(&[name], 9).is_err(), "{name:?}");
        }
        assert!(ca.issue(&["127.0.0.1", "::1"], 9).is_ok());
        assert!(matches!(ca.issue(&[], 9), Err(CaFault::NoNames)));
    }

    #[test]
    fn the_root_is_kept_its_key_is_private_and_extra_suffixes_are_allowed() {
        let dir = tempfile::tempdir().unwrap();
        let suffix = ["sonne.example".parse().unwrap()];
        let open = || {
            LocalCa::open_or_create(dir.path(), &suffix, FixedClock::new(), SeededRng::new())
                .unwrap()
        };
        let first = open();
        let issued = first.issue(&["www.sonne.example"], 9).unwrap();
        let again = open();
        assert_eq!(first.ca_pem(), again.ca_pem());
        assert!(again.trusts(&leaf(&issued), "www.sonne.example"));
        let mode = std::fs::metadata(dir.path().join("ca.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_foreign_authority_is_not_trusted() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let issued = authority(one.path()).issue(&["a.test"], 9).unwrap();
        assert!(!authority(two.path()).trusts(&leaf(&issued), "a.test"));
    }
}
