//! `wabe plugin sign` and `wabe plugin key`

use crate::author::project::Project;
use crate::author::screen::{Done, Trouble, next, say};
use crate::author::{disk, pack};
use std::path::{Path, PathBuf};
use wabe_kernel::{Rng, Secret};
use wabe_package::archive::{COMPONENT_BYTES, SIGNATURE};
use wabe_package::{Defect, Package, PublicKey, Signature, SigningKey};

/// What to sign.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Your private key, a PEM file
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The package; the project's own without it
    #[arg(value_name = "PACKAGE")]
    package: Option<PathBuf>,
}

/// What to do with keys.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum KeyWork {
    /// Makes a key: FILE for you alone, FILE.pub for the hoster
    New {
        /// Where the private key goes
        file: PathBuf,
    },
    /// Tells a key's id, which people compare
    Id {
        /// A private or public key
        file: PathBuf,
    },
}

fn of_key(path: &Path, defect: &Defect) -> Trouble {
    Trouble::one(&disk::shown(path), &defect.cause(), &defect.step())
}

/// Adds the signature, in place.
pub(crate) fn sign(project: &Project, arguments: &Arguments) -> Done {
    let key = Secret::new(disk::read_text(&arguments.key)?);
    let key = SigningKey::read(&key).map_err(|defect| of_key(&arguments.key, &defect))?;
    let path = match &arguments.package {
        Some(path) => path.clone(),
        None => project.path(&pack::name(project)),
    };
    if !path.exists() {
        let step = "Make it first: wabe plugin pack";
        return Err(Trouble::one(&disk::shown(&path), "it is not there", step));
    }
    let read = Package::read(&disk::read(&path)?, COMPONENT_BYTES);
    let mut package = read.map_err(|flaws| Trouble::of(&flaws))?;
    let signature = key.sign(&package.parts);
    package.parts.insert(SIGNATURE.to_owned(), signature);
    Signature::verify(&package.parts, &key.public()).map_err(Trouble::from)?;
    disk::write(&path, &package.write())?;
    let (name, version) = (&package.manifest.id, &package.manifest.version);
    say(&format!(
        "{}: {name} {version}, signed by key {}",
        disk::shown(&path),
        key.public().id()
    ));
    say("\nnext: give the package to the hoster, and once the public key");
    Ok(())
}

/// The machine's own randomness.
struct Machine;

impl Rng for Machine {
    fn fill(&self, bytes: &mut [u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            match rustix::rand::getrandom(&mut *rest, rustix::rand::GetRandomFlags::empty()) {
                Ok(filled) => rest = rest.get_mut(filled..).unwrap_or_default(),
                Err(rustix::io::Errno::INTR) => {}
                // A kernel without randomness makes no keys; there is nothing to go on with.
                Err(_) => std::process::abort(),
            }
        }
    }
}

/// Makes a key, or tells its id.
pub(crate) fn key(work: &KeyWork) -> Done {
    match work {
        KeyWork::New { file } => new_key(file),
        KeyWork::Id { file } => {
            let text = disk::read_text(file)?;
            let public = if text.contains("PRIVATE KEY") {
                SigningKey::read(&Secret::new(text)).map(|key| key.public())
            } else {
                PublicKey::read(&text)
            };
            say(&public.map_err(|defect| of_key(file, &defect))?.id());
            Ok(())
        }
    }
}

fn new_key(file: &Path) -> Done {
    let key = SigningKey::new(&Machine).map_err(|defect| of_key(file, &defect))?;
    let secret = key.write().map_err(|defect| of_key(file, &defect))?;
    let mut public = file.as_os_str().to_owned();
    public.push(".pub");
    let public = PathBuf::from(public);
    if public.exists() {
        return Err(Trouble::one(
            &disk::shown(&public),
            "it is there already",
            "Choose another name",
        ));
    }
    disk::write_new(file, secret.expose().as_bytes(), true)?;
    disk::write_new(&public, key.public().write().as_bytes(), false)?;
    say(&format!(
        "{}: yours alone; keep a copy where it cannot get lost",
        disk::shown(file)
    ));
    say(&format!("{}: for the hoster", disk::shown(&public)));
    say(&format!(
        "id {}: read it to the hoster, so that nobody exchanges the key",
        key.public().id()
    ));
    next(&format!("wabe plugin sign --key {}", disk::shown(file)));
    Ok(())
}
