//! What is wrong with something an author or a customer handed in.
//!
//! A [`Flaw`] names the place, the cause and the next step. Pages translate its code with its
//! arguments; the command line prints the English sentence.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What is named as the place of a flaw of the whole package.
const PACKAGE: &str = ".wabeplugin";

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaw {
    /// The part of the package, such as `plugin.toml`; empty for a value that stands alone.
    pub part: String,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The key, the path or the index within the part; may be empty.
    pub key: String,
    /// The cause.
    #[serde(flatten)]
    pub defect: Box<Defect>,
}

impl Flaw {
    /// A flaw of a whole part.
    #[must_use]
    pub fn of_part(part: &str, defect: Defect) -> Self {
        Self::at(part, "", defect)
    }

    /// A flaw at a key of a part.
    #[must_use]
    pub fn at(part: &str, key: impl Into<String>, defect: Defect) -> Self {
        Self {
            part: part.to_owned(),
            line: None,
            key: key.into(),
            defect: Box::new(defect),
        }
    }

    /// The same flaw, at this line.
    #[must_use]
    pub const fn on_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }

    /// Where it is, in the words of no language: `plugin.toml:3, trigger[0].cron`.
    #[must_use]
    pub fn spot(&self) -> String {
        let line = self.line.map(|line| format!(":{line}"));
        let part = format!("{}{}", self.part, line.unwrap_or_default());
        match (part.is_empty(), self.key.is_empty()) {
            (false, false) => format!("{part}, {}", self.key),
            (false, true) => part,
            (true, false) => self.key.clone(),
            (true, true) => PACKAGE.to_owned(),
        }
    }

    /// Where it is, such as `plugin.toml, line 3, trigger[0].cron`; empty when nobody knows.
    #[must_use]
    pub fn place(&self) -> String {
        let line = self.line.map(|line| format!("line {line}"));
        [
            self.part.clone(),
            line.unwrap_or_default(),
            self.key.clone(),
        ]
        .into_iter()
        .filter(|piece| !piece.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place();
        if !place.is_empty() {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}. {}.", self.defect.cause(), self.defect.step())
    }
}

impl std::error::Error for Flaw {}

/// Declares every defect once: its arguments, code, cause and next step.
macro_rules! defects {
    ($($(#[$doc:meta])* $name:ident { $($field:ident),+ } $code:literal: $cause:literal, $step:literal;)+) => {
        /// Why something is refused. The code is also the Fluent key `package-{code}`.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "code", rename_all = "kebab-case")]
        #[expect(missing_docs, reason = "the sentences of a variant say what its arguments are")]
        pub enum Defect {
            $($(#[$doc])* $name { $($field: String),+ },)+
        }

        impl Defect {
            /// Every code.
            pub const CODES: &[&'static str] = &[$($code),+];

            /// Every code with the names of its arguments.
            pub const ARGUMENTS: &[(&'static str, &[&'static str])] =
                &[$(($code, &[$(stringify!($field)),+])),+];

            /// The stable word for it.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$name { .. } => $code,)+ }
            }

            /// The Fluent message that says it: cause and next step, behind `place`.
            #[must_use]
            pub const fn message(&self) -> &'static str {
                match self { $(Self::$name { .. } => concat!("package-", $code),)+ }
            }

            /// What the sentences are about, by name.
            #[must_use]
            pub fn args(&self) -> Vec<(&'static str, &str)> {
                match self {
                    $(Self::$name { $($field),+ } => vec![$((stringify!($field), $field.as_str())),+],)+
                }
            }

            /// The cause, in English, without a full stop.
            #[must_use]
            pub fn cause(&self) -> String {
                match self {
                    $(Self::$name { $($field),+ } => {
                        let _: &[&String] = &[$($field),+];
                        format!($cause)
                    })+
                }
            }

            /// The next step, in English, without a full stop.
            #[must_use]
            pub fn step(&self) -> String {
                match self {
                    $(Self::$name { $($field),+ } => {
                        let _: &[&String] = &[$($field),+];
                        format!($step)
                    })+
                }
            }
        }
    };
}

defects! {
    // Texts and tables.
    NotUtf8 { offset } "not-utf8": "is not UTF-8 at byte {offset}", "Save the file as UTF-8";
    NotToml { reason } "not-toml": "is not TOML: {reason}", "Mend the line";
    NotJson { reason } "not-json": "is not JSON: {reason}", "Mend the place";
    UnknownKey { name, known } "unknown-key": "the key {name} does not exist here", "Use one of: {known}";
    Missing { name } "missing": "{name} is missing", "Add {name}";
    WrongType { expected, found } "wrong-type": "expected {expected}, found {found}", "Write {expected}";
    NotAChoice { value, known } "not-a-choice": "\"{value}\" is not a choice", "Use one of: {known}";
    TooLong { max, found } "too-long": "is {found} long, {max} is the most", "Shorten it";
    TooMany { what, max, found } "too-many": "has {found} {what}, {max} is the most", "Leave some out";
    Empty { what } "empty": "{what} is empty", "Write something";
    Duplicate { value } "duplicate": "\"{value}\" is there twice", "Keep one of them";
    ControlCharacter { at } "control-character": "has a control or invisible character at {at}", "Remove it";
    BadName { value, shape } "bad-name": "\"{value}\" is not a name", "Use {shape}";
    BadVersion { value } "bad-version": "\"{value}\" is not a semantic version", "Write it as in 1.0.0";
    UnknownApi { value, known } "unknown-api": "API version {value} is not spoken here", "Use one of: {known}";
    BadNumber { value, min, max } "bad-number": "{value} is not between {min} and {max}", "Use a number between {min} and {max}";
    // Capabilities, triggers, grants.
    UnknownCapability { value, known } "unknown-capability": "\"{value}\" is not a capability", "Use one of: {known}";
    BadCapability { value, shape } "bad-capability": "\"{value}\" is not complete", "Write it as {shape}";
    BadHost { value } "bad-host": "\"{value}\" is not a host name", "Write an exact name such as api.example.org, with :port if it is not 443; addresses and stars are not allowed";
    BadTopic { value } "bad-topic": "\"{value}\" is not a topic", "Write words with dots between them, such as mailbox.create or mailbox.*";
    FieldsMissing { capability } "fields-missing": "{capability} does not say which fields it reads", "Add fields = [\"…\"] with the few that are needed";
    FieldsUnexpected { capability } "fields-unexpected": "{capability} has no fields", "Remove fields; only records:… has them";
    CapabilityMissing { trigger, capability } "capability-missing": "the trigger {trigger} needs the capability {capability}", "Add a [[capability]] with capability = \"{capability}\"";
    CapabilityUnused { capability } "capability-unused": "the capability {capability} has no trigger that uses it", "Ask only for what is needed: remove it, or add the trigger";
    SecretMissing { name } "secret-missing": "the capability secret:{name} names a secret that is not declared", "Add a [[secret]] with name = \"{name}\"";
    SecretUnused { name } "secret-unused": "the secret {name} has no capability", "Add a [[capability]] with capability = \"secret:{name}\"";
    NotAsked { capability } "not-asked": "the plugin does not ask for {capability}", "Grant only what the plugin asks for";
    NotGranted { capability } "not-granted": "the plugin does not work without {capability}", "Grant it, or do not install the plugin";
    WebspacesMissing { capability } "webspaces-missing": "{capability} was granted for no webspace", "Choose at least one webspace";
    BadFilter { path, reason } "bad-filter": "the filter \"{path}\" does not work: {reason}", "Write a dotted path and a text, a whole number or true or false, such as \"object.kind\" = \"mailbox\"";
    BadCron { field, value, reason } "bad-cron": "{field} \"{value}\": {reason}", "Write five fields: minute hour day month weekday, such as 0 3 * * *";
    CronTooOften { minutes } "cron-too-often": "runs {minutes} minutes after the run before", "Leave at least 5 minutes between two runs";
    CronNever { expression } "cron-never": "\"{expression}\" never comes", "Choose a day that exists";
    // Archive and signature.
    NotATar { reason } "not-a-tar": "is not a plugin package: {reason}", "Build it with wabe plugin pack";
    PartUnknown { name, known } "part-unknown": "the part {name} does not belong in a package", "Remove it; a package holds: {known}";
    PartMissing { name } "part-missing": "the part {name} is missing", "Add it beside plugin.toml and pack again";
    PartTooLarge { name, max, found } "part-too-large": "{name} has {found} bytes, {max} is the most", "Make it smaller";
    PackageTooLarge { max, found } "package-too-large": "the package has {found} bytes, {max} is the most", "Make it smaller";
    NotSigned { part } "not-signed": "the package is not signed: {part} is missing", "Sign it with wabe plugin sign --key FILE";
    BadSignature { key } "bad-signature": "the signature by key {key} does not fit the parts", "Sign it again after the last change, with wabe plugin sign --key FILE";
    OtherKey { key, expected } "other-key": "the package is signed by key {key}, not by {expected}", "Choose the key that belongs to it";
    BadKey { reason } "bad-key": "is not an Ed25519 key: {reason}", "Make one with wabe plugin key new FILE";
    // Settings.
    BadSchema { reason } "bad-schema": "the schema cannot be used: {reason}", "Use an object of string, integer and boolean properties";
    TitleMissing { property, keyword } "title-missing": "the setting {property} has no {keyword}", "Add \"{keyword}\"; German and English are both needed";
    BadDefault { property, reason } "bad-default": "the default of {property} does not fit: {reason}", "Write a default that the schema allows";
    // Pages and icons.
    BadPage { reason } "bad-page": "is not a page: {reason}", "Return {{\"v\":1,\"nodes\":[…]}}";
    TooDeep { max } "too-deep": "is nested deeper than {max}", "Flatten it";
    BadLink { value, hosts } "bad-link": "\"{value}\" is not a link that pages may show", "Link to a path of the portal that begins with /, or to https on: {hosts}";
    BadSvg { reason } "bad-svg": "is not an icon: {reason}", "Use svg, g, path, circle, ellipse, rect, line, polyline, polygon and title, with their plain attributes";
    // Components.
    CoreModule { flag } "core-module": "is a core module, not a component", "Build it with {flag}";
    TextFormat { found } "text-format": "is {found}, not a binary component", "Hand in the .wasm file that the build makes";
    Precompiled { found } "precompiled": "is {found}, and only components are accepted", "Hand in the .wasm file that the build makes";
    NotWasm { reason } "not-wasm": "is not WebAssembly: {reason}", "Hand in the .wasm file that the build makes";
    InvalidWasm { offset, reason } "invalid-wasm": "is not a valid component at byte {offset}: {reason}", "Build it again with the kit's own command";
    FeatureOff { feature, offset } "feature-off": "uses {feature} at byte {offset}, which is switched off here", "Build without {feature}; the kit's own command does";
    CountTooLarge { what, max, found } "count-too-large": "has {found} {what}, {max} is the most", "Make the component smaller, or split the plugin";
    FunctionTooLarge { function, what, max, found } "function-too-large": "function {function} has {found} {what}, {max} is the most", "Split the function; in Rust, build with opt-level = \"s\"";
    UnknownImport { import, known } "unknown-import": "imports {import}, which nothing provides here", "Use the kit of the API version in plugin.toml; provided are: {known}";
    UnknownExport { export, known } "unknown-export": "exports {export}, which this API does not have", "Export only: {known}";
    NoEntry { known } "no-entry": "exports no entry point", "Export at least one of: {known}; the kit's macros do it";
    EntryMissing { trigger, export } "entry-missing": "the trigger {trigger} needs the export {export}, which the component does not have", "Write the entry point, or remove the trigger";
    CompileLimit { limit, max } "compile-limit": "compiling it took more than the {limit} that a component may take ({max})", "Make the component smaller; very large functions are the usual cause";
    CompileFailed { reason } "compile-failed": "does not compile: {reason}", "Build it with the pinned tools of the kit; if it stays, report this component";
}

/// A list of flaws under way: all of them are reported at once.
#[derive(Debug, Default)]
pub(crate) struct Flaws(pub(crate) Vec<Flaw>);

impl Flaws {
    /// Notes one.
    pub(crate) fn push(&mut self, flaw: Flaw) {
        self.0.push(flaw);
    }

    /// The value when nothing was noted.
    pub(crate) fn done<T>(self, value: Option<T>) -> Result<T, Vec<Flaw>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_names_place_cause_and_next_step() {
        let flaw = Flaw::at(
            "plugin.toml",
            "author",
            Defect::Missing {
                name: "author".to_owned(),
            },
        )
        .on_line(3);
        assert_eq!(
            flaw.to_string(),
            "plugin.toml, line 3, author: author is missing. Add author."
        );
        assert_eq!(flaw.spot(), "plugin.toml:3, author");
        assert_eq!(flaw.defect.message(), "package-missing");
    }

    #[test]
    fn a_flaw_survives_the_way_through_json() {
        let flaw = Flaw::of_part(
            "plugin.wasm",
            Defect::CoreModule {
                flag: "--target wasm32-wasip2".to_owned(),
            },
        );
        let text = serde_json::to_string(&flaw).unwrap();
        assert!(text.contains("\"code\":\"core-module\""), "{text}");
        assert_eq!(serde_json::from_str::<Flaw>(&text).unwrap(), flaw);
    }

    #[test]
    fn codes_are_unique_and_as_serde_writes_them() {
        let mut codes = Defect::CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Defect::CODES.len());
        let defect = Defect::NotUtf8 {
            offset: "1".to_owned(),
        };
        assert_eq!(
            serde_json::to_value(&defect).unwrap()["code"],
            defect.code()
        );
    }
}
