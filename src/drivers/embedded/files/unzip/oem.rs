//! Names in archives of old Windows programs: code page 437, whose umlauts are those of 850.

const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
                     └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// The name as text: UTF-8 where it is, otherwise the old code page.
pub(super) fn text(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(text) => text.to_owned(),
        Err(_old) => name.iter().map(|byte| letter(*byte)).collect(),
    }
}

fn letter(byte: u8) -> char {
    match byte.checked_sub(128) {
        None => char::from(byte),
        Some(at) => UPPER.chars().nth(usize::from(at)).unwrap_or('_'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_of_old_archives_are_read() {
        assert_eq!(UPPER.chars().count(), 128);
        assert_eq!(text(b"Gr\x81\xE1e.txt"), "Grüße.txt");
        assert_eq!(text("Grüße.txt".as_bytes()), "Grüße.txt");
    }
}
