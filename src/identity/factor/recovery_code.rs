//! Recovery codes: ten of 120 bits, each opens one login in place of a second factor. Source: bar 3.6 T3.

use crate::factor::store;
use crate::secret_token::digest;
use data_encoding::BASE32_NOPAD;
use wabe_kernel::id::UserId;
use wabe_kernel::rng::random;
use wabe_kernel::{Fault, Rng, Secret, Timestamp};
use wabe_store::Tx;

/// How many there are.
pub const CODES: usize = 10;

/// A new code, in groups of four.
fn new(rng: &dyn Rng) -> Secret {
    let text = BASE32_NOPAD.encode(&random::<15>(rng));
    let groups: Vec<&str> = (0..text.len())
        .step_by(4)
        .filter_map(|at| text.get(at..at + 4))
        .collect();
    Secret::new(groups.join("-"))
}

/// What is kept of a code, however it was typed.
pub(crate) fn hash(typed: &str) -> String {
    let letter = |c: char| match c.to_ascii_uppercase() {
        // The alphabet has none of these; people read them.
        '0' => 'O',
        '1' => 'I',
        '8' => 'B',
        other => other,
    };
    let plain = typed.chars().filter(char::is_ascii_alphanumeric);
    digest(&plain.take(64).map(letter).collect::<String>())
}

/// Makes somebody's codes anew; those before are void.
pub(crate) async fn renew(
    tx: &mut Tx,
    user: UserId,
    (now, rng): (Timestamp, &dyn Rng),
) -> Result<Vec<Secret>, Fault> {
    store::remove_codes(tx, user).await?;
    let codes: Vec<Secret> = (0..CODES).map(|_| new(rng)).collect();
    for code in &codes {
        store::insert_code(tx, user, &hash(code.expose()), now).await?;
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sevens;
    impl Rng for Sevens {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0x77);
        }
    }

    #[test]
    fn a_code_has_120_bits_and_is_known_however_it_is_typed() {
        let code = new(&Sevens);
        let groups: Vec<usize> = code.expose().split('-').map(str::len).collect();
        assert_eq!(groups, [4; 6]);
        let typed = code
            .expose()
            .to_lowercase()
            .replace('-', " ")
            .replace('o', "0");
        assert_eq!(hash(&typed), hash(code.expose()));
        assert_ne!(hash("A"), hash("B"));
        assert_eq!(hash(&"A".repeat(10_000)).len(), 64);
    }
}
