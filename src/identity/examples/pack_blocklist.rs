//! Packs lists of passwords into the blocklist: the file to write, then the lists, one password a line.
//!
//! `cargo run -p wabe-identity --example pack_blocklist -- src/identity/password/blocklist.set LIST…`

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;
use wabe_identity::password::coded_set::pack;

/// Shorter ones say nothing about what surrounds them, longer ones are no passwords.
const CHARS: std::ops::RangeInclusive<usize> = 4..=64;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let target = paths.next().ok_or("name the file to write")?;
    let mut all = BTreeSet::new();
    for path in paths {
        let bytes = std::fs::read(path)?;
        for line in String::from_utf8_lossy(&bytes).lines() {
            let line = line.trim().to_lowercase();
            if CHARS.contains(&line.chars().count()) && !line.contains('\u{fffd}') {
                all.insert(line);
            }
        }
    }
    let packed = pack(all.iter().map(String::as_str));
    #[expect(
        clippy::disallowed_methods,
        reason = "this tool writes a file of the source tree"
    )]
    std::fs::write(target, packed)?;
    Ok(())
}
