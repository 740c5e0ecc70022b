//! Paths inside a customer's folder.

use crate::field::{Problem, text_form};
use std::fmt;
use std::str::FromStr;

/// A path beneath a folder, as a list of names; the empty list is the folder itself.
///
/// Shape: names of 1 to 255 bytes without `/`, NUL, control or direction-changing characters, never
/// `.` or `..`; at most 40 names and 2 000 bytes. Text form: names joined by `/`.
/// There is no way to leave the folder with it; symbolic links are the file layer's business.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RelPath(Vec<String>);

impl RelPath {
    /// The folder itself.
    #[must_use]
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// The names, outermost first.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// True for the folder itself.
    #[must_use]
    pub const fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The last name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.last().map(String::as_str)
    }

    /// The folder that holds this path; `None` for the folder itself.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, above)| Self(above.to_vec()))
    }

    /// This path and one more name.
    ///
    /// # Errors
    /// When `name` is not one plain name.
    pub fn join(&self, name: &str) -> Result<Self, Problem> {
        if name.contains('/') {
            return Err(Problem::new("path-name-wrong"));
        }
        let mut names = self.0.clone();
        names.push(checked(name)?);
        bounded(names)
    }

    /// This path, then `below`.
    ///
    /// # Errors
    /// When the whole is too long.
    pub fn join_all(&self, below: &Self) -> Result<Self, Problem> {
        bounded(self.0.iter().chain(&below.0).cloned().collect())
    }
}

fn checked(name: &str) -> Result<String, Problem> {
    let deceives = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if name.is_empty() || name == "." || name == ".." {
        return Err(Problem::new("path-leaves-folder"));
    }
    if name
        .chars()
        .any(|c| c.is_control() || deceives(c) || c == '\\')
    {
        return Err(Problem::new("control-character"));
    }
    if name.len() > 255 {
        return Err(Problem::new("too-long").with("max", 255));
    }
    Ok(name.to_owned())
}

fn bounded(names: Vec<String>) -> Result<RelPath, Problem> {
    let bytes: usize = names.iter().map(|name| name.len().saturating_add(1)).sum();
    if names.len() > 40 || bytes > 2_000 {
        return Err(Problem::new("too-long").with("max", 2_000));
    }
    Ok(RelPath(names))
}

impl FromStr for RelPath {
    type Err = Problem;

    /// Leading, trailing and doubled slashes are ignored.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let names = text.split('/').filter(|name| !name.is_empty()).map(checked);
        bounded(names.collect::<Result<_, _>>()?)
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

text_form!(RelPath, "path");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leaves_its_folder() {
        for text in [
            "..",
            "a/../b",
            "../etc/passwd",
            "a/./b",
            "a\u{0}b",
            "a/\n",
            "..\\x",
        ] {
            assert!(text.parse::<RelPath>().is_err(), "{text:?}");
        }
        assert_eq!("/a//b/".parse::<RelPath>().unwrap().to_string(), "a/b");
        assert!("".parse::<RelPath>().unwrap().is_root());
    }
}
