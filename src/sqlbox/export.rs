//! Writes the whole database as SQL text, as SQLite's shell does with `.dump`.
//!
//! Tables come with their rows in the order they were made, then indexes, views and triggers, so
//! that no trigger fires while the dump runs. It all is one snapshot. Virtual tables do not occur:
//! the authorizer lets nobody make one.

use std::io::{self, BufWriter, Write};

use rusqlite::{Connection, Statement};

use crate::failure::{Failure, Kind};
use crate::guarded::Guarded;
use crate::literal;
use crate::split;

/// The customer's tables, and the two tables of the engine's that are data.
const TABLES: &str = r"
    SELECT name, sql FROM main.sqlite_schema
    WHERE type = 'table' AND sql IS NOT NULL
      AND (name NOT LIKE 'sqlite\_%' ESCAPE '\' OR name IN ('sqlite_sequence', 'sqlite_stat1'))
    ORDER BY name IN ('sqlite_sequence', 'sqlite_stat1'), rowid";

/// A statement that reads a table's own columns in the order of its rows, and the beginning of one
/// that writes a row; the engine quotes its own names (3.14 T4).
const COLUMNS: &str = r#"
    SELECT format('SELECT %s FROM main."%w" NOT INDEXED', group_concat(format('"%w"', name)), ?1),
           format('INSERT INTO "%w" VALUES(', ?1)
    FROM pragma_table_info(?1)"#;

/// What is made after the rows.
const REST: &str = "
    SELECT sql FROM main.sqlite_schema
    WHERE type IN ('index', 'view', 'trigger') AND sql IS NOT NULL
    ORDER BY CASE type WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid";

/// What the engine makes of digits.
const READ_NUMBER: &str = "SELECT CAST(?1 AS REAL)";

/// The figure 1 with 17 decimal places.
const ONE: i64 = 100_000_000_000_000_000;

/// Writes the dump.
pub(crate) fn run(db: &Guarded, out: impl Write) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(64 << 10, out);
    let snapshot = db.conn.unchecked_transaction()?;
    let tables: Vec<(String, String)> = db
        .conn
        .prepare(TABLES)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    put(&mut out, "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n")?;
    let mut real = db.conn.prepare(READ_NUMBER)?;
    for (name, sql) in &tables {
        match name.as_str() {
            "sqlite_sequence" => put(&mut out, "DELETE FROM sqlite_sequence;\n")?,
            "sqlite_stat1" => put(&mut out, "ANALYZE sqlite_schema;\n")?,
            _ => put_statement(&mut out, sql)?,
        }
        put_rows(&db.conn, name, &mut real, &mut out)?;
    }
    let mut rest = db.conn.prepare(REST)?;
    let mut rows = rest.query([])?;
    while let Some(row) = rows.next()? {
        put_statement(&mut out, &row.get::<_, String>(0)?)?;
    }
    put(&mut out, "COMMIT;\n")?;
    out.flush().map_err(Failure::fault)?;
    drop(rows);
    drop(rest);
    drop(real);
    Ok(snapshot.finish()?)
}

fn put_rows(
    conn: &Connection,
    name: &str,
    real: &mut Statement<'_>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let (select, insert): (String, String) =
        conn.query_row(COLUMNS, [name], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut statement = conn.prepare(&select)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        put(out, &insert)?;
        for column in 0..columns {
            if column > 0 {
                put(out, ",")?;
            }
            let value = row.get_ref(column)?;
            literal::write(out, value, |number| digits(real, number)).map_err(broken_off)?;
        }
        put(out, ");\n")?;
    }
    Ok(())
}

/// Digits that the engine reads back as exactly this number.
///
/// Its reading can be wrong in the last place, so what it makes of them is looked at: first of the
/// shortest digits, then of ever more distant neighbours with 18 digits.
fn digits(read: &mut Statement<'_>, number: f64) -> io::Result<String> {
    if number.is_infinite() {
        return Ok(if number > 0.0 {
            "9.0e+999"
        } else {
            "-9.0e+999"
        }
        .to_owned());
    }
    let shortest = format!("{number:?}");
    let mut is_read_as_it_was = |text: &str| -> io::Result<bool> {
        let back: f64 = read
            .query_row([text], |row| row.get(0))
            .map_err(io::Error::other)?;
        Ok(back.to_bits() == number.to_bits())
    };
    if is_read_as_it_was(&shortest)? {
        return Ok(shortest);
    }
    let long = format!("{number:.17e}");
    let (mantissa, exponent) = long.split_once('e').unwrap_or((&long, "0"));
    let Ok(mantissa) = mantissa.replace('.', "").parse::<i64>() else {
        return Ok(shortest);
    };
    let mut distance = 0;
    while distance < ONE {
        for neighbour in [mantissa + distance, mantissa - distance] {
            let sign = if neighbour < 0 { "-" } else { "" };
            let (whole, part) = (neighbour.abs() / ONE, neighbour.abs() % ONE);
            let text = format!("{sign}{whole}.{part:017}e{exponent}");
            if is_read_as_it_was(&text)? {
                return Ok(text);
            }
        }
        distance += 1 + distance / 8;
    }
    Ok(shortest)
}

fn put_statement(out: &mut impl Write, sql: &str) -> Result<(), Failure> {
    if split::begins_with(sql, "CREATE") {
        put(out, &split::closed(sql))?;
        return put(out, "\n");
    }
    Err(Failure::new(Kind::Fault, "a schema entry is no statement"))
}

fn put(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    out.write_all(text.as_bytes()).map_err(broken_off)
}

/// Nobody reads any more, or a number could not be written.
fn broken_off(error: io::Error) -> Failure {
    match error.downcast::<rusqlite::Error>() {
        Ok(engine) => engine.into(),
        Err(error) => Failure::fault(error),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, proptest};

    use super::*;

    fn check(number: f64) {
        let conn = Connection::open_in_memory().unwrap();
        let mut read = conn.prepare(READ_NUMBER).unwrap();
        let digits = digits(&mut read, number).unwrap();
        // As a literal, not only as text that is cast.
        let back: f64 = conn
            .query_row(&format!("SELECT {digits}"), [], |row| row.get(0))
            .unwrap();
        assert_eq!(back.to_bits(), number.to_bits(), "{number:?}: {digits}");
    }

    #[test]
    fn numbers_at_the_edges_are_read_back_exactly() {
        for number in [
            0.1,
            1.0,
            1e15,
            123_456.75,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            9.538_045_980_057_23e-310,
        ] {
            check(number);
            check(-number);
        }
        check(f64::INFINITY);
        check(f64::NEG_INFINITY);
        check(0.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn numbers_are_read_back_exactly(bits in any::<u64>()) {
            let number = f64::from_bits(bits);
            if !number.is_nan() {
                check(number);
            }
        }
    }
}
