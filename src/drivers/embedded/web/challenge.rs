//! What certificate authorities are answered that ask under a name whether it leads here: the one place for
//! it, whichever server shows the sites.
//!
//! Source: RFC 8555 8.3. An answer is told by its token alone: it gives nothing away that whoever asks does
//! not know, and a token is an unguessable word that the authority chose.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use crate::agent_link::Answers;
use crate::embedded::web::answer::CHALLENGES;
use crate::embedded::web::durable;

/// Letters of a token; authorities use 22 or 43.
const TOKEN_MAX: usize = 128;

/// Answers by their tokens, in memory and as files for another server.
pub struct Challenges {
    /// What another server shows beneath the root of a site.
    root: PathBuf,
    answers: RwLock<HashMap<String, String>>,
}

/// Whether a token is what it should be, and so also the name of a file.
fn is_token(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=TOKEN_MAX).contains(&text.len()) && text.bytes().all(letter)
}

impl Challenges {
    /// None are known yet; what a former process left is removed. Blocks on file work.
    pub(super) fn open(node_dir: &Path) -> io::Result<Self> {
        let found = Self {
            root: node_dir.join("challenges"),
            answers: RwLock::default(),
        };
        let folder = found.folder();
        std::fs::create_dir_all(&folder)?;
        for entry in std::fs::read_dir(&folder)? {
            durable::remove(&entry?.path())?;
        }
        Ok(found)
    }

    /// Holds `/.well-known/acme-challenge/` with a file for each token.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn folder(&self) -> PathBuf {
        self.root.join(CHALLENGES.trim_matches('/'))
    }

    /// Answers this token from now on. Blocks on file work.
    ///
    /// # Errors
    /// When the token is none, or its file cannot be written.
    pub fn put(&self, token: &str, answer: &str) -> io::Result<()> {
        if !is_token(token) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a token"));
        }
        let path = self.folder().join(token);
        durable::replace(&path, answer.as_bytes(), 0o644)?;
        let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        answers.insert(token.to_owned(), answer.to_owned());
        Ok(())
    }

    /// Answers this token no more. Blocks on file work.
    pub fn take(&self, token: &str) {
        let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        let known = answers.remove(token).is_some();
        drop(answers);
        if known && let Err(fault) = durable::remove(&self.folder().join(token)) {
            tracing::warn!(%fault, "the answer to a certificate authority could not be removed");
        }
    }

    /// The answer to a request for this path.
    pub(super) fn answer(&self, path: &str) -> Option<String> {
        let token = path.strip_prefix(CHALLENGES)?;
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        answers.get(token).cloned()
    }
}

impl Answers for Challenges {
    fn put(&self, token: &str, answer: &str) -> io::Result<()> {
        Self::put(self, token, answer)
    }

    fn take(&self, token: &str) {
        Self::take(self, token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_is_known_by_its_token_until_it_is_taken_away() {
        let node = tempfile::tempdir().unwrap();
        let challenges = Challenges::open(node.path()).unwrap();
        challenges.put("a-B_9", "a-B_9.thumb").unwrap();
        let path = "/.well-known/acme-challenge/a-B_9";
        assert_eq!(challenges.answer(path).unwrap(), "a-B_9.thumb");
        let file = challenges.root().join(path.trim_start_matches('/'));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "a-B_9.thumb");
        assert!(challenges.answer("/a-B_9").is_none());
        assert!(challenges.answer(&format!("{path}x")).is_none());
        challenges.take("a-B_9");
        assert!(challenges.answer(path).is_none() && !file.exists());
    }

    #[test]
    fn nothing_but_tokens_becomes_a_file() {
        let node = tempfile::tempdir().unwrap();
        let challenges = Challenges::open(node.path()).unwrap();
        let long = "a".repeat(129);
        for token in ["", "..", "../x", "a/b", "a.b", "a\0", "ä", long.as_str()] {
            assert!(challenges.put(token, "x").is_err(), "{token:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_as_a_token_is_one_file_or_refused(text in ".{0,40}|[a-zA-Z0-9_./-]{0,130}") {
            if is_token(&text) {
                let path = Path::new("folder").join(&text);
                prop_assert_eq!(path.parent(), Some(Path::new("folder")));
                prop_assert!(text.len() <= TOKEN_MAX && !text.contains('.'));
            }
        }
    }

    #[test]
    fn what_a_former_process_left_is_gone() {
        let node = tempfile::tempdir().unwrap();
        let former = Challenges::open(node.path()).unwrap();
        former.put("left", "behind").unwrap();
        let again = Challenges::open(node.path()).unwrap();
        let path = "/.well-known/acme-challenge/left";
        assert!(again.answer(path).is_none());
        assert!(!again.root().join(path.trim_start_matches('/')).exists());
    }
}
