//! How a private instance is reached from beside this machine: where it listens, and what it proves itself with.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use wabe_kernel::{RemoteWay, Secret};

use crate::daemon::account::Account;
use crate::embedded::web::durable;

/// What an instance needs for programs elsewhere. Where there is none, it listens on loopback alone and speaks no
/// TLS.
#[derive(Debug, Clone)]
pub struct Outside {
    /// The name that programs use, and that the certificate is good for.
    pub host: String,
    /// Addresses of this machine that it listens on beside loopback.
    pub listen: Vec<IpAddr>,
    /// The certificate, in PEM.
    pub certificate: String,
    /// Its key, in PEM.
    pub key: Secret,
    /// The authority that signed it, in PEM.
    pub authority: String,
}

/// Where certificate and key lie in the folder of an instance.
pub(crate) const CERTIFICATE: &str = "server.pem";
pub(crate) const KEY: &str = "server.key";

impl Outside {
    /// Writes certificate and key into the folder of an instance, for it alone; where nobody comes from elsewhere,
    /// those of an earlier start go. Blocks.
    pub(crate) fn lay(
        outside: Option<&Self>,
        folder: &Path,
        account: Option<Account>,
    ) -> io::Result<()> {
        let (key, certificate) = (folder.join(KEY), folder.join(CERTIFICATE));
        let Some(outside) = outside else {
            durable::remove(&key)?;
            return durable::remove(&certificate);
        };
        let readers = account.map(Account::group);
        durable::replace_secret(&key, outside.key.expose().as_bytes(), readers)?;
        durable::replace_secret(&certificate, outside.certificate.as_bytes(), readers)
    }

    /// How programs elsewhere come to the instance.
    pub(crate) fn way(outside: Option<&Self>) -> RemoteWay {
        outside.map_or(RemoteWay::Off, |outside| RemoteWay::On {
            host: outside.host.clone(),
            authority: Some(outside.authority.clone()),
        })
    }

    /// Where an instance listens, each once, with commas between.
    pub(crate) fn addresses(outside: Option<&Self>) -> String {
        let mut addresses = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
        for address in outside.into_iter().flat_map(|outside| &outside.listen) {
            if !addresses.contains(address) {
                addresses.push(*address);
            }
        }
        let texts: Vec<String> = addresses.iter().map(IpAddr::to_string).collect();
        texts.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::{CERTIFICATE, KEY, Outside};
    use std::os::unix::fs::PermissionsExt as _;
    use wabe_kernel::{RemoteWay, Secret};

    fn outside() -> Outside {
        Outside {
            host: "db.test".to_owned(),
            listen: ["192.0.2.1", "127.0.0.1", "2001:db8::1", "192.0.2.1"]
                .map(|text| text.parse().unwrap())
                .to_vec(),
            certificate: "CERTIFICATE".to_owned(),
            key: Secret::new("KEY"),
            authority: "PEM".to_owned(),
        }
    }

    #[test]
    fn a_key_is_for_the_instance_alone_and_goes_when_nobody_comes_from_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let (key, certificate) = (folder.path().join(KEY), folder.path().join(CERTIFICATE));
        Outside::lay(Some(&outside()), folder.path(), None).unwrap();
        assert_eq!(std::fs::read_to_string(&key).unwrap(), "KEY");
        assert_eq!(
            std::fs::read_to_string(&certificate).unwrap(),
            "CERTIFICATE"
        );
        let mode = std::fs::metadata(&key).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for _twice in 0..2 {
            Outside::lay(None, folder.path(), None).unwrap();
            assert!(!key.exists() && !certificate.exists());
        }
    }

    #[test]
    fn an_instance_listens_on_loopback_and_where_it_is_told() {
        assert_eq!(Outside::addresses(None), "127.0.0.1");
        assert_eq!(Outside::way(None), RemoteWay::Off);
        let outside = outside();
        let addresses = Outside::addresses(Some(&outside));
        assert_eq!(addresses, "127.0.0.1,192.0.2.1,2001:db8::1");
        assert_eq!(Outside::way(Some(&outside)).authority(), Some("PEM"));
    }
}
