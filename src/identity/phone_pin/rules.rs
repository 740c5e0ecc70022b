//! What a telephone PIN must be. Every refusal is a code with its numbers, never the PIN.

use wabe_kernel::{Problem, Secret};

/// The fewest and the most digits.
pub const DIGITS_MIN: usize = 6;
const DIGITS_MAX: usize = 12;

/// A PIN as it was said or typed, without what only groups it.
pub(crate) fn plain(typed: &Secret) -> Secret {
    let digit = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '.' | '/');
    Secret::new(
        typed
            .expose()
            .chars()
            .filter(digit)
            .take(64)
            .collect::<String>(),
    )
}

/// Checks a new PIN, as [`plain`] left it.
///
/// # Errors
/// `phone-pin-digits` (min, max), `phone-pin-weak`.
pub(crate) fn check(pin: &Secret) -> Result<(), Problem> {
    let text = pin.expose();
    let fits = (DIGITS_MIN..=DIGITS_MAX).contains(&text.len());
    if !fits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let wrong = Problem::new("phone-pin-digits").with("min", DIGITS_MIN);
        return Err(wrong.with("max", DIGITS_MAX));
    }
    let digits: Vec<u8> = text.bytes().map(|byte| byte - b'0').collect();
    if is_weak(&digits) {
        return Err(Problem::new("phone-pin-weak"));
    }
    Ok(())
}

/// Whether somebody would guess it: few digits, a row, a repetition, a mirror, pairs, a date.
fn is_weak(digits: &[u8]) -> bool {
    let mut distinct = digits.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let mirrored = digits.iter().eq(digits.iter().rev());
    let doubled = digits.chunks(2).all(|pair| pair.first() == pair.last());
    let pairs: Vec<u8> = digits.chunks(2).filter_map(pair).collect();
    distinct.len() <= 2
        || mirrored
        || (doubled && digits.len().is_multiple_of(2))
        || is_row(digits, 10)
        || (digits.len().is_multiple_of(2) && is_row(&pairs, 100))
        || repeats(digits)
        || is_date(&pairs, digits.len())
}

fn pair(chunk: &[u8]) -> Option<u8> {
    match chunk {
        [tens, ones] => Some(tens * 10 + ones),
        _ => None,
    }
}

/// Whether each number is as far from the one before, going round at `modulus`.
fn is_row(numbers: &[u8], modulus: u8) -> bool {
    let step = |pair: &[u8]| match pair {
        [one, next] => Some((modulus + next - one) % modulus),
        _ => None,
    };
    let mut steps = numbers.windows(2).filter_map(step);
    let first = steps.next();
    first.is_some() && steps.all(|step| Some(step) == first)
}

/// Whether it is a shorter one, again and again.
fn repeats(digits: &[u8]) -> bool {
    let whole = digits.len();
    (1..=whole / 2).any(|part| {
        whole.is_multiple_of(part)
            && digits
                .chunks(part)
                .all(|chunk| Some(chunk) == digits.get(..part))
    })
}

/// Whether it reads as a day of this or the last century, in any of the usual orders.
fn is_date(pairs: &[u8], digits: usize) -> bool {
    let day = |number: u8| (1..=31).contains(&number);
    let month = |number: u8| (1..=12).contains(&number);
    let century = |number: u8| matches!(number, 19 | 20);
    let both = |one: u8, other: u8| (day(one) && month(other)) || (month(one) && day(other));
    match (digits, pairs) {
        (6, [a, b, c]) => both(*a, *b) || both(*b, *c),
        (8, [a, b, c, d]) => (both(*a, *b) && century(*c)) || (century(*a) && both(*c, *d)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        let pin = plain(&Secret::new(text));
        check(&pin).map_or_else(|problem| problem.code, |()| "")
    }

    #[test]
    fn six_to_twelve_digits_are_a_pin_however_they_are_grouped() {
        for good in ["407592", "40 75 92", "407-592", "4075 9281", "407592816350"] {
            assert_eq!(code(good), "", "{good}");
        }
        let long = "4".repeat(10_000);
        for wrong in ["", "40759", "4075928163504", "40759a", "٤٠٧٥٩٢", &long] {
            assert_eq!(code(wrong), "phone-pin-digits", "{wrong}");
        }
    }

    #[test]
    fn what_somebody_would_guess_is_refused() {
        for weak in [
            "111111", "123456", "654321", "012345", "890123", "246802", "121212", "123123",
            "112233", "123321", "102030", "101112", "477477", "447744", "240789", "890724",
            "072489", "24121989", "20010131", "98989898", "131313", "000001",
        ] {
            assert_eq!(code(weak), "phone-pin-weak", "{weak}");
        }
    }

    #[test]
    fn most_pins_are_none_of_these() {
        let weak = (0..10_000_u32).map(|n| format!("{:06}", n * 97 + 13));
        let weak = weak.filter(|text| code(text) == "phone-pin-weak").count();
        assert!(weak < 1_500, "{weak} of 10000");
    }
}
