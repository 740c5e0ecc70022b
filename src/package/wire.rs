//! What the panel and the sandbox say to each other: JSON in frames of a 32-bit big-endian length,
//! over a socket pair that the sandbox has as its standard input.
//!
//! The sandbox knows nothing but a run's input, its limits and the answers it gets. Everything that
//! needs the database, the network, files or secrets is a [`HostCall`] that the panel decides about.

use crate::bytes::Blob;
use crate::entry::{Context, Entry, Failure, Outcome};
use crate::limits::{LimitName, Limits};
use serde::{Deserialize, Serialize};

/// The largest frame, in bytes.
pub const FRAME_BYTES: usize = 16 << 20;

/// From the panel to the sandbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case", deny_unknown_fields)]
pub enum ToSandbox {
    /// The first frame.
    Hello {
        /// The folder of sealed artifacts: `{artifact}.cwasm` beside `{artifact}.seal`.
        artifacts: String,
        /// The key of the seals.
        seal_key: Blob,
        /// Runs at once, at most.
        slots: u32,
    },
    /// Runs an entry point.
    Run(Box<RunOrder>),
    /// Answers a host call.
    Answer {
        /// The run.
        run: u64,
        /// The call.
        call: u32,
        /// The answer.
        answer: Result<Answer, Problem>,
    },
    /// Ends a run now.
    Cancel {
        /// The run.
        run: u64,
    },
}

/// From the sandbox to the panel.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromSandbox {
    /// The answer to `Hello`.
    Ready {
        /// The engine's version and settings, as one word: artifacts of another are compiled again.
        engine: String,
    },
    /// A guest calls its host.
    Call {
        /// The run.
        run: u64,
        /// Counts from 1 within the run.
        call: u32,
        /// What it wants.
        request: HostCall,
    },
    /// A run is over.
    Ended {
        /// The run.
        run: u64,
        /// How.
        ending: Ending,
        /// What it used.
        usage: Usage,
        /// Its log.
        log: Vec<LogLine>,
    },
}

/// One run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunOrder {
    /// The panel's number for it; unique within this connection.
    pub run: u64,
    /// The artifact: the SHA-256 of the component in hexadecimal, a dash, the engine's word.
    pub artifact: String,
    /// What the guest learns about itself.
    pub context: Context,
    /// What is called.
    pub entry: Entry,
    /// What it may use.
    pub limits: Limits,
    /// Of randomness: the same seed, the same numbers.
    pub seed: Blob,
}

/// A capability in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case", deny_unknown_fields)]
pub enum HostCall {
    /// `kv.get`.
    KvGet {
        /// The key.
        key: String,
    },
    /// `kv.set`.
    KvSet {
        /// The key.
        key: String,
        /// The value.
        value: Blob,
        /// The version expected.
        expect: Option<u64>,
        /// Seconds it lives.
        ttl_s: Option<u32>,
    },
    /// `kv.delete`.
    KvDelete {
        /// The key.
        key: String,
    },
    /// `kv.keys`.
    KvKeys {
        /// What keys begin with.
        prefix: String,
        /// Where to go on.
        cursor: Option<String>,
        /// How many at most.
        limit: u32,
    },
    /// `http.fetch`.
    Fetch(FetchRequest),
    /// `secrets.use-in`.
    UseSecret {
        /// Its name.
        name: String,
    },
    /// `records.query`.
    Query {
        /// JSON.
        query: String,
    },
    /// `files.read`.
    FileRead {
        /// `web_…`.
        webspace: String,
        /// Relative.
        path: String,
    },
    /// `files.write`.
    FileWrite {
        /// `web_…`.
        webspace: String,
        /// Relative.
        path: String,
        /// The whole content.
        content: Blob,
    },
    /// `files.list`.
    FileList {
        /// `web_…`.
        webspace: String,
        /// Relative; empty for the webspace's folder.
        path: String,
    },
    /// `files.delete`.
    FileDelete {
        /// `web_…`.
        webspace: String,
        /// Relative.
        path: String,
    },
    /// `crypto.hmac-verify`.
    HmacVerify {
        /// The secret's name.
        secret: String,
        /// `sha256` or `sha512`.
        algorithm: String,
        /// What was signed.
        message: Blob,
        /// The signature.
        signature: Blob,
    },
}

impl HostCall {
    /// The capability and the function, as `wit/` names them: `kv.get`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::KvGet { .. } => "kv.get",
            Self::KvSet { .. } => "kv.set",
            Self::KvDelete { .. } => "kv.delete",
            Self::KvKeys { .. } => "kv.keys",
            Self::Fetch(_) => "http.fetch",
            Self::UseSecret { .. } => "secrets.use-in",
            Self::Query { .. } => "records.query",
            Self::FileRead { .. } => "files.read",
            Self::FileWrite { .. } => "files.write",
            Self::FileList { .. } => "files.list",
            Self::FileDelete { .. } => "files.delete",
            Self::HmacVerify { .. } => "crypto.hmac-verify",
        }
    }
}

/// A request to another host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchRequest {
    /// Upper case.
    pub method: String,
    /// Absolute, `https`.
    pub url: String,
    /// In order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Blob,
    /// How long at most.
    pub timeout_ms: Option<u32>,
}

/// What another host answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchResponse {
    /// The status.
    pub status: u16,
    /// In order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed.
    pub body: Blob,
}

/// The answer to a host call, by the kind of the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// Of `kv.get`.
    Versioned {
        /// The value and its version, if the key is there.
        found: Option<(Blob, u64)>,
    },
    /// Of `kv.set`.
    Version {
        /// The new version.
        version: u64,
    },
    /// Of `kv.keys`.
    Keys {
        /// In order.
        keys: Vec<String>,
        /// Where to go on.
        next: Option<String>,
    },
    /// Of `http.fetch`.
    Fetched(FetchResponse),
    /// Of `secrets.use-in` and `records.query`.
    Text {
        /// The text.
        text: String,
    },
    /// Of `files.read`.
    Content {
        /// The whole file.
        content: Blob,
    },
    /// Of `files.list`.
    Files {
        /// In order of their names.
        files: Vec<FileEntry>,
    },
    /// Of `kv.delete` and `crypto.hmac-verify`.
    Flag {
        /// Yes or no.
        yes: bool,
    },
    /// Of `files.write` and `files.delete`.
    Nothing,
}

/// A file or folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Its name, without folders.
    pub name: String,
    /// True for a folder.
    pub directory: bool,
    /// Bytes.
    pub size: u64,
    /// Milliseconds since 1970.
    pub modified_ms: u64,
}

/// Why a capability did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// An open word: `denied`, `not-found`, `limit`, `conflict`, `invalid`, `unavailable`.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// What to do about it.
    pub how: String,
}

impl Problem {
    /// A problem of this code.
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>, how: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            how: how.into(),
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ending", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ending {
    /// The entry point answered.
    Done {
        /// With this.
        outcome: Outcome,
    },
    /// The entry point said that it failed.
    Failed {
        /// In its own words.
        failure: Failure,
    },
    /// A limit ended it.
    Limit {
        /// Which one.
        limit: LimitName,
        /// One sentence with the numbers.
        message: String,
    },
    /// The guest trapped: a panic or exception that its kit did not catch, an impossible instruction.
    Trap {
        /// With message and place, as far as they are known.
        message: String,
    },
    /// The component has no such entry point, or does not fit this API.
    Unfit {
        /// What is missing, and the next step.
        message: String,
    },
    /// The panel ended it.
    Cancelled,
    /// The artifact is missing, or its seal is broken.
    Artifact {
        /// What is wrong with it.
        message: String,
    },
}

/// What a run used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Usage {
    /// Waiting for a slot, in microseconds.
    pub queued_us: u64,
    /// From the slot to the end, in microseconds.
    pub wall_us: u64,
    /// Running time of guest code, in microseconds.
    pub cpu_us: u64,
    /// The largest sum of all memories, in bytes.
    pub memory_bytes: u64,
    /// Elements of all tables.
    pub table_elements: u32,
    /// Host calls.
    pub calls: u32,
    /// Bytes that host calls copied.
    pub calls_bytes: u64,
    /// Requests to other hosts.
    pub fetches: u32,
    /// Calls of the key-value store.
    pub kv_calls: u32,
    /// Log lines, with those that were dropped.
    pub log_lines: u32,
    /// Fuel, when it was counted.
    pub fuel: Option<u64>,
}

/// One line of a run's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogLine {
    /// `debug`, `info`, `warn` or `error`.
    pub level: String,
    /// Without control characters.
    pub message: String,
    /// A JSON object, or empty.
    pub fields: String,
    /// True when it was cut.
    pub cut: bool,
}
