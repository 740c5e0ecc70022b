//! `wabe demo code`: what the authenticator apps of the demo's staff would show now.

use crate::cli_say as say;
use crate::data_dir::DataDir;
use crate::demo::kept_accounts;
use crate::system::SystemClock;
use std::path::Path;
use wabe_identity::factor::code::{STEP_SECONDS, TotpSecret, step_of};
use wabe_kernel::{Clock as _, Fault, Timestamp};

/// One line for each account with an app, or for the one with this address.
fn lines(
    accounts: &[crate::ready::Account],
    email: Option<&str>,
    now: Timestamp,
) -> Result<Vec<String>, Fault> {
    let left = STEP_SECONDS - now.0.div_euclid(1_000_000).rem_euclid(STEP_SECONDS);
    let mut lines = Vec::new();
    for account in accounts {
        let secret = account
            .totp_secret
            .as_deref()
            .and_then(TotpSecret::from_text);
        let wanted = email.is_none_or(|email| email == account.email);
        if let (Some(secret), true) = (secret, wanted) {
            let code = secret.code(step_of(now))?;
            let (email, code) = (&account.email, code.expose());
            lines.push(format!("{code}  {email}  ({left} s)"));
        }
    }
    Ok(lines)
}

/// Prints the present codes.
///
/// # Errors
/// When there is no demo in the data folder, or nobody with an app and this address.
pub(crate) fn print(data: &Path, email: Option<&str>) -> Result<(), Fault> {
    let accounts = kept_accounts(&DataDir::open(data)?)?;
    let accounts = accounts.ok_or(Fault::new(
        "find a demo in this data folder; name it with --data",
    ))?;
    let lines = lines(&accounts, email, SystemClock::default().now())?;
    if lines.is_empty() {
        return Err(Fault::new("find somebody of this address with an app"));
    }
    for line in lines {
        say(&line);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::ready::Account;
    use wabe_kernel::Timestamp;

    #[test]
    fn only_who_has_an_app_has_a_code() {
        let account = |email: &str, secret: Option<&str>| Account {
            role: "support".to_owned(),
            email: email.to_owned(),
            password: String::new(),
            customer: None,
            totp_secret: secret.map(str::to_owned),
        };
        let secret = Some("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let all = [account("a@b.test", None), account("c@d.test", secret)];
        let now = Timestamp(59_000_000);
        let found = lines(&all, None, now).unwrap();
        assert_eq!(found, ["287082  c@d.test  (1 s)"]);
        assert!(lines(&all, Some("a@b.test"), now).unwrap().is_empty());
    }
}
