//! A QR code as the path of an SVG: one unit for each module, dark on light in every theme, because
//! cameras read it.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;
use wabe_kernel::{Fault, Secret};

/// Light modules around the code. Source: ISO/IEC 18004, 6.3.8.
const MARGIN: usize = 4;

/// What a template draws.
#[derive(Debug, Clone)]
pub(crate) struct Qr {
    /// Width and height, the margin included.
    pub(crate) size: usize,
    /// The dark modules.
    pub(crate) path: Secret,
}

/// The picture of a text.
///
/// # Errors
/// A fault when the text is too long for any.
pub(crate) fn qr(text: &Secret) -> Result<Qr, Fault> {
    let code = QrCode::with_error_correction_level(text.expose(), EcLevel::M);
    let code = code.map_err(|error| Fault::because("draw a QR code", error))?;
    let width = code.width();
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        for (column, _) in modules
            .iter()
            .enumerate()
            .filter(|(_, m)| **m == Color::Dark)
        {
            // Writing to a String cannot fail.
            write!(path, "M{} {}h1v1h-1z", column + MARGIN, row + MARGIN).unwrap_or_default();
        }
    }
    Ok(Qr {
        size: width + 2 * MARGIN,
        path: Secret::new(path),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_and_begins_with_its_finder() {
        let drawn = qr(&Secret::new("otpauth://totp/Wabe:ada@example.org?secret=A")).unwrap();
        assert_eq!(drawn.size % 4, 1, "{}", drawn.size);
        assert!(drawn.path.expose().starts_with("M4 4h1v1h-1zM5 4h1v1h-1z"));
        assert!(qr(&Secret::new("a".repeat(5_000))).is_err());
    }
}
