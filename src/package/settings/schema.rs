//! From JSON Schema to settings.

use crate::archive::SCHEMA_BYTES;
use crate::flaw::{Defect, Flaw, Flaws};
use crate::json;
use crate::settings::{FIELDS_MAX, Kind, Setting, TEXT_MAX, check_text};
use crate::text::Texts;
use serde_json::{Map, Value};

const ROOT: [&str; 8] = [
    "$schema",
    "$id",
    "title",
    "description",
    "type",
    "properties",
    "required",
    "additionalProperties",
];
const PROPERTY: [&str; 12] = [
    "type",
    "title",
    "title:de",
    "description",
    "description:de",
    "default",
    "enum",
    "oneOf",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
];

struct Reading<'a> {
    part: &'a str,
    flaws: Flaws,
}

impl Reading<'_> {
    fn note(&mut self, key: &str, defect: Defect) {
        self.flaws.push(Flaw::at(self.part, key, defect));
    }

    fn keep<T>(&mut self, key: &str, value: Result<T, Defect>) -> Option<T> {
        value.map_err(|defect| self.note(key, defect)).ok()
    }

    fn only(&mut self, path: &str, object: &Map<String, Value>, known: &[&str]) {
        for name in object.keys().filter(|name| !known.contains(&name.as_str())) {
            let key = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let name = name.chars().take(60).collect();
            self.note(
                &key,
                Defect::UnknownKey {
                    name,
                    known: known.join(", "),
                },
            );
        }
    }
}

pub(super) fn read(part: &str, bytes: &[u8]) -> Result<Vec<Setting>, Vec<Flaw>> {
    let mut reading = Reading {
        part,
        flaws: Flaws::default(),
    };
    let value = match std::str::from_utf8(bytes) {
        Ok(text) => json::parse(text, SCHEMA_BYTES),
        Err(error) => Err(Defect::NotUtf8 {
            offset: error.valid_up_to().to_string(),
        }),
    };
    let settings = reading
        .keep("", value)
        .and_then(|value| read_root(&mut reading, &value));
    reading.flaws.done(settings)
}

fn bad(reason: &str) -> Defect {
    Defect::BadSchema {
        reason: reason.to_owned(),
    }
}

fn read_root(reading: &mut Reading, value: &Value) -> Option<Vec<Setting>> {
    let (Some(root), Some("object")) =
        (value.as_object(), value.get("type").and_then(Value::as_str))
    else {
        reading.note("type", bad("the type is not object"));
        return None;
    };
    reading.only("", root, &ROOT);
    let Some(properties) = root.get("properties").and_then(Value::as_object) else {
        reading.note("properties", bad("properties is not an object"));
        return None;
    };
    if properties.len() > FIELDS_MAX {
        let (max, found) = (FIELDS_MAX.to_string(), properties.len().to_string());
        reading.note(
            "properties",
            Defect::TooMany {
                what: "properties".to_owned(),
                max,
                found,
            },
        );
    }
    let required = read_required(reading, root.get("required"), properties);
    let mut settings = Vec::new();
    for (name, property) in properties.iter().take(FIELDS_MAX) {
        settings.extend(read_property(
            reading,
            name,
            property,
            required.contains(&name.as_str()),
        ));
    }
    Some(settings)
}

fn read_required<'a>(
    reading: &mut Reading,
    value: Option<&'a Value>,
    properties: &Map<String, Value>,
) -> Vec<&'a str> {
    let Some(value) = value else {
        return Vec::new();
    };
    let Some(items) = value.as_array() else {
        reading.note("required", bad("required is not a list"));
        return Vec::new();
    };
    let names: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
    if names.len() != items.len() || names.iter().any(|name| !properties.contains_key(*name)) {
        reading.note(
            "required",
            bad("required names something that is not a property"),
        );
    }
    names
}

fn read_property(
    reading: &mut Reading,
    name: &str,
    value: &Value,
    required: bool,
) -> Option<Setting> {
    let path = format!("properties.{name}");
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    let letter = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !letter || name.len() > 60 || !name.bytes().all(plain) {
        let shape = "letters, digits, hyphens and underscores, a letter first".to_owned();
        reading.note(
            &path,
            Defect::BadName {
                value: name.chars().take(60).collect(),
                shape,
            },
        );
        return None;
    }
    let Some(property) = value.as_object() else {
        reading.note(&path, bad("a property is not an object"));
        return None;
    };
    reading.only(&path, property, &PROPERTY);
    let title = read_title(reading, &path, name, property);
    let description = Texts {
        de: optional_text(reading, &path, property, "description:de"),
        en: optional_text(reading, &path, property, "description"),
    };
    if description.de.is_empty() != description.en.is_empty() {
        let keyword = if description.de.is_empty() {
            "description:de"
        } else {
            "description"
        };
        let (property, keyword) = (name.to_owned(), keyword.to_owned());
        reading.note(&path, Defect::TitleMissing { property, keyword });
    }
    let kind = read_kind(reading, &path, property);
    let mut setting = Setting {
        name: name.to_owned(),
        title: title?,
        description,
        required,
        default: None,
        kind: kind?,
    };
    if let Some(default) = property.get("default") {
        match setting.check(default) {
            Ok(()) => setting.default = Some(default.clone()),
            Err(defect) => {
                let (property, reason) = (name.to_owned(), defect.cause());
                reading.note(
                    &format!("{path}.default"),
                    Defect::BadDefault { property, reason },
                );
            }
        }
    }
    Some(setting)
}

fn read_title(
    reading: &mut Reading,
    path: &str,
    name: &str,
    object: &Map<String, Value>,
) -> Option<Texts> {
    let mut one = |keyword: &str| {
        if !object.contains_key(keyword) {
            let (property, keyword) = (name.to_owned(), keyword.to_owned());
            reading.note(path, Defect::TitleMissing { property, keyword });
            return None;
        }
        Some(optional_text(reading, path, object, keyword))
    };
    let (en, de) = (one("title"), one("title:de"));
    Some(Texts { de: de?, en: en? })
}

fn optional_text(
    reading: &mut Reading,
    path: &str,
    object: &Map<String, Value>,
    keyword: &str,
) -> String {
    let Some(value) = object.get(keyword) else {
        return String::new();
    };
    let text = match value {
        Value::String(text) => check_text(text),
        other => Err(Defect::WrongType {
            expected: "a text".to_owned(),
            found: json::type_name(other).to_owned(),
        }),
    };
    reading
        .keep(&format!("{path}.{keyword}"), text)
        .unwrap_or_default()
}

fn read_kind(reading: &mut Reading, path: &str, property: &Map<String, Value>) -> Option<Kind> {
    let kind = property.get("type").and_then(Value::as_str);
    let choice = property.contains_key("enum") || property.contains_key("oneOf");
    let fits: &[&str] = match kind {
        Some("string") if choice => &["enum", "oneOf"],
        Some("string") => &["minLength", "maxLength"],
        Some("integer") => &["minimum", "maximum"],
        Some("boolean") => &[],
        _ => {
            reading.note(
                &format!("{path}.type"),
                bad("the type is not string, integer or boolean"),
            );
            return None;
        }
    };
    let narrowing = [
        "enum",
        "oneOf",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
    ];
    for keyword in narrowing
        .iter()
        .filter(|k| property.contains_key(**k) && !fits.contains(k))
    {
        reading.note(
            &format!("{path}.{keyword}"),
            bad("this keyword does not fit the type"),
        );
    }
    match kind {
        Some("boolean") => Some(Kind::Flag),
        Some("integer") => {
            let (min, max) = (
                bound(reading, path, property, "minimum"),
                bound(reading, path, property, "maximum"),
            );
            let (min, max) = (min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX));
            if min > max {
                reading.note(path, bad("minimum is above maximum"));
            }
            Some(Kind::Integer { min, max })
        }
        _ if choice => read_choice(reading, path, property),
        _ => {
            let min = bound(reading, path, property, "minLength").unwrap_or(0);
            let max = bound(reading, path, property, "maxLength").unwrap_or(500);
            match (u32::try_from(min), u32::try_from(max)) {
                (Ok(min), Ok(max)) if min <= max && max <= TEXT_MAX => {
                    Some(Kind::Text { min, max })
                }
                _ => {
                    reading.note(path, bad("the lengths do not fit, or are above 4000"));
                    None
                }
            }
        }
    }
}

fn bound(
    reading: &mut Reading,
    path: &str,
    property: &Map<String, Value>,
    keyword: &str,
) -> Option<i64> {
    let value = property.get(keyword)?;
    if value.as_i64().is_none() {
        reading.note(
            &format!("{path}.{keyword}"),
            bad("it is not a whole number"),
        );
    }
    value.as_i64()
}

fn read_choice(reading: &mut Reading, path: &str, property: &Map<String, Value>) -> Option<Kind> {
    let (keyword, items) = match (property.get("enum"), property.get("oneOf")) {
        (Some(items), None) => ("enum", items),
        (None, Some(items)) => ("oneOf", items),
        _ => {
            reading.note(path, bad("it has both enum and oneOf"));
            return None;
        }
    };
    let mut options: Vec<(String, Texts)> = Vec::new();
    for (at, item) in items.as_array().into_iter().flatten().enumerate() {
        let place = format!("{path}.{keyword}[{at}]");
        let value = if keyword == "enum" {
            Some(item)
        } else {
            item.get("const")
        };
        let checked = value.and_then(Value::as_str).map(check_text);
        let Some(value) = checked.and_then(|value| reading.keep(&place, value)) else {
            reading.note(&place, bad("a choice is not a text"));
            continue;
        };
        let texts = match item.as_object() {
            Some(object) => read_title(reading, &place, &value, object),
            None => Some(Texts {
                de: value.clone(),
                en: value.clone(),
            }),
        };
        if options.iter().any(|(other, _)| *other == value) {
            reading.note(
                &place,
                Defect::Duplicate {
                    value: value.clone(),
                },
            );
        }
        options.extend(texts.map(|texts| (value, texts)));
    }
    if options.is_empty() || options.len() > 100 {
        reading.note(
            &format!("{path}.{keyword}"),
            bad("a choice has 1 to 100 values"),
        );
        return None;
    }
    Some(Kind::Choice { options })
}
