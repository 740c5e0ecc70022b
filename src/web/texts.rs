//! Every sentence that people read: Fluent messages, one namespace per language, embedded.
//!
//! Files lie in `templates/text/{de,en}/*.ftl`; which file a message is in means nothing. Bidi
//! isolation marks are off: they would end up in copied addresses. A test demands that both languages
//! have the same messages with the same arguments, and that every id in templates and code exists.
//!
//! Ids: `{noun}-{page}-{thing}` in a file of the room that says them (`portal.ftl`, `staff.ftl`);
//! `web-…` is the frame; codes have a stem of their own: `problem-`, `conflict-`, `failure-`,
//! `content-`, `limit-`, `limit-reached-`, `state-`, `kind-`, `role-`, `step-`, `error-`. One id on
//! one line with its `=`. Arguments are named in lower case; `$count` chooses the plural form.

use crate::format;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use std::sync::LazyLock;
use wabe_kernel::{Language, Problem};

#[derive(RustEmbed)]
#[folder = "../../templates/text/"]
struct Files;

/// The messages of all languages.
pub struct Texts {
    de: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
    /// What is wrong with the files; empty in a tested build.
    pub damage: Vec<String>,
}

static TEXTS: LazyLock<Texts> = LazyLock::new(Texts::load);

impl Texts {
    /// The one set of this process.
    #[must_use]
    pub fn global() -> &'static Self {
        &TEXTS
    }

    fn load() -> Self {
        let mut damage = Vec::new();
        let de = bundle(Language::De, &mut damage);
        let en = bundle(Language::En, &mut damage);
        Self { de, en, damage }
    }

    /// Whether the message exists in this language.
    #[must_use]
    pub fn has(&self, language: Language, id: &str) -> bool {
        self.of(language).has_message(id)
    }

    const fn of(&self, language: Language) -> &FluentBundle<FluentResource> {
        match language {
            Language::De => &self.de,
            Language::En => &self.en,
        }
    }

    /// The message with its arguments; its id when it does not exist, so that a page still stands.
    #[must_use]
    pub fn say(&self, language: Language, id: &str, args: &FluentArgs<'_>) -> String {
        let bundle = self.of(language);
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            tracing::warn!(id, language = language.tag(), "message missing");
            return id.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned();
        if !errors.is_empty() {
            tracing::warn!(id, language = language.tag(), ?errors, "message damaged");
        }
        text
    }

    /// The sources of a language by file name, for tests.
    #[must_use]
    pub fn sources(language: Language) -> Vec<(String, String)> {
        let folder = format!("{}/", language.tag());
        let mut found: Vec<(String, String)> = Files::iter()
            .filter(|name| name.starts_with(&folder) && name.ends_with(".ftl"))
            .filter_map(|name| {
                let file = Files::get(&name)?;
                Some((
                    name.to_string(),
                    String::from_utf8_lossy(&file.data).into_owned(),
                ))
            })
            .collect();
        found.sort();
        found
    }
}

fn bundle(language: Language, damage: &mut Vec<String>) -> FluentBundle<FluentResource> {
    let locale = language.tag().parse().into_iter().collect();
    let mut bundle = FluentBundle::new_concurrent(locale);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::De => |value, _| grouped(Language::De, value),
        Language::En => |value, _| grouped(Language::En, value),
    }));
    for (name, source) in Texts::sources(language) {
        let resource = match FluentResource::try_new(source) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                damage.extend(errors.iter().map(|error| format!("{name}: {error}")));
                resource
            }
        };
        if let Err(errors) = bundle.add_resource(resource) {
            damage.extend(errors.iter().map(|error| format!("{name}: {error}")));
        }
    }
    bundle
}

fn grouped(language: Language, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(format::decimal(language, number.value)),
        _ => None,
    }
}

/// The message `id` in `language`, with text arguments.
#[must_use]
pub fn t(language: Language, id: &str, args: &[(&str, &str)]) -> String {
    let args: FluentArgs<'_> = args
        .iter()
        .map(|(name, value)| (*name, FluentValue::from(*value)))
        .collect();
    Texts::global().say(language, id, &args)
}

/// What is wrong with a field, for the person who filled it in: `problem-{code}`, or `{code}` itself for
/// what has a stem of its own, as flaws of packages have.
#[must_use]
pub fn problem(language: Language, problem: &Problem) -> String {
    let own = || format!("problem-{}", problem.code);
    say_problem(
        language,
        &known(language, problem).unwrap_or_else(own),
        problem,
    )
}

/// As [`problem`]; `None` where no message is meant for the person.
#[must_use]
pub fn known_problem(language: Language, problem: &Problem) -> Option<String> {
    known(language, problem).map(|id| say_problem(language, &id, problem))
}

fn known(language: Language, problem: &Problem) -> Option<String> {
    let has = |id: &String| Texts::global().has(language, id);
    let usual = Some(format!("problem-{}", problem.code)).filter(has);
    let own = Some(problem.code.to_owned()).filter(|id| id.starts_with("package-") && has(id));
    usual.or(own)
}

fn say_problem(language: Language, id: &str, problem: &Problem) -> String {
    let args: FluentArgs<'_> = problem
        .args
        .iter()
        .map(|(name, value)| (*name, counted(value)))
        .collect();
    let said = Texts::global().say(language, id, &args);
    let around = |name: &str| problem.args.iter().any(|(known, _)| *known == name);
    let whole = if around(Problem::AT_LINE) {
        "problem-in-line"
    } else if around(Problem::OF_SETTING) {
        "problem-of-setting"
    } else {
        return said;
    };
    let mut args = args;
    args.set("why", said);
    Texts::global().say(language, whole, &args)
}

/// Bounds and counts are numbers, so that messages can choose a plural form.
fn counted(value: &str) -> FluentValue<'_> {
    match value.parse::<i64>() {
        Ok(number) => FluentValue::from(number),
        Err(_text) => FluentValue::from(value),
    }
}
