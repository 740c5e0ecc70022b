//! What can be said over the way.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use wabe_kernel::certificate::Bundle;
use wabe_kernel::desired::{Observed, Step, Subject, Webspace, Wish};
use wabe_kernel::id::{DomainId, WebspaceId};
use wabe_kernel::{PhpVersion, Secret};

/// Changes whenever a message does, or what a step means.
pub const VERSION: u32 = 1;

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
    /// Handles come behind this message: of a worker and the webspace's folder, or of a folder of logs.
    Handles,
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
