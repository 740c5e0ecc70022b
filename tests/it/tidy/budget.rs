//! Files and functions that a reader can hold in mind.

use crate::repository::{List, nothing_found};
use crate::tidy::source::{Source, sources};

/// Lines of a file, its tests aside.
const FILE: usize = 400;
/// Lines of a file of tests, and of a file with its tests.
const TESTS: usize = 600;
/// Lines of a function.
const FUNCTION: usize = 70;

#[test]
fn files_keep_to_their_budget() {
    let mut listed = List::read("over_budget.txt", 1);
    let mut findings = Vec::new();
    for source in sources() {
        let lines = if source.is_test() {
            source.code.len()
        } else {
            source.product_lines
        };
        let budget = if source.is_test() { TESTS } else { FILE };
        if lines <= budget {
            continue;
        }
        let most = listed.take(&source.path);
        let most: usize = most
            .and_then(|text| text.split(' ').next()?.parse().ok())
            .unwrap_or(budget);
        if lines > most {
            findings.push(format!("{}: {lines} lines, {most} at most", source.path));
        }
        if lines > TESTS && !source.is_test() {
            findings.push(format!(
                "{}: {lines} lines, which no list allows",
                source.path
            ));
        }
    }
    nothing_found(&findings);
    listed.all_used();
}

#[test]
fn functions_fit_a_screen() {
    let findings: Vec<String> = sources().iter().flat_map(long_functions).collect();
    nothing_found(&findings);
}

/// Functions longer than a screen, as formatted code shows them: from `fn` to the brace below it,
/// without empty lines and comments.
fn long_functions(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (first, line) in source.code.iter().enumerate() {
        let words = line.trim_start();
        let indent = line.len() - words.len();
        if !words.split(' ').take(5).any(|word| word == "fn") {
            continue;
        }
        let body = source.code.iter().skip(first);
        let head = body
            .clone()
            .map(|line| line.trim_end())
            .find(|line| line.ends_with(['{', ';', '}']));
        if !head.is_some_and(|head| head.ends_with('{')) {
            continue;
        }
        let end = format!("{}}}", " ".repeat(indent));
        let body = body.take_while(|line| line.trim_end() != end);
        let length = body.filter(|line| !line.trim().is_empty()).count();
        if length > FUNCTION {
            found.push(format!("{}: {length} lines", source.at(first + 1)));
        }
    }
    found
}
