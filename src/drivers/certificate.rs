//! Certificates that come from elsewhere: read, judged, and written down in one form.
//!
//! What is wrong is said by field, so that whoever handed a certificate in can mend it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use wabe_kernel::certificate::{Bundle, CertificateText, Checked, Inspector, KeyText, Told};
use wabe_kernel::{DomainName, FieldErrors, Problem, Secret, Timestamp};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;

use crate::embedded::web::certificate::told_by;
use crate::embedded::web::public::{covers, fingerprint};

/// Certificates of a chain, the leaf among them.
const CHAIN_MAX: usize = 8;
/// Bits of an RSA key that browsers take. Source: CA/Browser Forum BR 6.1.5.
const RSA_BITS_MIN: usize = 2_048;
/// Letters of a line. Source: RFC 7468 2.
const LINE: usize = 64;

/// Where a certificate is typed.
const CERTIFICATE: &str = "certificate";
/// Where its key is.
const PRIVATE_KEY: &str = "private_key";

/// Looks at certificates with the house's own cryptography.
pub struct Certificates {
    provider: CryptoProvider,
}

impl Default for Certificates {
    fn default() -> Self {
        Self {
            provider: rustls::crypto::aws_lc_rs::default_provider(),
        }
    }
}

fn wrong(field: &str, problem: Problem) -> FieldErrors {
    FieldErrors::one(field, problem)
}

fn not_pem() -> FieldErrors {
    wrong(CERTIFICATE, Problem::new("certificate-not-pem"))
}

/// The certificates of a text, in its order.
fn chain_of(text: &str) -> Option<Vec<CertificateDer<'static>>> {
    let all = CertificateDer::pem_slice_iter(text.as_bytes());
    let all: Vec<_> = all.collect::<Result<_, _>>().ok()?;
    (!all.is_empty()).then_some(all)
}

/// One section of PEM. Source: RFC 7468.
fn pem(label: &str, der: &[u8]) -> Secret {
    let digits = Secret::new(STANDARD.encode(der));
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = digits.expose();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(LINE));
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    Secret::new(text)
}

impl Certificates {
    /// Whether an issued chain and the key that was made for it are fit to be served.
    ///
    /// # Errors
    /// What is wrong.
    pub(crate) fn judge(
        &self,
        chain: &str,
        key: &str,
        now: Timestamp,
    ) -> Result<Checked, FieldErrors> {
        let chain = chain_of(chain).ok_or_else(not_pem)?;
        let parsed: Vec<X509Certificate<'_>> = chain
            .iter()
            .map(|der| X509Certificate::from_der(der).map(|(_, parsed)| parsed))
            .collect::<Result<_, _>>()
            .map_err(|_broken| not_pem())?;
        let starts_at = ordered(&parsed).and_then(|leaf| in_its_time(leaf, now))?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes())
            .map_err(|_broken| wrong(PRIVATE_KEY, Problem::new("key-not-pem")))?;
        let label = match &key {
            PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
            PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
            _ => "PRIVATE KEY",
        };
        let key_text = pem(label, key.secret_der());
        let told = told_by(chain.first().ok_or_else(not_pem)?).ok_or_else(|| {
            // Names stand in an extension; browsers read nothing else.
            wrong(CERTIFICATE, Problem::new("certificate-without-names"))
        })?;
        drop(parsed);
        let text: Vec<Secret> = chain.iter().map(|der| pem("CERTIFICATE", der)).collect();
        let stands_for = fingerprint(chain.iter().map(AsRef::as_ref));
        let fits = CertifiedKey::from_der(chain, key, &self.provider);
        fits.map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                wrong(PRIVATE_KEY, Problem::new("key-other"))
            }
            _ => wrong(PRIVATE_KEY, Problem::new("key-kind")),
        })?;
        Ok(Checked {
            bundle: Bundle {
                chain: text.iter().map(Secret::expose).collect(),
                key: key_text,
            },
            told: Told {
                fingerprint: stands_for,
                serial: told.serial,
                names: told.names,
                issuer: told.issuer,
                starts_at,
                ends_at: told.ends_at,
            },
        })
    }
}

/// The leaf of a chain whose certificates each signed the one before; an authority alone at its front is
/// the usual mistake.
fn ordered<'c, 'd>(
    chain: &'c [X509Certificate<'d>],
) -> Result<&'c X509Certificate<'d>, FieldErrors> {
    let order = || wrong(CERTIFICATE, Problem::new("certificate-order"));
    let leaf = chain.first().ok_or_else(not_pem)?;
    if leaf.is_ca() || chain.len() > CHAIN_MAX {
        return Err(order());
    }
    let signed = |pair: &[X509Certificate<'_>]| match pair {
        [below, above] => above.is_ca() && below.issuer().as_raw() == above.subject().as_raw(),
        _ => true,
    };
    if !chain.windows(2).all(signed) {
        return Err(order());
    }
    let problem = match leaf.public_key().parsed() {
        Ok(PublicKey::RSA(key)) if key.key_size() < RSA_BITS_MIN => {
            Problem::new("key-weak").with("min", RSA_BITS_MIN)
        }
        Ok(PublicKey::RSA(_) | PublicKey::EC(_)) => return Ok(leaf),
        _ => Problem::new("key-kind"),
    };
    Err(wrong(CERTIFICATE, problem))
}

/// Since when a leaf is valid.
fn in_its_time(leaf: &X509Certificate<'_>, now: Timestamp) -> Result<Timestamp, FieldErrors> {
    let at = |seconds: i64| Timestamp(0).plus_seconds(seconds);
    let starts_at = at(leaf.validity().not_before.timestamp());
    let ends_at = at(leaf.validity().not_after.timestamp());
    if ends_at <= now {
        return Err(wrong(CERTIFICATE, Problem::new("certificate-expired")));
    }
    if starts_at > now {
        return Err(wrong(CERTIFICATE, Problem::new("certificate-early")));
    }
    Ok(starts_at)
}

impl Inspector for Certificates {
    fn inspect(
        &self,
        chain: &CertificateText,
        key: &KeyText,
        now: Timestamp,
    ) -> Result<Checked, FieldErrors> {
        self.judge(chain.as_str(), key.expose(), now)
    }

    fn uncovered(&self, chain: &str, names: &[DomainName]) -> Option<DomainName> {
        let leaf = chain_of(chain).and_then(|chain| chain.into_iter().next());
        let covered = |name: &&DomainName| leaf.as_ref().is_some_and(|leaf| covers(leaf, name));
        names.iter().find(|name| !covered(name)).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::ca::unix_time;
    use crate::embedded::web::tests::FixedClock;
    use proptest::prelude::*;
    use rcgen::{
        BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    };
    use wabe_kernel::{Clock as _, Field as _};

    /// An authority, a leaf of it and the leaf's key.
    struct Made {
        root: String,
        leaf: String,
        key: String,
    }

    fn made(days: (i64, i64)) -> Made {
        let now = FixedClock::new().now();
        let epoch = rcgen::date_time_ymd(1970, 1, 1);
        let since = |days: i64| unix_time(now.plus_days(days)).as_secs();
        let day = |days: i64| epoch + std::time::Duration::from_secs(since(days));
        let mut root = CertificateParams::default();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        root.distinguished_name
            .push(DnType::CommonName, "Some authority");
        (root.not_before, root.not_after) = (day(-100), day(1_000));
        let root_key = KeyPair::generate().unwrap();
        let root_pem = root.self_signed(&root_key).unwrap().pem();
        let issuer = Issuer::new(root, root_key);
        let names = ["www.sonne.example".to_owned(), "*.mond.example".to_owned()];
        let mut leaf = CertificateParams::new(names).unwrap();
        (leaf.not_before, leaf.not_after) = (day(days.0), day(days.1));
        let key = KeyPair::generate().unwrap();
        Made {
            leaf: leaf.signed_by(&key, &issuer).unwrap().pem(),
            key: key.serialize_pem(),
            root: root_pem,
        }
    }

    fn inspected(chain: &str, key: &str) -> Result<Checked, FieldErrors> {
        let chain = CertificateText::from_text(chain).unwrap();
        let key = KeyText::from_text(key).unwrap();
        Certificates::default().inspect(&chain, &key, FixedClock::new().now())
    }

    fn complaint(chain: &str, key: &str) -> (String, &'static str) {
        let errors = inspected(chain, key).unwrap_err();
        let (field, problem) = errors.0.into_iter().next().unwrap();
        (field, problem.code)
    }

    #[test]
    fn a_good_chain_is_taken_and_written_down_in_one_form() {
        let made = made((-1, 60));
        let noisy = format!("bag attributes\r\n{}{}", made.leaf, made.root);
        let checked = inspected(&noisy, &made.key).unwrap();
        assert_eq!(checked.told.issuer, "Some authority");
        assert_eq!(checked.told.names.len(), 1, "patterns are no names");
        assert!(!checked.bundle.chain.contains("bag") && !checked.bundle.chain.contains('\r'));
        let again = inspected(&checked.bundle.chain, checked.bundle.key.expose()).unwrap();
        assert_eq!(again.told, checked.told);
    }

    #[test]
    fn names_are_covered_by_themselves_and_by_patterns() {
        let made = made((-1, 60));
        let name = |text: &str| text.parse::<DomainName>().unwrap();
        let certificates = Certificates::default();
        let covered = [name("www.sonne.example"), name("shop.mond.example")];
        assert_eq!(certificates.uncovered(&made.leaf, &covered), None);
        for other in ["sonne.example", "mond.example", "a.b.mond.example"] {
            let names = [covered[0].clone(), name(other)];
            assert_eq!(
                certificates.uncovered(&made.leaf, &names),
                Some(name(other))
            );
        }
        assert_eq!(
            certificates.uncovered("nothing", &covered),
            Some(covered[0].clone())
        );
    }

    #[test]
    fn what_is_wrong_is_said_where_it_was_typed() {
        let (good, other) = (made((-1, 60)), made((-1, 60)));
        let in_certificate = |code| ("certificate".to_owned(), code);
        let in_key = |code| ("private_key".to_owned(), code);
        let full = format!("{}{}", good.leaf, good.root);
        assert_eq!(complaint(&full, &other.key), in_key("key-other"));
        let turned = format!("{}{}", good.root, good.leaf);
        assert_eq!(
            complaint(&turned, &good.key),
            in_certificate("certificate-order")
        );
        let twice = format!("{}{}", good.leaf, good.leaf);
        assert_eq!(
            complaint(&twice, &good.key),
            in_certificate("certificate-order")
        );
        let broken = good.leaf.replace("MII", "AAA");
        assert_eq!(
            complaint(&broken, &good.key),
            in_certificate("certificate-not-pem")
        );
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert_eq!(complaint(&full, key), in_key("key-kind"));
        let old = made((-90, -1));
        assert_eq!(
            complaint(&old.leaf, &old.key),
            in_certificate("certificate-expired")
        );
        let early = made((1, 60));
        assert_eq!(
            complaint(&early.leaf, &early.key),
            in_certificate("certificate-early")
        );
    }

    proptest! {
        #[test]
        fn any_text_is_a_certificate_or_a_complaint(
            place in 0_usize..2_000, digit in "[A-Za-z0-9+/=\n-]", noise in "[ -~\n]{0,80}",
        ) {
            let made = made((-1, 60));
            let mut bent = made.leaf.clone();
            let place = place % bent.len();
            bent.replace_range(place..=place, &digit);
            let (certificates, now) = (Certificates::default(), FixedClock::new().now());
            for (chain, key) in [
                (bent.as_str(), made.key.as_str()),
                (noise.as_str(), made.key.as_str()),
                (made.leaf.as_str(), noise.as_str()),
            ] {
                match certificates.judge(chain, key, now) {
                    Ok(checked) => prop_assert!(checked.told.ends_at > now),
                    Err(errors) => prop_assert!(!errors.is_empty()),
                }
                prop_assert!(certificates.uncovered(chain, &[]).is_none());
            }
        }
    }

    #[test]
    fn keys_that_browsers_do_not_take_are_refused() {
        let mut params = CertificateParams::new(["a.example".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2027, 1, 1);
        let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        let leaf = params.self_signed(&key).unwrap().pem();
        assert_eq!(complaint(&leaf, &key.serialize_pem()).1, "key-kind");
    }
}
