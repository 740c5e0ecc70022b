//! What every page of one installation has in common: its head, where it stands, its tabs.

use wabe_access::Permission;
use wabe_automation::installation::{InstallationState, Installed, PausedBy};
use wabe_automation::plugin::VersionState;
use wabe_automation::run::usage::Spent;
use wabe_kernel::{Language, Timestamp};
use wabe_package::Trigger;
use wabe_web::{Member, Message, Tab, Texts};

use crate::plugin::words::say;
use crate::plugin::{path, words};

/// The head of an installation's pages; for the macros of `templates/portal/plugin/frame.html`.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// Its id.
    pub(crate) id: String,
    /// What the plugin is called.
    pub(crate) name: String,
    /// What it does.
    pub(crate) lead: String,
    /// The version that runs.
    pub(crate) version: String,
    /// Where its icon is; empty without one.
    pub(crate) icon: String,
    /// Where it stands.
    pub(crate) standing: Standing,
    /// The titles of secrets that it waits for.
    pub(crate) missing: Vec<String>,
    /// What it used up for today, a word, and when it goes on.
    pub(crate) rests: Option<(&'static str, Timestamp)>,
    /// A version that waits for somebody to agree.
    pub(crate) update: Option<String>,
    /// Whether there is a version to go back to.
    pub(crate) can_roll_back: bool,
    /// Its pages that the member may see.
    pub(crate) tabs: Vec<Tab>,
    /// Whether the member may change it.
    pub(crate) may_write: bool,
}

/// Where an installation stands, as a badge and a note say it.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// The sign of a state.
    pub(crate) sign: &'static str,
    /// The word beside it.
    pub(crate) word: String,
    /// Who stopped it; the message `installation-paused-{by}`.
    pub(crate) paused: Option<PausedBy>,
    /// Why, in words.
    pub(crate) reason: Option<String>,
    /// Whether its version was withdrawn.
    pub(crate) withdrawn: bool,
}

impl Standing {
    /// Where this installation stands.
    pub(crate) fn of(language: Language, found: &Installed) -> Self {
        let installation = &found.installation;
        let withdrawn = found.version.state == VersionState::Withdrawn;
        let paused = (installation.state == InstallationState::Paused)
            .then(|| installation.paused_by.unwrap_or(PausedBy::Member));
        let (sign, id) = match paused {
            Some(PausedBy::Breaker) => ("failed", "plugin-stands-broken"),
            Some(PausedBy::Hoster) => ("failed", "plugin-stands-withdrawn"),
            Some(PausedBy::Granter) => ("failed", "plugin-stands-granter"),
            Some(PausedBy::Member) => ("suspended", "installation-state-paused"),
            None if withdrawn => ("failed", "plugin-stands-withdrawn"),
            None if !found.missing_secrets().is_empty() => ("pending", "plugin-stands-missing"),
            None => ("live", "installation-state-active"),
        };
        Self {
            sign,
            word: say(language, id),
            paused,
            reason: installation
                .paused_reason
                .as_deref()
                .map(|reason| reason_text(language, paused, reason)),
            withdrawn,
        }
    }

    /// Whether it can be let run again.
    pub(crate) fn may_resume(&self) -> bool {
        self.paused.is_some() && !self.withdrawn
    }

    /// Whether it waits for its rights to be granted anew.
    pub(crate) fn needs_rights(&self) -> bool {
        self.paused == Some(PausedBy::Granter)
    }
}

/// A reason of the panel is a code, one of a person their own words.
fn reason_text(language: Language, paused: Option<PausedBy>, reason: &str) -> String {
    let id = format!("notice-reason-{reason}");
    let coded = paused != Some(PausedBy::Member) && Texts::global().has(language, &id);
    if coded {
        say(language, &id)
    } else {
        reason.to_owned()
    }
}

/// The titles of the secrets that it waits for.
pub(super) fn missing(language: Language, found: &Installed) -> Vec<String> {
    let missing = found.missing_secrets();
    let slots = found.version.manifest.secrets.iter();
    slots
        .filter(|slot| missing.iter().any(|name| name == slot.name.as_str()))
        .map(|slot| slot.title.get(language).to_owned())
        .collect()
}

/// Where the icon of an installation is; empty without one.
pub(super) fn icon_href(found: &Installed) -> String {
    found.version.icon.as_ref().map_or_else(String::new, |_| {
        format!("{}/icon.svg", path(found.installation.id))
    })
}

impl Frame {
    /// The frame of this installation as the member sees it.
    pub(crate) fn of(member: &Member, found: &Installed) -> Self {
        let may_write = member.visitor.has(Permission::AutomationWrite);
        Self::new(member.language, found, may_write)
    }

    /// The frame with this right.
    pub(crate) fn new(language: Language, found: &Installed, may_write: bool) -> Self {
        let manifest = &found.version.manifest;
        Self {
            id: found.installation.id.to_string(),
            name: manifest.name.get(language).to_owned(),
            lead: manifest.summary.get(language).to_owned(),
            version: manifest.version.to_string(),
            icon: icon_href(found),
            standing: Standing::of(language, found),
            missing: missing(language, found),
            rests: None,
            update: found
                .parked
                .as_ref()
                .map(|parked| parked.manifest.version.to_string()),
            can_roll_back: found.installation.previous.is_some(),
            tabs: tabs(found, may_write),
            may_write,
        }
    }

    /// The same, resting until midnight when the day is used up.
    pub(crate) fn resting(mut self, language: Language, rest: Option<(Spent, Timestamp)>) -> Self {
        let rest = rest.filter(|_| self.standing.paused.is_none());
        if rest.is_some() {
            self.standing.sign = "pending";
            self.standing.word = say(language, "plugin-stands-rests");
        }
        self.rests = rest.map(|(spent, until)| (spent.word(), until));
        self
    }

    /// What makes it run, in a few words.
    pub(crate) fn triggers(language: Language, found: &Installed) -> String {
        Message::new(language, "plugin-starts-by")
            .with(
                "triggers",
                words::triggers(language, &found.version.manifest),
            )
            .to_string()
    }
}

fn tabs(found: &Installed, may_write: bool) -> Vec<Tab> {
    let href = path(found.installation.id);
    let tab = |key, text, end: &str| Tab {
        href: format!("{href}{end}"),
        text,
        key,
    };
    let mut tabs = vec![
        tab("show", "plugin-tab-show", ""),
        tab("runs", "plugin-tab-runs", "/runs"),
    ];
    if !may_write {
        return tabs;
    }
    let manifest = &found.version.manifest;
    tabs.push(tab("rights", "plugin-tab-rights", "/rights"));
    if !found.version.settings().fields().is_empty() {
        tabs.push(tab("settings", "plugin-tab-settings", "/settings"));
    }
    if !manifest.secrets.is_empty() {
        tabs.push(tab("secrets", "plugin-tab-secrets", "/secrets"));
    }
    let webhook = |trigger: &Trigger| matches!(trigger, Trigger::Webhook { .. });
    if manifest.triggers.iter().any(webhook) {
        tabs.push(tab("webhook", "plugin-tab-webhook", "/webhook"));
    }
    tabs
}
