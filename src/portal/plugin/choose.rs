//! Settings of a plugin as fields of a form, and back.

use serde_json::{Map, Value};
use wabe_kernel::{FieldErrors, FormState, Language, Problem};
use wabe_package::settings::{Kind, Setting, Settings};
use wabe_web::{Choice, Form, Message, format};

/// Texts that may be longer are typed in several lines.
const LINE_CHARS: u32 = 200;

/// One setting on a page.
#[derive(Debug, Clone)]
pub(crate) struct SettingField {
    /// The field's name and id.
    pub(crate) id: String,
    /// What stands above it.
    pub(crate) title: String,
    /// What stands below it.
    pub(crate) hint: String,
    /// Whether it may stay empty.
    pub(crate) optional: bool,
    /// How it is typed.
    pub(crate) kind: SettingKind,
}

/// How a setting is typed.
#[derive(Debug, Clone)]
pub(crate) enum SettingKind {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A whole number.
    Number,
    /// A box to tick.
    Flag,
    /// One of several.
    Choice(Vec<Choice>),
}

fn chars(most: u32) -> usize {
    usize::try_from(most).unwrap_or(usize::MAX)
}

fn id(setting: &Setting) -> String {
    format!("set.{}", setting.name)
}

/// The fields of these settings.
pub(super) fn fields(language: Language, settings: &Settings) -> Vec<SettingField> {
    let one = |setting: &Setting| SettingField {
        id: id(setting),
        title: setting.title.get(language).to_owned(),
        hint: hint(language, setting),
        optional: !setting.required,
        kind: kind(language, setting),
    };
    settings.fields().iter().map(one).collect()
}

fn kind(language: Language, setting: &Setting) -> SettingKind {
    match &setting.kind {
        Kind::Text { max, .. } if *max > LINE_CHARS => SettingKind::Lines,
        Kind::Text { .. } => SettingKind::Line,
        Kind::Integer { .. } => SettingKind::Number,
        Kind::Flag => SettingKind::Flag,
        Kind::Choice { options } => {
            let nothing = Choice {
                value: String::new(),
                title: Message::new(language, "plugin-setting-none").to_string(),
                text: String::new(),
            };
            let option = |(value, title): &(String, wabe_package::Texts)| Choice {
                value: value.clone(),
                title: title.get(language).to_owned(),
                text: String::new(),
            };
            let free = !setting.required && setting.default.is_none();
            let options = free
                .then_some(nothing)
                .into_iter()
                .chain(options.iter().map(option));
            SettingKind::Choice(options.collect())
        }
    }
}

/// The plugin's own hint, and for numbers what is possible.
fn hint(language: Language, setting: &Setting) -> String {
    let own = setting.description.get(language).to_owned();
    match setting.kind {
        Kind::Integer { min, max } if min > i64::MIN && max < i64::MAX => {
            let range = Message::new(language, "plugin-setting-range")
                .with("min", format::number(language, min))
                .with("max", format::number(language, max))
                .to_string();
            [own, range].join(" ").trim().to_owned()
        }
        _ => own,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Bool(true) => "on".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The form with these values in its fields; what is not there has its default.
pub(super) fn filled(settings: &Settings, values: &Value) -> FormState {
    let mut form = FormState::new();
    for setting in settings.fields() {
        let value = values.get(&setting.name).or(setting.default.as_ref());
        form = form.with(&id(setting), value.map(text).unwrap_or_default());
    }
    form
}

/// What the form says about these settings; numbers that are none are noted.
pub(super) fn chosen(settings: &Settings, form: &Form, errors: &mut FieldErrors) -> Value {
    let mut chosen = Map::new();
    for setting in settings.fields() {
        let typed = form.get(&id(setting));
        let value = match &setting.kind {
            Kind::Flag => Some(Value::Bool(!typed.is_empty())),
            Kind::Integer { .. } | Kind::Choice { .. } if typed.trim().is_empty() => None,
            Kind::Integer { .. } => match typed.trim().parse::<i64>() {
                Ok(number) => Some(Value::from(number)),
                Err(_no_number) => {
                    errors.add(&id(setting), Problem::new("must-be-whole-number"));
                    None
                }
            },
            Kind::Text { max, .. } if typed.chars().count() > chars(*max) => {
                errors.add(&id(setting), Problem::new("too-long").with("max", max));
                None
            }
            // An emptied text is empty, and not again what it was at first.
            Kind::Text { .. } if typed.is_empty() && !setting.required => {
                setting.default.as_ref().map(|_| Value::from(""))
            }
            Kind::Text { .. } | Kind::Choice { .. } => Some(Value::from(typed)),
        };
        if let Some(value) = value {
            chosen.insert(setting.name.clone(), value);
        }
    }
    Value::Object(chosen)
}

/// The settings as they are, for reading.
pub(super) fn told(
    language: Language,
    settings: &Settings,
    values: &Value,
) -> Vec<(String, String)> {
    let one = |setting: &Setting| {
        let value = values.get(&setting.name)?;
        let said = |id: &str| Message::new(language, id).to_string();
        let text = match (&setting.kind, value) {
            (Kind::Flag, Value::Bool(true)) => said("field-value-yes"),
            (Kind::Flag, _) => said("field-value-no"),
            (Kind::Choice { options }, Value::String(chosen)) => {
                let known = options.iter().find(|(option, _)| option == chosen);
                known.map_or_else(
                    || chosen.clone(),
                    |(_, title)| title.get(language).to_owned(),
                )
            }
            (_, other) => text(other),
        };
        (!text.is_empty()).then(|| (setting.title.get(language).to_owned(), text))
    };
    settings.fields().iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SCHEMA: &str = r#"{ "type": "object", "required": ["host"], "properties": {
        "host": { "type": "string", "title": "Host", "title:de": "Host", "minLength": 1 },
        "note": { "type": "string", "title": "Note", "title:de": "Notiz", "default": "x" },
        "times": { "type": "integer", "title": "Times", "title:de": "Mal", "minimum": 1, "maximum": 9 },
        "loud": { "type": "boolean", "title": "Loud", "title:de": "Laut", "default": true },
        "way": { "type": "string", "title": "Way", "title:de": "Weg", "enum": ["a", "b"] } } }"#;

    fn form(pairs: &[(&str, &str)]) -> Form {
        let pairs = pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Form {
            fields: pairs.collect(),
        }
    }

    #[test]
    fn what_is_typed_becomes_settings_and_back() {
        let settings = Settings::read("s", SCHEMA.as_bytes()).unwrap();
        let typed = form(&[
            ("set.host", "a"),
            ("set.note", ""),
            ("set.times", " 3 "),
            ("set.way", "b"),
        ]);
        let mut errors = FieldErrors::default();
        let chosen = chosen(&settings, &typed, &mut errors);
        assert_eq!(
            chosen,
            json!({"host": "a", "note": "", "times": 3, "loud": false, "way": "b"})
        );
        assert!(errors.is_empty());
        let again = filled(&settings, &settings.check(&chosen).unwrap());
        assert_eq!(
            (again.value("set.times"), again.value("set.loud")),
            ("3", "")
        );
        assert_eq!(filled(&settings, &json!({})).value("set.loud"), "on");
    }

    #[test]
    fn a_number_that_is_none_is_noted_at_its_field() {
        let settings = Settings::read("s", SCHEMA.as_bytes()).unwrap();
        let mut errors = FieldErrors::default();
        drop(chosen(
            &settings,
            &form(&[("set.times", "viele")]),
            &mut errors,
        ));
        assert_eq!(errors.0.keys().collect::<Vec<_>>(), ["set.times"]);
    }
}
