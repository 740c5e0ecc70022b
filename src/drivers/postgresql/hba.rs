//! `pg_hba.conf` of an instance that is ours: who may connect from this machine, and below that a line for each
//! address that a customer listed. What is written is read back, and judged by the server before it is loaded.
//!
//! Invariants: a line from elsewhere is `hostssl` with one database, one role of the same name and one range; there
//! is none without TLS. What is not of that form is nobody's, and goes with the next change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{Mutex, MutexGuard};
use wabe_kernel::{AddressRange, RemoteAddresses, ServerName};

use crate::daemon::account::Account;
use crate::database_server::server::Trouble;
use crate::embedded::web::durable;

/// What stands between the instance's own lines and those of customers.
const MARK: &str = "# Below: addresses that customers listed, over TLS.\n";
/// How they prove who they are.
const METHOD: &str = "scram-sha-256";

/// Who comes in from elsewhere, by the name of database and role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rules(BTreeMap<ServerName, RemoteAddresses>);

impl Rules {
    /// The lines of customers in a file, and whether the file is exactly what is written for them.
    fn read(own: &str, text: &str) -> (Self, bool) {
        let mut found: BTreeMap<ServerName, Vec<AddressRange>> = BTreeMap::new();
        for (name, range) in text.lines().filter_map(line) {
            let ranges = found.entry(name).or_default();
            if !ranges.contains(&range) {
                ranges.push(range);
            }
        }
        let found = found.into_iter();
        let rules = Self(
            found
                .map(|(name, ranges)| (name, ranges.into_iter().collect()))
                .collect(),
        );
        let exact = rules.text(own) == text;
        (rules, exact)
    }

    /// The file. A name of a server and a range have no signs that mean something in it.
    fn text(&self, own: &str) -> String {
        let mut text = format!("{own}{MARK}");
        for (name, ranges) in &self.0 {
            for range in ranges {
                // In quotes a name is a name, also where it is one of the file's own words.
                let range = range.with_bits();
                // Writing into a String cannot fail.
                writeln!(text, "hostssl \"{name}\" \"{name}\" {range} {METHOD}").ok();
            }
        }
        text
    }

    fn of(&self, name: &ServerName) -> RemoteAddresses {
        self.0.get(name).cloned().unwrap_or_default()
    }

    fn set(&mut self, name: &ServerName, ranges: &RemoteAddresses) {
        if ranges.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.clone(), ranges.clone());
        }
    }
}

/// A line of a customer; nothing when it is anything else.
fn line(text: &str) -> Option<(ServerName, AddressRange)> {
    let words: Vec<&str> = text.split(' ').collect();
    let ["hostssl", database, role, range, METHOD] = words.as_slice() else {
        return None;
    };
    let name = database.strip_prefix('"')?.strip_suffix('"')?;
    let parsed: AddressRange = range.parse().ok()?;
    if database != role || parsed.with_bits() != *range {
        return None;
    }
    Some((name.parse().ok()?, parsed))
}

/// The file of an instance.
#[derive(Debug, Clone)]
pub(super) struct Hba {
    path: PathBuf,
    /// The lines that are the instance's own.
    own: &'static str,
    /// Whom the file is for.
    reader: Option<Account>,
    /// Names whose lines were written and which the server may not follow yet: it was not told, or whoever came by
    /// earlier lines is still in. Who changes the file waits for whoever does.
    unfollowed: Arc<Mutex<BTreeSet<ServerName>>>,
}

/// What stands in a file; nothing in one that is gone. Bytes that are no text are none of ours.
fn standing(path: &Path) -> io::Result<String> {
    match fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(fault) => Err(fault),
    }
}

impl Hba {
    pub(super) fn new(path: PathBuf, own: &'static str, reader: Option<Account>) -> Self {
        Self {
            path,
            own,
            reader,
            unfollowed: Arc::default(),
        }
    }

    /// Writes the file as an instance begins with it: with the lines of customers that stand in it where they are
    /// `kept`, else without any. Blocks.
    pub(super) fn begin(&self, kept: bool) -> io::Result<()> {
        let rules = if kept {
            Rules::read(self.own, &standing(&self.path)?).0
        } else {
            Rules::default()
        };
        self.write(&rules.text(self.own))
    }

    /// What stands there of a name, and whether the server follows that and nothing else stands there.
    pub(super) async fn look(&self, name: &ServerName) -> Result<(RemoteAddresses, bool), Trouble> {
        let unfollowed = self.unfollowed.lock().await;
        let (rules, exact) = Rules::read(self.own, &self.load().await?);
        Ok((rules.of(name), exact && !unfollowed.contains(name)))
    }

    /// Writes the file so that a name comes in from exactly these ranges; nothing when that stands there already and
    /// the server follows it. Whoever asked has the server judge and load it and says so, or takes it back; where
    /// neither happens, the next change of the name is one, whatever stands there.
    pub(super) async fn change(
        &self,
        name: &ServerName,
        ranges: &RemoteAddresses,
    ) -> Result<Option<Change<'_>>, Trouble> {
        let mut unfollowed = self.unfollowed.lock().await;
        let (mut rules, exact) = Rules::read(self.own, &self.load().await?);
        let (before, known) = (rules.clone(), rules.of(name));
        let followed = !unfollowed.contains(name);
        if exact && followed && known == *ranges {
            return Ok(None);
        }
        rules.set(name, ranges);
        let text = rules.text(self.own);
        if Rules::read(self.own, &text) != (rules, true) {
            let said = "addresses that do not read back".to_owned();
            return Err(Trouble::Refused(said));
        }
        unfollowed.insert(name.clone());
        self.save(text).await?;
        Ok(Some(Change {
            file: self,
            name: name.clone(),
            before,
            fewer: !exact || !followed || ranges.lacks_any_of(&known),
            unfollowed,
        }))
    }

    fn write(&self, text: &str) -> io::Result<()> {
        let readers = self.reader.map(Account::group);
        durable::replace_secret(&self.path, text.as_bytes(), readers)
    }

    async fn load(&self) -> Result<String, Trouble> {
        let path = self.path.clone();
        blocking(move || standing(&path)).await
    }

    async fn save(&self, text: String) -> Result<(), Trouble> {
        let file = self.clone();
        blocking(move || file.write(&text)).await
    }
}

/// A file that was written and that the server has not taken yet.
pub(super) struct Change<'a> {
    file: &'a Hba,
    name: ServerName,
    before: Rules,
    /// Whether somebody may not come in any more who might.
    pub(super) fewer: bool,
    unfollowed: MutexGuard<'a, BTreeSet<ServerName>>,
}

impl Change<'_> {
    /// The server follows it, and nobody is in who would not come in now.
    pub(super) fn done(mut self) {
        self.unfollowed.remove(&self.name);
    }

    /// Puts back the lines of customers that stood there before. The server may have loaded what it was told of
    /// after all, so it is told of the next change in any case.
    pub(super) async fn take_back(self) -> Result<(), Trouble> {
        let text = self.before.text(self.file.own);
        self.file.save(text).await
    }
}

/// Does file work off the runtime's threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Trouble> {
    let failed = |fault: io::Error| Trouble::Refused(format!("pg_hba.conf: {fault}"));
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|panicked| failed(io::Error::other(panicked)))?
        .map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use wabe_kernel::Field as _;

    const OWN: &str = "host samerole all 127.0.0.1/32 scram-sha-256\n";

    fn rules(of: &[(&str, &str)]) -> Rules {
        let mut rules = Rules::default();
        for (name, ranges) in of {
            let ranges = RemoteAddresses::from_text(ranges).unwrap();
            rules.set(&name.parse().unwrap(), &ranges);
        }
        rules
    }

    /// Another reader of the file than the one above, as PostgreSQL reads it: words between blanks and commas, quotes
    /// around some, comments. Source: PostgreSQL 15, 21.1.
    fn server_reads(text: &str) -> Vec<Vec<(String, bool)>> {
        let mut lines = Vec::new();
        for line in text.lines() {
            let mut letters = line.chars().peekable();
            let mut words = Vec::new();
            while let Some(letter) = letters.next() {
                if letter == '#' {
                    break;
                }
                if letter.is_whitespace() || letter == ',' {
                    continue;
                }
                let (mut word, mut open, quoted) = (String::new(), letter == '"', letter == '"');
                if !open {
                    word.push(letter);
                }
                while let Some(next) =
                    letters.next_if(|next| open || !(next.is_whitespace() || ",#".contains(*next)))
                {
                    if next == '"' {
                        open = !open;
                    } else {
                        word.push(next);
                    }
                }
                words.push((word, quoted));
            }
            if !words.is_empty() {
                lines.push(words);
            }
        }
        lines
    }

    #[test]
    fn a_line_lets_one_role_into_one_database_over_tls() {
        let found = rules(&[
            ("shop", "203.0.113.7\n2001:db8::/64"),
            ("samerole", "10.1.0.0/16"),
        ]);
        let text = found.text(OWN);
        let expected = format!(
            "{OWN}{MARK}hostssl \"samerole\" \"samerole\" 10.1.0.0/16 scram-sha-256\n\
             hostssl \"shop\" \"shop\" 203.0.113.7/32 scram-sha-256\n\
             hostssl \"shop\" \"shop\" 2001:db8::/64 scram-sha-256\n"
        );
        assert_eq!(text, expected);
        assert_eq!(Rules::read(OWN, &text), (found, true));
    }

    #[test]
    fn what_somebody_wrote_into_the_file_is_no_rule_and_is_noticed() {
        let found = rules(&[("shop", "203.0.113.7")]);
        for foreign in [
            "host all all 0.0.0.0/0 trust\n",
            "host \"shop\" \"shop\" 203.0.113.8/32 scram-sha-256\n",
            "hostssl \"shop\" \"other\" 203.0.113.8/32 scram-sha-256\n",
            "hostssl all all 203.0.113.8/32 scram-sha-256\n",
            "hostssl \"shop\" \"shop\" 203.0.113.8/32 trust\n",
            "hostssl \"shop\" \"shop\" 0.0.0.0/0 scram-sha-256\n",
            "hostssl \"shop\" \"shop\" 203.0.113.8/32 scram-sha-256 map=x\n",
            "# nothing\n",
        ] {
            let text = found.text(OWN) + foreign;
            assert_eq!(Rules::read(OWN, &text), (found.clone(), false), "{foreign}");
        }
        let own = found.text("local all all trust\n");
        assert_eq!(Rules::read(OWN, &own), (found, false));
    }

    /// The file of an instance that begins, in a folder of its own.
    fn begun() -> (tempfile::TempDir, Hba) {
        let folder = tempfile::tempdir().unwrap();
        let file = Hba::new(folder.path().join("hba.conf"), OWN, None);
        file.begin(true).unwrap();
        (folder, file)
    }

    fn shop() -> (ServerName, RemoteAddresses) {
        let ranges = RemoteAddresses::from_text("203.0.113.7").unwrap();
        ("shop".parse().unwrap(), ranges)
    }

    #[tokio::test]
    async fn what_the_server_refuses_is_taken_back() {
        let ((_folder, file), (name, ranges)) = (begun(), shop());
        let change = file.change(&name, &ranges).await.unwrap().unwrap();
        assert!(!change.fewer);
        change.take_back().await.unwrap();
        let nothing = RemoteAddresses::default();
        // Nobody knows whether the server saw it meanwhile.
        assert_eq!(file.look(&name).await.unwrap(), (nothing.clone(), false));
        let change = file.change(&name, &nothing).await.unwrap().unwrap();
        assert!(change.fewer);
        change.done();
        assert_eq!(file.look(&name).await.unwrap(), (nothing, true));
    }

    #[tokio::test]
    async fn a_start_keeps_what_stands_there_and_one_for_nobody_elsewhere_does_not() {
        let ((folder, file), (name, ranges)) = (begun(), shop());
        let nothing = RemoteAddresses::default();
        file.change(&name, &ranges).await.unwrap().unwrap().done();
        assert_eq!(file.look(&name).await.unwrap(), (ranges.clone(), true));
        // What stands there already is loaded by nobody again.
        assert!(file.change(&name, &ranges).await.unwrap().is_none());
        file.begin(true).unwrap();
        assert_eq!(file.look(&name).await.unwrap(), (ranges.clone(), true));
        let change = file.change(&name, &nothing).await.unwrap().unwrap();
        assert!(change.fewer);
        change.done();
        let text = || fs::read_to_string(folder.path().join("hba.conf")).unwrap();
        assert_eq!(text(), format!("{OWN}{MARK}"));
        file.change(&name, &ranges).await.unwrap().unwrap().done();
        file.begin(false).unwrap();
        assert_eq!(text(), format!("{OWN}{MARK}"));
    }

    #[tokio::test]
    async fn a_change_that_broke_off_is_made_again_and_ends_who_is_in() {
        let ((_folder, file), (name, ranges)) = (begun(), shop());
        let nothing = RemoteAddresses::default();
        file.change(&name, &ranges).await.unwrap().unwrap().done();
        // Written, and the server was not asked any more.
        drop(file.change(&name, &nothing).await.unwrap().unwrap());
        assert_eq!(file.look(&name).await.unwrap(), (nothing.clone(), false));
        // What is done for another does not do it for this one.
        let other = "other".parse().unwrap();
        file.change(&other, &ranges).await.unwrap().unwrap().done();
        let change = file.change(&name, &nothing).await.unwrap().unwrap();
        assert!(change.fewer);
        change.done();
        assert!(file.change(&name, &nothing).await.unwrap().is_none());
        assert_eq!(file.look(&name).await.unwrap(), (nothing, true));
    }

    #[expect(clippy::disallowed_methods, reason = "a test's own file")]
    #[tokio::test]
    async fn a_file_that_is_gone_or_no_text_is_seen_and_written_again() {
        let ((folder, file), (name, ranges)) = (begun(), shop());
        let path = folder.path().join("hba.conf");
        for broken in [None, Some(b"\xff\n")] {
            file.change(&name, &ranges).await.unwrap().unwrap().done();
            match broken {
                None => fs::remove_file(&path).unwrap(),
                Some(bytes) => fs::write(&path, bytes).unwrap(),
            }
            let nothing = RemoteAddresses::default();
            assert_eq!(file.look(&name).await.unwrap(), (nothing, false));
        }
        file.change(&name, &ranges).await.unwrap().unwrap().done();
        assert_eq!(file.look(&name).await.unwrap(), (ranges, true));
    }

    proptest! {
        #[test]
        fn no_name_and_no_range_brings_a_word_or_a_line_with_it(
            name in "[a-z][a-z0-9_]{0,20}|[a-z\"# ,\n@+/]{0,12}|.{0,8}",
            range in "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}(/[0-9]{1,2})?|[0-9a-f:./ \n#]{0,24}|.{0,8}",
        ) {
            let (Ok(name), Ok(range)) = (name.parse::<ServerName>(), range.parse::<AddressRange>()) else {
                return Ok(());
            };
            let ranges: RemoteAddresses = std::iter::once(range).collect();
            let mut rules = Rules::default();
            rules.set(&name, &ranges);
            let text = rules.text(OWN);
            prop_assert_eq!(Rules::read(OWN, &text), (rules, true));
            let read = server_reads(&text);
            prop_assert_eq!(read.len(), 2);
            let word = |text: &str, quoted| (text.to_owned(), quoted);
            let expected = vec![
                word("hostssl", false),
                word(name.as_str(), true),
                word(name.as_str(), true),
                word(&range.with_bits(), false),
                word("scram-sha-256", false),
            ];
            prop_assert_eq!(&read[1], &expected);
        }

        #[test]
        fn any_text_is_read_without_a_rule_that_no_line_says(
            text in "(hostssl \"[a-z]{1,3}\" \"[a-z]{1,3}\" [0-9./]{3,18} (scram-sha-256|trust)\n\
                     |.{0,20}\n){0,6}",
        ) {
            let (rules, exact) = Rules::read(OWN, &text);
            for name in rules.0.keys() {
                let line = format!("hostssl \"{name}\" \"{name}\" ");
                prop_assert!(text.contains(&line));
            }
            prop_assert!(!exact || text == rules.text(OWN));
        }
    }
}
