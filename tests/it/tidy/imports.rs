//! What a file uses, at its top, in one order.

use crate::repository::nothing_found;
use crate::tidy::source::{Source, product, sources};

/// The group an import belongs to: the language's own, others', ours, this room's.
fn group(line: &str) -> u8 {
    let path = line.trim_start_matches("pub ").trim_start_matches("use ");
    let first = path.split([':', ';', ' ']).next().unwrap_or_default();
    match first {
        "std" | "core" | "alloc" => 0,
        "crate" | "super" | "self" => 3,
        ours if ours.starts_with("wabe_") => 2,
        _ => 1,
    }
}

/// The groups of each block of imports at the top of a file; blank lines part blocks.
fn blocks(source: &Source) -> Vec<Vec<u8>> {
    let mut blocks = vec![Vec::new()];
    let mut open = false;
    for (_, line) in source.product_code() {
        if open {
            open = !line.contains(';');
        } else if line.starts_with("use ") {
            blocks.last_mut().unwrap().push(group(line));
            open = !line.contains(';');
        } else if !line.trim().is_empty() && !line.starts_with("#[") {
            if blocks.iter().any(|block| !block.is_empty()) {
                break;
            }
        } else if !blocks.last().unwrap().is_empty() {
            blocks.push(Vec::new());
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

#[test]
fn imports_stand_in_one_sorted_block_or_in_groups_in_order() {
    let mut findings = Vec::new();
    for source in sources() {
        let blocks = blocks(&source);
        let Some((last, before)) = blocks.split_last().filter(|(_, before)| !before.is_empty())
        else {
            continue;
        };
        // The language's own first, this room's last and by itself; between them the sorted rest.
        let own_last = before.iter().flatten().all(|group| *group != 3)
            && (last.iter().all(|group| *group == 3) || last.iter().all(|group| *group != 3));
        let language = |block: &Vec<u8>| block.iter().all(|group| *group == 0);
        let language_first = blocks.iter().skip(1).all(|block| !language(block));
        if !own_last || !language_first {
            findings.push(format!("{}: groups of imports {blocks:?}", source.path));
        }
    }
    nothing_found(&findings);
}

#[test]
fn nothing_is_imported_by_a_star_or_from_above() {
    let mut findings = Vec::new();
    for source in product() {
        let reexport = source.path.ends_with("/lib.rs");
        for (number, line) in source.product_code() {
            let import = line.trim_start().starts_with("use ") || line.contains("pub use ");
            if import && line.contains("::*") && !reexport {
                findings.push(format!("{}: a star", source.at(number)));
            }
            if import && line.contains("use super::") {
                findings.push(format!("{}: from above", source.at(number)));
            }
        }
    }
    nothing_found(&findings);
}
