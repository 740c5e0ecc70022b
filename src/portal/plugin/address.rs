//! The addresses at which others call an installation, and how they are called.

use wabe_automation::installation::{Installed, signing_secret};
use wabe_package::Trigger;
use wabe_package::trigger::Auth;

/// One address.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// The whole of it.
    pub(crate) url: String,
    /// Whether a user name and the password open it.
    pub(crate) basic: bool,
    /// Whether a signature opens it.
    pub(crate) hmac: bool,
    /// The password as programs take it that sign by Standard Webhooks; may be empty.
    pub(crate) secret: String,
    /// A line to try it with; may be empty.
    pub(crate) example: String,
}

/// What stands for the password in an example.
const PASSWORD: &str = "PASSWORD";

/// The addresses of an installation below `base`; none when it has none.
pub(super) fn list(base: &str, found: &Installed, password: Option<&str>) -> Vec<Address> {
    let Some(slug) = &found.installation.webhook_slug else {
        return Vec::new();
    };
    let rights = found.rights();
    let triggers = found.version.manifest.triggers.iter();
    let one = |trigger: &Trigger| match trigger {
        Trigger::Webhook { path, auth } if rights.may_trigger(trigger) => {
            Some(address(&format!("{base}/{slug}/{path}"), auth, password))
        }
        _ => None,
    };
    triggers.filter_map(one).collect()
}

fn address(url: &str, auth: &[Auth], password: Option<&str>) -> Address {
    let (basic, hmac) = (auth.contains(&Auth::Basic), auth.contains(&Auth::Hmac));
    let secret = password.filter(|_| hmac).map(signing_secret);
    let password = password.unwrap_or(PASSWORD);
    let example = format!("curl -u wabe:{password} {url}");
    Address {
        url: url.to_owned(),
        basic,
        hmac,
        secret: secret.unwrap_or_default(),
        example: if basic { example } else { String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_there_for_who_can_use_it() {
        let both = address(
            "https://h.example/abc/update",
            &[Auth::Basic, Auth::Hmac],
            None,
        );
        assert_eq!(
            both.example,
            "curl -u wabe:PASSWORD https://h.example/abc/update"
        );
        assert!(both.basic && both.hmac && both.secret.is_empty());
        let signed = address("https://h.example/abc/push", &[Auth::Hmac], Some("x"));
        assert!(signed.example.is_empty());
        assert_eq!(signed.secret, "whsec_eA==");
    }
}
