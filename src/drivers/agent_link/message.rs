//! What can be said over the way.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wabe_kernel::certificate::Bundle;
use wabe_kernel::command_line::CommandLine;
use wabe_kernel::content::PhpStatus;
use wabe_kernel::cron::{CronEnded, CronOrder};
use wabe_kernel::desired::{Observed, Step, Subject, Webspace, Wish};
use wabe_kernel::id::{CronRunId, DomainId, WebspaceId};
use wabe_kernel::{CronOutcome, PhpVersion, Secret, Stray};

use crate::agent_link::code;

/// Changes whenever a message does, or what a step means.
pub const VERSION: u32 = 3;

/// What the panel says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Ask {
    /// First of all: which version it speaks.
    Hello {
        /// [`VERSION`].
        version: u32,
    },
    /// What is there of this?
    Observe {
        /// Of what.
        subject: Subject,
    },
    /// Do this.
    Apply {
        /// What to do.
        step: Box<Step>,
        /// The certificate that the step names by its fingerprint, where it names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supplied: Option<Supplied>,
    },
    /// Which webspaces are configured? Some of them, oldest first.
    Sites {
        /// Only those after this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<WebspaceId>,
    },
    /// Which files lie in folders of servers, and are none of ours?
    Strays,
    /// Hand over a worker for the files of this webspace.
    Door {
        /// Of which.
        webspace: WebspaceId,
    },
    /// Hand over the folder with the logs of this domain's redirect.
    RedirectLogs {
        /// Of which.
        domain: DomainId,
    },
    /// How is the PHP of this webspace doing?
    Php {
        /// Of which.
        webspace: WebspaceId,
        /// Its version.
        version: PhpVersion,
    },
    /// Run a program of a webspace to its end, as the webspace's user. Whoever hangs up meanwhile ends it.
    Run {
        /// Which, and whose.
        run: Box<Run>,
    },
    /// Answer certificate authorities this for a token.
    Answer {
        /// The token.
        token: String,
        /// What to answer.
        answer: String,
    },
    /// Answer them nothing for it any more.
    Forget {
        /// The token.
        token: String,
    },
}

/// A certificate with its key, on its way to where it is served.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplied {
    /// The chain in PEM, the leaf first.
    pub chain: String,
    /// Its key in PEM. It leaves the panel here and nowhere else.
    #[serde(serialize_with = "exposed", deserialize_with = "hidden")]
    pub key: Secret,
}

fn exposed<S: Serializer>(key: &Secret, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(key.expose())
}

fn hidden<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    String::deserialize(from).map(Secret::new)
}

impl From<Bundle> for Supplied {
    fn from(bundle: Bundle) -> Self {
        let Bundle { chain, key } = bundle;
        Self { chain, key }
    }
}

impl From<Supplied> for Bundle {
    fn from(supplied: Supplied) -> Self {
        let Supplied { chain, key } = supplied;
        Self { chain, key }
    }
}

/// What the agent says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// [`VERSION`].
    pub version: u32,
    /// The release it is of.
    pub release: String,
    /// The versions of PHP that are there, oldest first.
    pub php: Vec<PhpVersion>,
    /// Whether Apache can answer for sites.
    #[serde(default)]
    pub apache: bool,
    /// The authority that signs for names of this machine, in PEM.
    pub authority: String,
    /// Walls around workers that this kernel does not have, in plain words for the operator.
    pub gaps: Vec<String>,
}

/// What the agent says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Told {
    /// After a hello of the same version.
    Welcome(Welcome),
    /// It is not listened to any more.
    Refused {
        /// Why, in plain words for the operator.
        reason: String,
    },
    /// What is there.
    Observed {
        /// Of what was asked.
        observed: Box<Observed>,
    },
    /// It is done.
    Done,
    /// It did not work.
    Failed {
        /// The code of the failure.
        code: String,
        /// For the operator's log.
        detail: String,
    },
    /// Some of the webspaces that are configured.
    Sites {
        /// Each as it is wished.
        sites: Vec<Wish<Webspace>>,
        /// Whether there are more after the last of them.
        more: bool,
    },
    /// What lies in folders of servers, and is none of ours.
    Strays {
        /// Some of it, by its path.
        strays: Vec<Stray>,
    },
    /// How the PHP of a webspace is doing; nothing where none runs.
    Php {
        /// As it counts itself.
        status: Option<PhpStatus>,
    },
    /// It did not say so in time.
    Silent,
    /// How a run ended.
    Ended {
        /// All of it.
        ended: Box<Ended>,
    },
    /// Handles come behind this message: of a worker and the webspace's folder, or of a folder of logs.
    Handles,
}

/// A program of a webspace that is to run now. Its limits are the agent's.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Which run.
    pub id: CronRunId,
    /// In whose folder, as whose user.
    pub webspace: WebspaceId,
    /// The webspace's version of PHP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub php: Option<PhpVersion>,
    /// What is started.
    pub command: CommandLine,
}

impl From<CronOrder> for Run {
    fn from(order: CronOrder) -> Self {
        Self {
            id: order.run,
            webspace: order.webspace,
            php: order.php,
            command: order.command,
        }
    }
}

impl From<Run> for CronOrder {
    fn from(run: Run) -> Self {
        Self {
            run: run.id,
            webspace: run.webspace,
            php: run.php,
            command: run.command,
        }
    }
}

/// How a run ended.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// How.
    pub outcome: CronOutcome,
    /// More about it, a word.
    pub reason: Option<String>,
    /// The program's own word about it.
    pub exit: Option<i32>,
    /// The number of the signal that ended it.
    pub signal: Option<i32>,
    /// The most memory that its first process was seen with, in bytes.
    pub memory_bytes: Option<u64>,
    /// The end of what it wrote.
    pub output: String,
    /// Whether it wrote more than that.
    pub cut: bool,
}

impl From<CronEnded> for Ended {
    fn from(ended: CronEnded) -> Self {
        Self {
            outcome: ended.outcome,
            reason: ended.reason.map(str::to_owned),
            exit: ended.exit,
            signal: ended.signal,
            memory_bytes: ended.memory_bytes,
            output: ended.output,
            cut: ended.cut,
        }
    }
}

impl From<Ended> for CronEnded {
    fn from(ended: Ended) -> Self {
        Self {
            outcome: ended.outcome,
            reason: ended.reason.map(|word| code::reason(&word)),
            exit: ended.exit,
            signal: ended.signal,
            memory_bytes: ended.memory_bytes,
            output: ended.output,
            cut: ended.cut,
        }
    }
}

/// What certificate authorities are answered that look whether a name leads here, wherever it is shown. Blocks.
pub trait Answers: Send + Sync + 'static {
    /// Answers this token from now on.
    ///
    /// # Errors
    /// When the token is none, or it cannot be answered.
    fn put(&self, token: &str, answer: &str) -> std::io::Result<()>;

    /// Answers this token no more.
    fn take(&self, token: &str);
}
