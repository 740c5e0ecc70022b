//! Codes of authenticator apps: HMAC-SHA-1, six digits, 30 seconds, 160 bits. Source: RFC 6238, bar 3.6 T1.

use data_encoding::BASE32_NOPAD;
use totp_rs::Builder;
use wabe_kernel::rng::random;
use wabe_kernel::{Fault, Rng, Secret, Timestamp};
use zeroize::Zeroizing;

/// How long a code is shown, in seconds.
pub const STEP_SECONDS: i64 = 30;

/// How the app calls this installation.
const ISSUER: &str = "Wabe";

/// The step of a moment.
#[must_use]
pub const fn step_of(now: Timestamp) -> i64 {
    now.0.div_euclid(STEP_SECONDS * 1_000_000)
}

/// What an app and this installation share.
pub struct TotpSecret(Zeroizing<[u8; 20]>);

impl TotpSecret {
    /// A new one.
    #[must_use]
    pub fn new(rng: &dyn Rng) -> Self {
        Self(Zeroizing::new(random(rng)))
    }

    /// The secret of these bytes; nothing when they are fewer or more.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Zeroizing::new).map(Self)
    }

    /// The secret of a text as [`TotpSecret::text`] writes it.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).map(Zeroizing::new);
        Self::from_bytes(&bytes.ok()?)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// As apps take it: 32 letters and digits.
    #[must_use]
    pub fn text(&self) -> Secret {
        Secret::new(BASE32_NOPAD.encode(self.bytes()))
    }

    /// What an app reads from the picture. Source: Google Authenticator, Key Uri Format.
    #[must_use]
    pub fn uri(&self, account: &str) -> Secret {
        // What an address is made of needs no escape in a path, but for these.
        let account = account.replace('%', "%25").replace(['/', '?', '#'], "");
        Secret::new(format!(
            "otpauth://totp/{ISSUER}:{account}?secret={}&issuer={ISSUER}&algorithm=SHA1&digits=6&period=30",
            self.text().expose()
        ))
    }

    /// The code of a step.
    ///
    /// # Errors
    /// A fault for steps before 1970.
    pub fn code(&self, step: i64) -> Result<Secret, Fault> {
        let failed = || Fault::new("compute a code");
        let seconds = u64::try_from(step * STEP_SECONDS).map_err(|_before| failed())?;
        let secret = totp_rs::Secret::new_stack(*self.0);
        let totp = Builder::new().with_secret(secret).build();
        let totp = totp.map_err(|_wrong| failed())?;
        Ok(Secret::new(totp.generate(seconds).to_string()))
    }

    /// The step whose code was typed: the present one, or one of so many before it. All of them are
    /// looked at, whichever fits.
    pub(crate) fn step_typed(
        &self,
        typed: &Secret,
        (now, drift): (Timestamp, i64),
    ) -> Result<Option<i64>, Fault> {
        let typed: String = typed.expose().split_whitespace().collect();
        let typed = Secret::new(typed);
        let mut found = None;
        for back in 0..=drift {
            let step = step_of(now) - back;
            if self.code(step)?.verify(typed.expose()) {
                found = Some(step);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }

    // RFC 6238, appendix B, the last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code(step_of(at(seconds))).unwrap().expose(), code);
        }
        assert_eq!(secret.text().expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let again = TotpSecret::from_text(secret.text().expose()).unwrap();
        assert_eq!(again.bytes(), secret.bytes());
        assert!(TotpSecret::from_text("GEZD").is_none());
    }

    // 3.6 T1
    #[test]
    fn one_step_before_fits_where_it_may_and_nothing_else() {
        let secret = TotpSecret::from_bytes(&[7; 20]).unwrap();
        let now = at(1_000_000_015);
        let present = step_of(now);
        let typed = |step| {
            let code = secret.code(step).unwrap();
            let found = |drift| secret.step_typed(&code, (now, drift)).unwrap();
            (found(1), found(0))
        };
        assert_eq!(typed(present), (Some(present), Some(present)));
        assert_eq!(typed(present - 1), (Some(present - 1), None));
        assert_eq!(typed(present - 2), (None, None));
        assert_eq!(typed(present + 1), (None, None));
        let spaced = secret.code(present).unwrap();
        let (left, right) = spaced.expose().split_at(3);
        let spaced = Secret::new(format!(" {left} {right} "));
        assert_eq!(secret.step_typed(&spaced, (now, 0)).unwrap(), Some(present));
        for wrong in ["", "12345", "1234567", "ä", &"0".repeat(10_000)] {
            let found = secret.step_typed(&Secret::new(wrong), (now, 1)).unwrap();
            assert_eq!(found, None, "{wrong}");
        }
    }

    #[test]
    fn the_picture_holds_account_secret_and_issuer() {
        let secret = TotpSecret::from_bytes(&[7; 20]).unwrap();
        let uri = secret.uri("ada/x?y#z@example.org");
        assert!(
            uri.expose()
                .starts_with("otpauth://totp/Wabe:adaxyz@example.org?secret=")
        );
        assert!(uri.expose().contains(secret.text().expose()));
    }
}
