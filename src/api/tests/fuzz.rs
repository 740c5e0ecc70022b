//! Any text where a request names a number or a key.

use crate::call::plain_key;
use crate::paging::within;
use http::HeaderValue;
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_text_as_a_number_lies_within_its_bounds(text in "[-+0-9]{0,24}|\\PC{0,12}", min in -9_i64..9, span in 0_i64..99) {
        let max = min + span;
        if let Some(number) = within(&text, min, max) {
            prop_assert!((min..=max).contains(&number));
            prop_assert_eq!(within(&number.to_string(), min, max), Some(number));
        }
    }

    #[test]
    fn any_bytes_as_an_idempotency_key_are_plain_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..260)) {
        if let Ok(sent) = HeaderValue::from_bytes(&bytes)
            && let Some(key) = plain_key(&sent)
        {
            prop_assert_eq!(key.as_bytes(), &bytes[..]);
            prop_assert!((1..=200).contains(&key.len()) && key.is_ascii() && !key.contains(['\t', '\n']));
        }
    }
}
