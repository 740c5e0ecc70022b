//! A size as a form's field shows it: exact, so that sending the form unchanged changes nothing.

use wabe_kernel::Language;

const UNITS: [(i128, &str); 4] = [
    (1_000_000_000_000, "TB"),
    (1_000_000_000, "GB"),
    (1_000_000, "MB"),
    (1_000, "KB"),
];

/// `2 GB`, `1,25 GB`, `500 MB`; the plain count of bytes below a kilobyte.
#[must_use]
pub fn size_text(language: Language, bytes: i64) -> String {
    let mark = match language {
        Language::De => ',',
        Language::En => '.',
    };
    let thousand = i128::from(bytes) * 1_000;
    let exact = UNITS
        .iter()
        .find(|(size, _)| thousand >= size * 1_000 && thousand % size == 0);
    let Some((size, unit)) = exact else {
        return bytes.to_string();
    };
    let (whole, part) = (thousand / size / 1_000, thousand / size % 1_000);
    if part == 0 {
        return format!("{whole} {unit}");
    }
    let part = format!("{part:03}");
    format!("{whole}{mark}{} {unit}", part.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wabe_kernel::{Field, Quota};

    #[test]
    fn sizes_are_written_as_people_write_them() {
        let text = |bytes| size_text(Language::De, bytes);
        assert_eq!(text(2_000_000_000), "2 GB");
        assert_eq!(text(1_250_000_000), "1,25 GB");
        assert_eq!(text(500_000_000), "500 MB");
        assert_eq!(text(1_000_500), "1000,5 KB");
        assert_eq!(text(999), "999");
        assert_eq!(size_text(Language::En, 1_500_000_000), "1.5 GB");
    }

    proptest! {
        #[test]
        fn what_a_field_shows_means_the_same_size(bytes in 1_i64..=1 << 50) {
            for language in Language::ALL {
                let read = Quota::from_text(&size_text(language, bytes)).unwrap();
                prop_assert_eq!(read.bytes(), bytes);
            }
        }
    }
}
