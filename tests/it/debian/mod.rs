//! A Debian machine as a node: the package, what makes a node of the machine, and what is wrong with one.

mod doctor;
mod node;
mod package;

use std::process::Output;

/// What a program printed.
fn printed(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    texts.concat()
}
