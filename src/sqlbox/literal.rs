//! Writes values as SQL that SQLite, this binary and SQLite's shell read back as the same values.

use std::io::{self, Write};

use rusqlite::types::ValueRef;

/// Text with carriage returns longer than this is written as hexadecimal digits, because the text
/// that stands for it would be longer than a value may be.
const REPLACED_BYTES_MAX: usize = 1 << 20;

/// Writes a value. Numbers with a fraction are written by `real`, because only the engine knows
/// which digits it reads back exactly.
pub(crate) fn write(
    out: &mut impl Write,
    value: ValueRef<'_>,
    real: impl FnOnce(f64) -> io::Result<String>,
) -> io::Result<()> {
    match value {
        ValueRef::Null => out.write_all(b"NULL"),
        ValueRef::Integer(number) => write!(out, "{number}"),
        ValueRef::Real(number) => out.write_all(real(number)?.as_bytes()),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => write_text(out, text),
            _ => write_hexadecimal_text(out, bytes),
        },
        ValueRef::Blob(bytes) => write_blob(out, bytes),
    }
}

/// Text in quotes. The shell drops a carriage return at the end of a line that it reads, so none
/// may stand there.
fn write_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    if !text.contains('\r') {
        return write_quoted(out, text);
    }
    if text.len() > REPLACED_BYTES_MAX {
        return write_hexadecimal_text(out, text.as_bytes());
    }
    let stand_in = stand_in(text);
    out.write_all(b"replace(")?;
    write_quoted(out, &text.replace('\r', &stand_in))?;
    write!(out, ",'{stand_in}',char(13))")
}

/// Something that is not in the text, and that cannot overlap with itself.
fn stand_in(text: &str) -> String {
    let mut mark = "\\r".to_owned();
    let mut number = 0_u32;
    while text.contains(&mark) {
        mark = format!("\\r{number}");
        number += 1;
    }
    mark
}

fn write_quoted(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(b"'")?;
    for (index, part) in text.split('\'').enumerate() {
        if index > 0 {
            out.write_all(b"''")?;
        }
        out.write_all(part.as_bytes())?;
    }
    out.write_all(b"'")
}

/// Text that no quotes can hold: with NUL, or not UTF-8.
fn write_hexadecimal_text(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(b"CAST(")?;
    write_blob(out, bytes)?;
    out.write_all(b" AS TEXT)")
}

fn write_blob(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(b"X'")?;
    for byte in bytes {
        write!(out, "{byte:02x}")?;
    }
    out.write_all(b"'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: ValueRef<'_>, expected: &str) {
        let mut out = Vec::new();
        write(&mut out, value, |number| Ok(number.to_string())).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn values_are_written_as_sql() {
        check(ValueRef::Null, "NULL");
        check(ValueRef::Integer(i64::MIN), "-9223372036854775808");
        check(ValueRef::Text(b"it's"), "'it''s'");
        check(ValueRef::Text(b"a\nb"), "'a\nb'");
        check(
            ValueRef::Text(b"a\r\\rb"),
            "replace('a\\r0\\rb','\\r0',char(13))",
        );
        check(ValueRef::Text(b"a\0"), "CAST(X'6100' AS TEXT)");
        check(ValueRef::Text(b"\xff"), "CAST(X'ff' AS TEXT)");
        check(ValueRef::Blob(b"\x00\xab"), "X'00ab'");
    }
}
