//! `secrets.use-in` and `crypto.hmac-verify`

use crate::engine::host::{Host, denial};
use crate::engine::scrub::placeholder;
use aws_lc_rs::hmac;
use wabe_package::wire::{Answer, Problem};

impl Host<'_> {
    pub(super) async fn use_secret(&self, name: &str) -> Result<Answer, Problem> {
        // Opened only to say now that it is not set, rather than with the request.
        self.secret(name).await?;
        let text = placeholder(name);
        Ok(Answer::Text { text })
    }

    pub(super) async fn hmac_verify(
        &self,
        name: &str,
        algorithm: &str,
        (message, signature): (&[u8], &[u8]),
    ) -> Result<Answer, Problem> {
        let algorithm = match algorithm {
            "sha256" => hmac::HMAC_SHA256,
            "sha512" => hmac::HMAC_SHA512,
            _ => return Err(denial::invalid("the algorithm is sha256 or sha512")),
        };
        let secret = self.secret(name).await?;
        let key = hmac::Key::new(algorithm, secret.expose().as_bytes());
        let yes = hmac::verify(&key, message, signature).is_ok();
        Ok(Answer::Flag { yes })
    }
}
