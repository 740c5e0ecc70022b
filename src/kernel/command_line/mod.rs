//! What a cron job starts: a program and its arguments, written as for a shell, and run by none.
//!
//! Words stand between blanks; quotes and backslashes keep blanks and signs in a word, as a shell has them.
//! Everything else that a shell would act on is refused with its place: nothing is expanded, piped or sent
//! elsewhere, and nothing that somebody typed is ever read by a shell.

mod words;

use crate::RelPath;
use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

/// The most words.
const WORDS_MAX: usize = 64;

/// What is started.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Program {
    /// The webspace's version of PHP, with this script of the webspace's.
    Php(RelPath),
    /// This file of the webspace's, which must be executable.
    File(RelPath),
}

/// A program and its arguments.
///
/// Shape: `php` and the path of a script, or the path of a file with a slash in it (`./import`); both beneath
/// the webspace's folder. Then at most 62 arguments; 4 000 bytes in all, no control characters. Text form: the
/// words, quoted where they must be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandLine {
    program: Program,
    arguments: Vec<String>,
}

impl CommandLine {
    /// The longest one, in bytes.
    pub const BYTES_MAX: usize = 4_000;

    /// What is started.
    #[must_use]
    pub const fn program(&self) -> &Program {
        &self.program
    }

    /// What it is given.
    #[must_use]
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Whether PHP runs it.
    #[must_use]
    pub const fn is_php(&self) -> bool {
        matches!(self.program, Program::Php(_))
    }
}

/// A path of the webspace's. A dot and a slash before it are what shells want, and mean nothing here.
fn path(word: &str) -> Result<RelPath, Problem> {
    if word.starts_with('/') {
        return Err(Problem::new("command-path-outside").with("path", shortened(word)));
    }
    let path: RelPath = word.strip_prefix("./").unwrap_or(word).parse()?;
    if path.is_root() {
        return Err(Problem::new("command-no-script"));
    }
    Ok(path)
}

fn shortened(word: &str) -> String {
    word.chars().take(60).collect()
}

fn program(first: &str, rest: &mut impl Iterator<Item = String>) -> Result<Program, Problem> {
    if first == "php" {
        let script = rest.next().ok_or(Problem::new("command-no-script"))?;
        if script.starts_with('-') {
            let option = shortened(&script);
            return Err(Problem::new("command-php-option").with("option", option));
        }
        return Ok(Program::Php(path(&script)?));
    }
    // A shell would set a variable.
    if !first.contains('/') || first.contains('=') {
        return Err(Problem::new("command-program").with("program", shortened(first)));
    }
    Ok(Program::File(path(first)?))
}

impl FromStr for CommandLine {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text.len() > Self::BYTES_MAX {
            return Err(Problem::new("too-long").with("max", Self::BYTES_MAX));
        }
        let words = words::read(text)?;
        if words.len() > WORDS_MAX {
            return Err(Problem::new("too-many").with("max", WORDS_MAX));
        }
        let mut words = words.into_iter();
        let first = words.next().ok_or(Problem::new("required"))?;
        let program = program(&first, &mut words)?;
        Ok(Self {
            program,
            arguments: words.collect(),
        })
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.program {
            Program::Php(script) => write!(f, "php {}", words::quoted(&dotted(script)))?,
            Program::File(file) => f.write_str(&words::quoted(&format!("./{file}")))?,
        }
        for argument in &self.arguments {
            write!(f, " {}", words::quoted(argument))?;
        }
        Ok(())
    }
}

/// A path that is not taken for an option.
fn dotted(script: &RelPath) -> String {
    let text = script.to_string();
    if text.starts_with('-') {
        format!("./{text}")
    } else {
        text
    }
}

text_form!(CommandLine, "command-line");

#[cfg(test)]
mod tests;
