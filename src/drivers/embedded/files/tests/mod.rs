//! The file layer on a real folder, with the attacks it has to withstand planted by hand.

mod archives;
mod everyday;
mod links;
mod quotas;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use wabe_kernel::content::{ByteSource, ContentError, Files};
use wabe_kernel::desired::{UploadAccess, Webspace, Wish, Working};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Bytes, Clock, RelPath};

use crate::embedded::SiteIndex;
use crate::embedded::files::WebFiles;
use crate::embedded::web::tests::{FixedClock, SeededRng};

/// Sites as a test sets them.
#[derive(Default)]
pub(crate) struct TestIndex(Mutex<HashMap<WebspaceId, Arc<Wish<Webspace>>>>);

impl TestIndex {
    pub(crate) fn set(&self, site: &Webspace, wish: fn(Webspace) -> Wish<Webspace>) {
        self.0
            .lock()
            .unwrap()
            .insert(site.id, Arc::new(wish(site.clone())));
    }
}

impl SiteIndex for TestIndex {
    fn site(&self, id: WebspaceId) -> Option<Arc<Wish<Webspace>>> {
        self.0.lock().unwrap().get(&id).cloned()
    }

    fn by_login(&self, login: &str) -> Option<Arc<Wish<Webspace>>> {
        let sites = self.0.lock().unwrap();
        let has = |wish: &&Arc<Wish<Webspace>>| match &***wish {
            Wish::Present(site) | Wish::Hidden(site) => site.upload.login == login,
            Wish::Gone => false,
        };
        sites.values().find(has).cloned()
    }
}

/// One webspace in a temporary folder.
pub(crate) struct Bench {
    pub(crate) dir: TempDir,
    pub(crate) index: Arc<TestIndex>,
    pub(crate) files: WebFiles,
    pub(crate) site: Webspace,
    pub(crate) web: WebspaceId,
    clock: Arc<FixedClock>,
}

impl Bench {
    pub(crate) fn new(quota: Bytes) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (clock, rng) = (FixedClock::new(), SeededRng::new());
        let site = Webspace {
            id: WebspaceId::new(clock.now(), &*rng),
            preview: "anna.localhost".parse().unwrap(),
            hosts: Vec::new(),
            document_root: RelPath::root(),
            quota,
            https_redirect: false,
            full_addresses_until: None,
            upload: UploadAccess {
                login: "anna".to_owned(),
                password_hash: None,
                keys: Vec::new(),
            },
            suspended: false,
            unwanted_certificate: None,
            overwrites: None,
            php: None,
            rules: Box::default(),
            supplied: None,
            customer: None,
        };
        let index = Arc::new(TestIndex::default());
        index.set(&site, Wish::Present);
        let files = WebFiles::new(dir.path().join("node"), index.clone(), clock.clone());
        let bench = Self {
            web: site.id,
            dir,
            index,
            files,
            site,
            clock,
        };
        std::fs::create_dir_all(bench.disk("")).unwrap();
        std::fs::create_dir(bench.outside()).unwrap();
        bench
    }

    /// A fresh file layer on the same folder, as after a restart.
    fn reopened(&self) -> WebFiles {
        WebFiles::new(
            self.dir.path().join("node"),
            self.index.clone(),
            self.clock.clone(),
        )
    }

    /// The webspace's own folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.dir.path().join("node/web").join(self.web.to_string())
    }

    /// Where `path` lies on disk.
    pub(crate) fn disk(&self, path: &str) -> PathBuf {
        self.folder().join("files").join(path)
    }

    /// A folder that no customer may reach.
    pub(crate) fn outside(&self) -> PathBuf {
        self.dir.path().join("outside")
    }

    pub(crate) fn link(&self, path: &str, to: impl AsRef<std::path::Path>) {
        std::os::unix::fs::symlink(to, self.disk(path)).unwrap();
    }

    async fn write(&self, path: &str, content: &[u8]) -> Result<Bytes, ContentError> {
        let mut source = Pieces::of(content, 7);
        self.files.write(self.web, &at(path), &mut source).await
    }

    async fn read(&self, path: &str) -> Result<Vec<u8>, ContentError> {
        let (size, mut source) = self.files.read(self.web, &at(path)).await?;
        let mut all = Vec::new();
        while let Some(piece) = source.next().await {
            all.extend(piece?);
        }
        assert_eq!(size, i64::try_from(all.len()).unwrap());
        Ok(all)
    }

    pub(crate) async fn names(&self, path: &str) -> Vec<String> {
        let entries = self.files.list(self.web, &at(path)).await.unwrap();
        entries.into_iter().map(|entry| entry.name).collect()
    }

    /// What is counted, after showing that a new count says the same.
    pub(crate) async fn used(&self) -> Bytes {
        let counted = self.files.fill(self.web).await.unwrap();
        assert_eq!(
            counted,
            self.files.recount(self.web).await.unwrap(),
            "the count drifted"
        );
        counted.used
    }

    /// Nothing unfinished is left.
    pub(crate) async fn nothing_staged(&self) {
        let staging = self.folder().join("staging");
        for _ in 0..2_000 {
            let left = std::fs::read_dir(&staging).map_or(0, Iterator::count);
            if left == 0 {
                return;
            }
            // Leftovers go on a blocking thread.
            tokio::task::spawn_blocking(std::thread::yield_now)
                .await
                .unwrap();
        }
        panic!("something stays in the staging folder");
    }
}

#[expect(clippy::disallowed_methods, reason = "what an attacker would plant")]
pub(crate) fn plant(path: PathBuf, content: &[u8]) {
    std::fs::write(path, content).unwrap();
}

pub(crate) fn at(path: &str) -> RelPath {
    path.parse().unwrap()
}

/// Content in pieces; fails at the end when told to.
struct Pieces {
    pieces: Vec<Vec<u8>>,
    fails: bool,
}

impl Pieces {
    fn of(content: &[u8], size: usize) -> Self {
        let mut pieces: Vec<Vec<u8>> = content.chunks(size).map(<[u8]>::to_vec).collect();
        pieces.reverse();
        Self {
            pieces,
            fails: false,
        }
    }

    fn failing(content: &[u8]) -> Self {
        Self {
            fails: true,
            ..Self::of(content, 7)
        }
    }
}

impl ByteSource for Pieces {
    fn next(&mut self) -> Working<'_, Option<Result<Vec<u8>, ContentError>>> {
        let piece = match self.pieces.pop() {
            Some(piece) => Some(Ok(piece)),
            None if self.fails => Some(Err(ContentError::Refused("connection-lost"))),
            None => None,
        };
        Box::pin(std::future::ready(piece))
    }
}
