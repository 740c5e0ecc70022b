//! The folder of compiled plugins.
//!
//! `{component}-{engine}.cwasm` is machine code, `.seal` its seal, which the child verifies before it
//! loads anything, and `.report` what the compiler said, under a seal of its own. All three are written
//! whole under another name and renamed; none is ever rewritten, because children map the code.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use wabe_kernel::{Clock, Fault};
use wabe_package::compiled::Compiled;
use wabe_package::seal::{is_sealed, seal};

use crate::embedded::web::durable;
use crate::sandbox::child::is_word;
use crate::sandbox::seal_key::SealKey;

/// The endings of an artifact's files, and of one that was not finished.
const ENDINGS: [&str; 4] = ["cwasm", "seal", "report", "new"];
/// The bytes of a seal.
const SEAL_BYTES: usize = 32;
/// How long a file is left alone: its plugin may be about to be named.
const GRACE: Duration = Duration::from_hours(1);

/// Compiled plugins on disk.
pub struct Artifacts {
    folder: PathBuf,
    key: SealKey,
    clock: Arc<dyn Clock>,
    engine: Mutex<Option<String>>,
    /// Held by whoever writes or removes.
    turn: Mutex<()>,
}

impl Artifacts {
    /// Opens the folder, which is made where missing. Blocks on file work.
    ///
    /// # Errors
    /// A fault when the folder cannot be made.
    pub fn open(folder: &Path, key: SealKey, clock: Arc<dyn Clock>) -> Result<Arc<Self>, Fault> {
        let failed = |error| Fault::because("open the folder of artifacts", error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).map_err(failed)?;
        // The child is fenced into this very folder, by its real path.
        let folder = folder.canonicalize().map_err(failed)?;
        Ok(Arc::new(Self {
            folder,
            key,
            clock,
            engine: Mutex::default(),
            turn: Mutex::default(),
        }))
    }

    /// The folder's real path.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The engine's word, once a child has said it.
    #[must_use]
    pub fn engine(&self) -> Option<String> {
        self.engine
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn learn_engine(&self, engine: &str) {
        let mut known = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(engine.to_owned());
    }

    pub(super) const fn key(&self) -> &SealKey {
        &self.key
    }

    /// Those of these components, by their SHA-256, that have no artifact for the engine of now; all of
    /// them before a child has said which engine that is.
    ///
    /// # Errors
    /// A fault when the folder cannot be read.
    pub async fn missing(self: &Arc<Self>, components: Vec<String>) -> Result<Vec<String>, Fault> {
        self.blocking("look for artifacts", move |here| {
            let Some(engine) = here.engine() else {
                return Ok(components);
            };
            let mut missing = Vec::new();
            for component in components {
                if !here.is_there(&component, &engine)? {
                    missing.push(component);
                }
            }
            Ok(missing)
        })
        .await
    }

    /// Removes artifacts of other components than these, and of other engines than the one of now;
    /// young files stay. Answers how many artifacts are gone.
    ///
    /// # Errors
    /// A fault when the folder cannot be read or written.
    pub async fn purge(self: &Arc<Self>, components: BTreeSet<String>) -> Result<u64, Fault> {
        self.blocking("purge artifacts", move |here| here.sweep(&components))
            .await
    }

    /// What the compiler said about a component, when its artifact for this engine is there and sealed.
    pub(super) async fn find(
        self: &Arc<Self>,
        component: String,
        engine: String,
    ) -> Result<Option<Compiled>, Fault> {
        self.blocking("read an artifact", move |here| {
            here.verified(&component, &engine)
        })
        .await
    }

    /// Keeps an artifact, unless it is there already.
    pub(super) async fn keep(
        self: &Arc<Self>,
        compiled: Compiled,
        bytes: Vec<u8>,
    ) -> Result<(), Fault> {
        self.blocking("keep an artifact", move |here| {
            here.write(&compiled, &bytes)
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        doing: &'static str,
        work: impl FnOnce(&Self) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let here = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&here)).await;
        let done = done.map_err(|error| Fault::because(doing, error))?;
        done.map_err(|error| Fault::because(doing, error))
    }

    fn path(&self, name: &str, ending: &str) -> PathBuf {
        self.folder.join(format!("{name}.{ending}"))
    }

    fn is_there(&self, component: &str, engine: &str) -> io::Result<bool> {
        let name = name(component, engine)?;
        for ending in ["cwasm", "seal", "report"] {
            if !self.path(&name, ending).try_exists()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn verified(&self, component: &str, engine: &str) -> io::Result<Option<Compiled>> {
        let name = name(component, engine)?;
        let (Some(report), Some(seal)) = (
            read(&self.path(&name, "report"))?,
            read(&self.path(&name, "seal"))?,
        ) else {
            return Ok(None);
        };
        let Some(compiled) = self.report(&name, &report) else {
            return Ok(None);
        };
        let bytes = read(&self.path(&name, "cwasm"))?;
        let sealed = bytes.is_some_and(|bytes| is_sealed(self.key.bytes(), &name, &bytes, &seal));
        Ok(sealed.then_some(compiled))
    }

    /// The report of this artifact, when the seal in front of it is ours.
    fn report(&self, name: &str, bytes: &[u8]) -> Option<Compiled> {
        let (seal, json) = bytes.split_at_checked(SEAL_BYTES)?;
        if !is_sealed(self.key.bytes(), &report_name(name), json, seal) {
            return None;
        }
        let compiled: Compiled = serde_json::from_slice(json).ok()?;
        (compiled.artifact() == name).then_some(compiled)
    }

    fn write(&self, compiled: &Compiled, bytes: &[u8]) -> io::Result<()> {
        let name = name(&compiled.component, &compiled.engine)?;
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if self
            .verified(&compiled.component, &compiled.engine)?
            .is_some()
        {
            return Ok(());
        }
        let json = serde_json::to_vec(compiled).map_err(io::Error::other)?;
        let mut report = seal(self.key.bytes(), &report_name(&name), &json);
        report.extend(json);
        let seal = seal(self.key.bytes(), &name, bytes);
        // The seal comes last: without it nothing counts.
        for (ending, bytes) in [("report", &report[..]), ("cwasm", bytes), ("seal", &seal)] {
            durable::replace(&self.path(&name, ending), bytes, 0o600)?;
        }
        Ok(())
    }

    fn sweep(&self, components: &BTreeSet<String>) -> io::Result<u64> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let engine = self.engine();
        let mut gone = 0;
        for file in std::fs::read_dir(&self.folder)? {
            let file = file?;
            let name = file.file_name();
            let Some((component, of, ending)) = name.to_str().and_then(parts) else {
                continue;
            };
            let named = components.contains(component)
                && engine.as_deref().is_none_or(|engine| engine == of)
                && ending != "new";
            if named || self.is_young(file.metadata()?.modified()?) {
                continue;
            }
            durable::remove(&file.path())?;
            gone += u64::from(ending == "cwasm");
        }
        Ok(gone)
    }

    fn is_young(&self, written: SystemTime) -> bool {
        let now = u64::try_from(self.clock.now().0).unwrap_or(0);
        let now = SystemTime::UNIX_EPOCH + Duration::from_micros(now);
        // One of the future is young, too.
        now.duration_since(written).is_ok_and(|age| age < GRACE) || written > now
    }
}

/// The name of an artifact; anything but a digest and a word could name another place.
fn name(component: &str, engine: &str) -> io::Result<String> {
    if is_digest(component) && is_word(engine) {
        return Ok(format!("{component}-{engine}"));
    }
    let text = "this is not the name of an artifact";
    Err(io::Error::new(io::ErrorKind::InvalidInput, text))
}

/// The component, the engine and the ending of a file that is one of ours.
fn parts(file: &str) -> Option<(&str, &str, &str)> {
    let (name, ending) = file.rsplit_once('.')?;
    let (component, engine) = name.split_once('-')?;
    let ours = is_digest(component) && is_word(engine) && ENDINGS.contains(&ending);
    ours.then_some((component, engine, ending))
}

fn is_digest(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 64 && text.bytes().all(digit)
}

fn report_name(name: &str) -> String {
    format!("{name}.report")
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
