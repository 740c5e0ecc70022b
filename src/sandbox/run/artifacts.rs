//! Loads compiled plugins: machine code, so only what the panel sealed, and nothing that was changed.

use crate::engine::word;
use crate::run::guest::Guest;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;
use wabe_package::limits::LimitName;
use wabe_package::seal::is_sealed;
use wabe_package::wire::Ending;
use wasmtime::Engine;
use wasmtime::component::Component;

/// Loaded plugins that are kept. One that is not loads again within milliseconds.
const KEPT: usize = 256;

/// Why a plugin cannot be run at all.
#[derive(Debug, Clone)]
pub(crate) enum Unloadable {
    /// The artifact is missing or not what was sealed.
    Artifact(String),
    /// The component does not fit this host.
    Unfit(String),
    /// It needs more than any limit can allow.
    Limit(LimitName, String),
}

impl From<Unloadable> for Ending {
    fn from(unloadable: Unloadable) -> Self {
        match unloadable {
            Unloadable::Artifact(message) => Self::Artifact { message },
            Unloadable::Unfit(message) => Self::Unfit { message },
            Unloadable::Limit(limit, message) => Self::Limit { limit, message },
        }
    }
}

/// The folder of artifacts, and what is loaded of it.
pub(crate) struct Artifacts {
    folder: PathBuf,
    key: Vec<u8>,
    engine: Engine,
    word: String,
    shelf: Mutex<Shelf>,
}

type Place = Arc<OnceCell<Arc<Guest>>>;

#[derive(Default)]
struct Shelf {
    places: HashMap<String, (Place, u64)>,
    clock: u64,
}

impl Artifacts {
    /// Those of this folder, sealed with this key.
    pub(crate) fn new(folder: PathBuf, key: Vec<u8>, engine: Engine) -> Self {
        Self {
            folder,
            key,
            word: word(&engine),
            engine,
            shelf: Mutex::default(),
        }
    }

    /// The engine's word, which ends the names of the artifacts that fit.
    pub(crate) fn word(&self) -> &str {
        &self.word
    }

    /// The plugin of this name; loads it if it is not loaded, once for all who wait.
    pub(crate) async fn find(self: &Arc<Self>, name: &str) -> Result<Arc<Guest>, Unloadable> {
        let place = self.shelf(|shelf| shelf.place(name));
        let guest = place
            .get_or_try_init(async || {
                let (here, name) = (Arc::clone(self), name.to_owned());
                let loading = tokio::task::spawn_blocking(move || here.load(&name));
                loading.await.unwrap_or_else(|error| {
                    Err(Unloadable::Artifact(format!("loading failed: {error}")))
                })
            })
            .await
            .cloned();
        if guest.is_err() {
            // It may be compiled again at any moment.
            self.shelf(|shelf| shelf.places.remove(name));
        }
        guest
    }

    fn shelf<T>(&self, act: impl FnOnce(&mut Shelf) -> T) -> T {
        act(&mut self.shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn load(&self, name: &str) -> Result<Arc<Guest>, Unloadable> {
        self.check_name(name)?;
        let missing = |what: &str, error: std::io::Error| {
            Unloadable::Artifact(format!(
                "{name}.{what} cannot be read: {error}; compile it again"
            ))
        };
        let path = |ending: &str| self.folder.join(format!("{name}.{ending}"));
        let seal = std::fs::read(path("seal")).map_err(|error| missing("seal", error))?;
        let mut file = File::open(path("cwasm")).map_err(|error| missing("cwasm", error))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|error| missing("cwasm", error))?;
        if !is_sealed(&self.key, name, &bytes, &seal) {
            return Err(Unloadable::Artifact(format!(
                "the seal of {name} is not the panel's, or the file was changed; compile it again"
            )));
        }
        let component = open(&self.engine, &file, &bytes).map_err(|error| refused(&error))?;
        drop(bytes);
        Guest::link(&component)
            .map(Arc::new)
            .map_err(Unloadable::Unfit)
    }

    /// Names are digests and words; anything else could name another place.
    fn check_name(&self, name: &str) -> Result<(), Unloadable> {
        let hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match name.split_once('-') {
            Some((digest, word)) if digest.len() == 64 && hexadecimal(digest) => {
                if word == self.word {
                    return Ok(());
                }
                Err(Unloadable::Artifact(format!(
                    "the artifact was compiled for another engine than {}; compile it again",
                    self.word
                )))
            }
            _ => Err(Unloadable::Artifact(
                "this is not the name of an artifact".to_owned(),
            )),
        }
    }
}

impl Shelf {
    /// The place of this name, as the one used last; the one that was used longest ago makes room.
    fn place(&mut self, name: &str) -> Place {
        self.clock = self.clock.saturating_add(1);
        let clock = self.clock;
        if let Some((place, used)) = self.places.get_mut(name) {
            *used = clock;
            return Arc::clone(place);
        }
        if self.places.len() >= KEPT {
            let oldest = self.places.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                self.places.remove(&oldest);
            }
        }
        let place = Place::default();
        self.places
            .insert(name.to_owned(), (Arc::clone(&place), clock));
        place
    }
}

/// Why the engine did not take an artifact that is sealed.
pub(crate) fn refused(error: &wasmtime::Error) -> Unloadable {
    let message = format!("{error:#}");
    if message.contains("memory has a minimum byte size") {
        return Unloadable::Limit(LimitName::Memory, message);
    }
    if message.contains("exceeds the") {
        return Unloadable::Limit(LimitName::Tables, message);
    }
    Unloadable::Artifact(format!("{message}; compile it again"))
}

/// Maps the open file, so that idle plugins cost no memory of the process; the very file that was
/// verified, even if another got its name meanwhile.
fn open(engine: &Engine, file: &File, bytes: &[u8]) -> wasmtime::Result<Component> {
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    let mapped = Path::new(&path).exists();
    // SAFETY: the bytes are this very engine's output: the seal over them was verified with a key that
    // only the panel has. Artifacts are never rewritten in place, so the mapping stays what it is.
    #[expect(
        unsafe_code,
        reason = "loading machine code trusts its maker, by design"
    )]
    unsafe {
        if mapped {
            Component::deserialize_file(engine, path)
        } else {
            Component::deserialize(engine, bytes)
        }
    }
}
