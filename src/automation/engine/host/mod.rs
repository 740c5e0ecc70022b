//! What a guest may ask for during its run, decided call by call.
//!
//! Every call first asks the tables whether the run's generation, the hoster's ceiling and its customer
//! still stand: what was taken back is gone at once. Every call and its answer go into the recording, as
//! the guest saw them: secrets are in neither.

mod crypto;
mod denial;
mod fetch;
mod files;
mod kv;
mod records;

use crate::desk::Desk;
use crate::engine::Engine;
use crate::engine::execute::{Ready, Stands};
use crate::engine::host::kv::Buffer;
use crate::engine::scrub::Scrub;
use crate::engine::worlds::Answers;
use crate::installation::kv::Write;
use crate::installation::secret::{self, Named};
use crate::run::Mode;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use wabe_access::{Refusal, Scope};
use wabe_kernel::desired::Working;
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Fault, Secret};
use wabe_package::record::{BYTES_MAX, Exchange};
use wabe_package::wire::{Answer, HostCall, Problem};
use wabe_package::{Capability, Slug};

/// What a run told its host, when it is over.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) calls: Vec<Exchange>,
    pub(crate) cut: bool,
    pub(crate) writes: Vec<Write>,
    /// Every secret of the installation; absent when one of them could not be read.
    pub(crate) scrub: Option<Scrub>,
}

#[derive(Debug, Default)]
struct State {
    calls: Vec<Exchange>,
    bytes: usize,
    cut: bool,
    buffer: Buffer,
    /// The secrets that the guest used so far: it must not see them in what others answer.
    used: Scrub,
    /// Which webspaces it touched, and how, as far as that is noted for its customer.
    noted: BTreeSet<(WebspaceId, &'static str)>,
    /// How many of its questions asked the world outside.
    outside: u32,
}

/// The host of one run.
pub(crate) struct Host<'a> {
    engine: &'a Engine,
    ready: &'a Ready,
    state: Mutex<State>,
    replayed: AtomicUsize,
}

impl<'a> Host<'a> {
    pub(crate) fn new(engine: &'a Engine, ready: &'a Ready) -> Self {
        Self {
            engine,
            ready,
            state: Mutex::default(),
            replayed: AtomicUsize::new(0),
        }
    }

    /// Everything that was said, once the run is over.
    pub(crate) fn into_told(self) -> Told {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        Told {
            calls: state.calls,
            cut: state.cut,
            writes: state.buffer.into_writes(),
            scrub: self.ready.scrub.clone().map(|mut all| {
                // What was set during the run is not among those of its beginning.
                all.join(&state.used);
                all
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn desk(&self) -> Result<&Desk, Problem> {
        Desk::of(self.engine.parts.gate.tools()).map_err(|fault| denial::fault(&fault))
    }

    /// Goes on only while what the run began with holds.
    async fn still_allowed(&self) -> Result<(), Problem> {
        let store = self.engine.parts.gate.store();
        let found = async {
            let mut tx = store.read_for(self.ready.run.customer).await?;
            let found = self.ready.stands(&mut tx).await?;
            tx.rollback().await?;
            Ok::<_, Fault>(found)
        };
        match found.await {
            Ok(Stands::Yes) => Ok(()),
            Ok(Stands::Revoked) => Err(denial::revoked()),
            Ok(Stands::Suspended) => Err(denial::suspended()),
            Err(fault) => Err(denial::fault(&fault)),
        }
    }

    /// What may be read now: whoever granted it may have another role since the run began.
    async fn scope(&self) -> Result<Scope, Problem> {
        let store = self.engine.parts.gate.store();
        let found = async {
            let mut tx = store.read_for(self.ready.run.customer).await?;
            let found = Scope::of(&mut tx, &self.ready.actor).await?;
            tx.rollback().await?;
            Ok::<_, Refusal>(found)
        };
        found.await.map_err(|refusal| match refusal {
            Refusal::Fault(fault) => denial::fault(&fault),
            // They are no member any more.
            _ => denial::refused(Refusal::Forbidden),
        })
    }

    /// Goes on only with this right.
    fn needs(&self, needed: &Capability) -> Result<(), Problem> {
        if self.ready.rights.covers(needed) {
            Ok(())
        } else {
            let asked = self.ready.version.manifest.request(needed).is_some();
            Err(denial::denied(needed, asked))
        }
    }

    /// The value of a secret that the plugin may use; from here on it is scrubbed from answers, too.
    async fn secret(&self, name: &str) -> Result<Secret, Problem> {
        let slug: Result<Slug, _> = name.parse();
        let slug = slug.map_err(|_defect| denial::invalid("there is no secret of this name"))?;
        self.needs(&Capability::Secret(slug))?;
        let run = &self.ready.run;
        let key = &self.desk()?.secrets;
        let named = Named {
            customer: run.customer,
            installation: run.installation,
            name,
        };
        let store = self.engine.parts.gate.store();
        let opened = async {
            let mut tx = store.read_for(run.customer).await?;
            let opened = secret::open(&mut tx, key, named).await?;
            tx.rollback().await?;
            Ok::<_, Fault>(opened)
        };
        let opened = opened.await.map_err(|fault| denial::fault(&fault))?;
        let opened = opened.ok_or_else(|| denial::not_set(name))?;
        self.state().used.learn(name, &opened);
        Ok(opened)
    }

    async fn decide(&self, call: HostCall) -> Result<Answer, Problem> {
        self.still_allowed().await?;
        match call {
            HostCall::KvGet { key } => self.kv_get(&key).await,
            HostCall::KvSet {
                key,
                value,
                expect,
                ttl_s,
            } => self.kv_set(&key, value.0, expect, ttl_s).await,
            HostCall::KvDelete { key } => self.kv_delete(&key).await,
            HostCall::KvKeys {
                prefix,
                cursor,
                limit,
            } => self.kv_keys(&prefix, cursor.as_deref(), limit).await,
            HostCall::Fetch(request) => Box::pin(self.fetch(request)).await,
            HostCall::UseSecret { name } => self.use_secret(&name).await,
            HostCall::Query { query } => self.query(&query).await,
            HostCall::FileRead { webspace, path } => self.file_read(&webspace, &path).await,
            HostCall::FileWrite {
                webspace,
                path,
                content,
            } => self.file_write(&webspace, &path, content.0).await,
            HostCall::FileList { webspace, path } => self.file_list(&webspace, &path).await,
            HostCall::FileDelete { webspace, path } => self.file_delete(&webspace, &path).await,
            HostCall::HmacVerify {
                secret,
                algorithm,
                message,
                signature,
            } => {
                self.hmac_verify(&secret, &algorithm, (&message.0, &signature.0))
                    .await
            }
        }
    }

    /// What the recording says, as long as the guest asks the same.
    fn recorded(&self, call: &HostCall) -> Result<Answer, Problem> {
        let place = self.replayed.fetch_add(1, Ordering::Relaxed);
        let recording = self.ready.replayed.as_ref();
        let exchange = recording.and_then(|recording| recording.calls.get(place));
        match exchange {
            Some(exchange) if exchange.request == *call => exchange.answer.clone(),
            _ => Err(denial::diverged(place)),
        }
    }

    /// Puts a call and its answer into the recording, while there is room.
    fn note(&self, request: HostCall, answer: &Result<Answer, Problem>) {
        let exchange = Exchange {
            request,
            answer: answer.clone(),
        };
        let size = serde_json::to_vec(&exchange).map_or(0, |text| text.len());
        let mut state = self.state();
        state.bytes = state.bytes.saturating_add(size);
        if state.bytes > BYTES_MAX {
            state.cut = true;
        }
        if !state.cut {
            state.calls.push(exchange);
        }
    }
}

impl Answers for Host<'_> {
    fn answer(&self, call: HostCall) -> Working<'_, Result<Answer, Problem>> {
        Box::pin(async move {
            let answer = if self.ready.run.mode == Mode::Replay {
                self.recorded(&call)
            } else {
                self.decide(call.clone()).await
            };
            self.note(call, &answer);
            answer
        })
    }
}
