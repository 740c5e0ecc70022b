//! The page on which somebody agrees: every right that a plugin asks for, whether it is given, and
//! what comes back from the form.

use serde_json::{Map, Value, json};
use wabe_access::{Permission, Scope};
use wabe_automation::plugin::PluginVersion;
use wabe_hosting::webspace;
use wabe_kernel::{FormState, Language, PageRequest, Problem};
use wabe_package::{Capability, Grants, Request};
use wabe_store::Tx;
use wabe_web::{Choice, Failure, Form};

use crate::Portal;
use crate::plugin::words;

/// The most webspaces to choose from.
const WEBSPACES_MAX: i64 = 200;
/// The headings, in order.
const GROUPS: [&str; 3] = ["see", "do", "wake"];

/// One right.
#[derive(Debug, Clone)]
pub(crate) struct Right {
    /// The whole word, such as `effect:domain.set_redirect`: what the form sends.
    pub(crate) word: String,
    /// Its place on the page.
    pub(crate) id: String,
    /// Its sign.
    pub(crate) icon: &'static str,
    /// What it allows.
    pub(crate) title: String,
    /// What is to be known about it; may be empty.
    pub(crate) note: String,
    /// Why the plugin wants it, in its own words.
    pub(crate) reason: String,
    /// Whether the plugin works without it.
    pub(crate) optional: bool,
    /// Whether it is given.
    pub(crate) given: bool,
    /// Whether the version before did not ask for it.
    pub(crate) fresh: bool,
    /// The webspaces to choose from; absent when it is not about files.
    pub(crate) webspaces: Option<Vec<Webspace>>,
    /// The name of the field that holds the chosen ones.
    pub(crate) webspaces_name: String,
    /// What is wrong with it.
    pub(crate) error: Option<Problem>,
}

/// A webspace to choose.
#[derive(Debug, Clone)]
pub(crate) struct Webspace {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Whether it is chosen.
    pub(crate) chosen: bool,
}

/// Rights under one heading: the message `capability-group-{key}`.
#[derive(Debug, Clone)]
pub(crate) struct RightGroup {
    pub(crate) key: &'static str,
    pub(crate) rights: Vec<Right>,
}

/// Everything that a version asks for.
#[derive(Debug, Clone)]
pub(crate) struct Consent {
    pub(crate) groups: Vec<RightGroup>,
    /// Whether it learns something and could send it elsewhere.
    pub(crate) outward: bool,
    /// Whether it could spoil files.
    pub(crate) writes: bool,
}

/// What is ticked at first.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Marks<'a> {
    /// What does no harm.
    First,
    /// What was granted before.
    Granted(&'a Grants),
    /// What the form said.
    Typed(&'a FormState),
}

fn has_line(text: &str, wanted: &str) -> bool {
    text.lines().any(|line| line == wanted)
}

fn webspaces_name(word: &str) -> String {
    format!("web.{word}")
}

impl Marks<'_> {
    fn gives(&self, request: &Request, word: &str) -> bool {
        let harmless = words::group(&request.capability) == "wake";
        !request.optional
            || match self {
                Self::First => harmless,
                Self::Granted(grants) => grants.covers(&request.capability),
                Self::Typed(form) => has_line(form.value("rights"), word),
            }
    }

    fn chooses(&self, request: &Request, word: &str, webspace: &str, only: bool) -> bool {
        match self {
            Self::First => only,
            Self::Granted(grants) => match grants.find(&request.capability) {
                Some(grant) => grant.webspaces.iter().any(|id| id.to_string() == webspace),
                None => only,
            },
            Self::Typed(form) => has_line(form.value(&webspaces_name(word)), webspace),
        }
    }
}

impl Consent {
    /// What a version asks for; `fresh` is new in it.
    pub(crate) fn of(
        language: Language,
        version: &PluginVersion,
        webspaces: &[Choice],
        marks: Marks<'_>,
        fresh: &[Request],
    ) -> Self {
        let requests = version.requests();
        let right = |request: &Request| {
            let word = request.capability.to_string();
            let only = webspaces.len() == 1;
            let choice = |one: &Choice| Webspace {
                id: one.value.clone(),
                name: one.title.clone(),
                chosen: marks.chooses(request, &word, &one.value, only),
            };
            let files = request.capability.needs_webspaces();
            let id = format!("cap.{word}");
            let error = match marks {
                Marks::Typed(form) => form.error(&id).cloned(),
                _ => None,
            };
            Right {
                icon: words::icon(&request.capability),
                title: words::title(language, &version.manifest, &request.capability),
                note: words::note(language, &version.manifest, request),
                reason: request.reason.get(language).to_owned(),
                optional: request.optional,
                given: marks.gives(request, &word),
                fresh: fresh.iter().any(|one| one.capability == request.capability),
                webspaces: files.then(|| webspaces.iter().map(choice).collect()),
                webspaces_name: webspaces_name(&word),
                error,
                word,
                id,
            }
        };
        let of_group = |key: &'static str| RightGroup {
            key,
            rights: requests
                .iter()
                .filter(|request| words::group(&request.capability) == key)
                .map(right)
                .collect(),
        };
        let asks = |what: fn(&Capability) -> bool| requests.iter().any(|one| what(&one.capability));
        Self {
            groups: GROUPS
                .map(of_group)
                .into_iter()
                .filter(|group| !group.rights.is_empty())
                .collect(),
            outward: asks(|one| matches!(one, Capability::Http(_)))
                && asks(|one| words::group(one) == "see"),
            writes: asks(|one| matches!(one, Capability::FilesWrite)),
        }
    }
}

/// What the form grants of what a version asks for.
pub(super) fn granted(version: &PluginVersion, form: &Form) -> Value {
    let mut granted = Map::new();
    for request in version.requests() {
        let word = request.capability.to_string();
        if request.optional && !has_line(form.get("rights"), &word) {
            continue;
        }
        let value = if request.capability.needs_webspaces() {
            let chosen: Vec<&str> = form.get(&webspaces_name(&word)).lines().collect();
            json!({ "webspaces": chosen })
        } else {
            json!(true)
        };
        granted.insert(word, value);
    }
    // What the plugin never asked for is no choice here: the command says so.
    for word in form.get("rights").lines() {
        granted
            .entry(word.to_owned())
            .or_insert_with(|| json!(true));
    }
    Value::Object(granted)
}

/// The webspaces to choose from, when a version asks for files.
pub(super) async fn webspaces(
    portal: &Portal,
    tx: &mut Tx,
    scope: &Scope,
    version: &PluginVersion,
) -> Result<Vec<Choice>, Failure> {
    let files = |request: &Request| request.capability.needs_webspaces();
    if !scope.has(Permission::WebspaceRead) || !version.requests().iter().any(files) {
        return Ok(Vec::new());
    }
    let page = PageRequest::first(WEBSPACES_MAX);
    let found = webspace::list(tx, scope, &page, portal.house()).await?;
    let choice = |one: webspace::Webspace| Choice {
        value: one.id.to_string(),
        title: one.name.to_string(),
        text: String::new(),
    };
    Ok(found.items.into_iter().map(choice).collect())
}
