//! The host around a plugin on its author's machine: a store, files and records in memory, and answers
//! that a case has prepared. It decides as the panel does.

mod files;
mod http;
mod kv;
mod records;
#[cfg(test)]
mod tests;

use crate::author::case::Scene;
use crate::run::Host;
use files::Files;
use hmac::{Hmac, KeyInit, Mac};
use http::Http;
use kv::Store;
use sha2::{Sha256, Sha512};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use wabe_package::record::Exchange;
use wabe_package::wire::{Answer, HostCall, Problem};
use wabe_package::{Capability, Grants, Manifest};

/// Everything that a run may touch.
#[derive(Default)]
pub(crate) struct State {
    /// What may be done.
    grants: Grants,
    /// The store.
    pub(crate) kv: Store,
    /// The webspaces.
    pub(crate) files: Files,
    /// Other hosts.
    pub(crate) http: Http,
    records: records::Records,
    secrets: BTreeMap<String, String>,
    dry: bool,
    /// What the run asked for, with what it was told.
    pub(crate) calls: Vec<Exchange>,
}

/// The host.
pub(crate) struct World {
    manifest: Manifest,
    state: Mutex<State>,
}

impl World {
    /// An empty world for a plugin.
    pub(crate) fn new(manifest: &Manifest) -> Self {
        Self {
            manifest: manifest.clone(),
            state: Mutex::default(),
        }
    }

    /// What there is.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before a run: these rights, this time, and what the scene adds. The error is the cause.
    pub(crate) fn begin(
        &self,
        scene: &Scene,
        grants: Grants,
        (now_ms, dry): (u64, bool),
    ) -> Result<(), String> {
        let mut state = self.state();
        state.grants = grants;
        state.dry = dry;
        state.calls.clear();
        state.kv.begin(now_ms, &scene.kv);
        state.files.begin(now_ms, &scene.files)?;
        state.http.begin(&scene.http)?;
        state.records.add(&scene.records);
        state.secrets.extend(scene.secrets.clone());
        Ok(())
    }

    /// Goes on only with this right.
    fn needs(&self, state: &State, needed: &Capability) -> Result<(), Problem> {
        if state.grants.covers(needed) {
            return Ok(());
        }
        Err(if self.manifest.request(needed).is_some() {
            let how = "the customer can grant it on the page of the installation";
            Problem::new("denied", format!("{needed} was not granted"), how)
        } else {
            Problem::new(
                "denied",
                format!("{needed} is not in the manifest"),
                needed.how(),
            )
        })
    }

    fn secret<'a>(&self, state: &'a State, name: &str) -> Result<&'a str, Problem> {
        let slug = name
            .parse()
            .map_err(|_bad| invalid("there is no secret of this name"))?;
        self.needs(state, &Capability::Secret(slug))?;
        state.secrets.get(name).map(String::as_str).ok_or_else(|| {
            let how =
                "a case sets it with \"host\": {\"secrets\": {…}}, the customer in the portal";
            Problem::new("not-found", format!("the secret {name} is not set"), how)
        })
    }

    fn decide(&self, request: HostCall) -> Result<Answer, Problem> {
        let mut state = self.state();
        match request {
            HostCall::KvGet { key } => state.kv.get(&key),
            HostCall::KvSet {
                key,
                value,
                expect,
                ttl_s,
            } => state.kv.set(&key, value.0, (expect, ttl_s)),
            HostCall::KvDelete { key } => state.kv.delete(&key),
            HostCall::KvKeys {
                prefix,
                cursor,
                limit,
            } => state.kv.keys(&prefix, cursor.as_deref(), limit),
            HostCall::Fetch(request) => {
                self.needs(&state, &Capability::Http(http::host(&request.url)?))?;
                for name in http::secrets(&request)? {
                    self.secret(&state, &name)?;
                }
                outside(state.dry)?;
                state.http.fetch(&request)
            }
            HostCall::UseSecret { name } => {
                self.secret(&state, &name)?;
                Ok(Answer::Text {
                    text: format!("{{{{secret:{name}}}}}"),
                })
            }
            HostCall::Query { query } => {
                let question = records::question(&query)?;
                let needed = question.needed()?;
                self.needs(&state, &needed)?;
                let granted = state.grants.find(&needed).map(|grant| grant.fields.clone());
                state.records.query(question, &granted.unwrap_or_default())
            }
            HostCall::FileRead { .. }
            | HostCall::FileWrite { .. }
            | HostCall::FileList { .. }
            | HostCall::FileDelete { .. } => self.decide_file(&mut state, request),
            HostCall::HmacVerify {
                secret,
                algorithm,
                message,
                signature,
            } => {
                let secret = self.secret(&state, &secret)?;
                let yes = verify(secret, &algorithm, &message.0, &signature.0)?;
                Ok(Answer::Flag { yes })
            }
        }
    }

    fn decide_file(&self, state: &mut State, request: HostCall) -> Result<Answer, Problem> {
        let any = [Capability::FilesRead, Capability::FilesWrite];
        match request {
            HostCall::FileRead { webspace, path } => {
                self.needs(state, &Capability::FilesRead)?;
                state.files.read(&webspace, &path)
            }
            HostCall::FileWrite {
                webspace,
                path,
                content,
            } => {
                self.needs(state, &Capability::FilesWrite)?;
                outside(state.dry)?;
                state.files.write(&webspace, &path, content.0)
            }
            HostCall::FileList { webspace, path } => {
                if !any.iter().any(|right| state.grants.covers(right)) {
                    self.needs(state, &Capability::FilesRead)?;
                }
                state.files.list(&webspace, &path)
            }
            HostCall::FileDelete { webspace, path } => {
                self.needs(state, &Capability::FilesWrite)?;
                outside(state.dry)?;
                state.files.delete(&webspace, &path)
            }
            _ => Err(invalid("this is not about files")),
        }
    }
}

impl Host for World {
    fn call(
        &self,
        _number: u32,
        request: HostCall,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send + '_>> {
        let answer = self.decide(request.clone());
        self.state().calls.push(Exchange {
            request,
            answer: answer.clone(),
        });
        Box::pin(std::future::ready(answer))
    }
}

fn verify(
    secret: &str,
    algorithm: &str,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, Problem> {
    let key = secret.as_bytes();
    let unusable = |_length| invalid("the secret cannot be used as a key");
    match algorithm {
        "sha256" => {
            let mac = Hmac::<Sha256>::new_from_slice(key).map_err(unusable)?;
            Ok(mac.chain_update(message).verify_slice(signature).is_ok())
        }
        "sha512" => {
            let mac = Hmac::<Sha512>::new_from_slice(key).map_err(unusable)?;
            Ok(mac.chain_update(message).verify_slice(signature).is_ok())
        }
        _ => Err(invalid("the algorithm is sha256 or sha512")),
    }
}

/// A dry run reaches nobody outside.
fn outside(dry: bool) -> Result<(), Problem> {
    if !dry {
        return Ok(());
    }
    let message = "this is a dry run: nothing outside is reached or written";
    Err(Problem::new(
        "unavailable",
        message,
        "treat it as a failure that passes",
    ))
}

fn invalid(message: impl Into<String>) -> Problem {
    Problem::new("invalid", message, "mend the arguments of the call")
}

fn not_found(message: impl Into<String>) -> Problem {
    Problem::new("not-found", message, "check the name")
}

fn limit(message: impl Into<String>) -> Problem {
    Problem::new("limit", message, "keep less, or ask the hoster for more")
}

fn conflict(message: impl Into<String>) -> Problem {
    Problem::new("conflict", message, "read the value again and decide anew")
}
