//! A TOML table that notes everything that is wrong with it.

use crate::flaw::{Defect, Flaw, Flaws};
use crate::manifest::PART;
use crate::text::{Texts, check_line};
use std::str::FromStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text, and what was wrong with it so far.
pub(super) struct Notes<'t> {
    text: &'t str,
    pub(super) flaws: Flaws,
}

impl<'t> Notes<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            flaws: Flaws::default(),
        }
    }

    /// Notes a flaw at a byte of the text.
    pub(super) fn note(&mut self, at: usize, key: &str, defect: Defect) {
        let before = self.text.get(..at).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let flaw = Flaw::at(PART, key, defect);
        self.flaws.push(match u32::try_from(line) {
            Ok(line) if at > 0 => flaw.on_line(line),
            _ => flaw,
        });
    }

    /// The value, or a note of why there is none.
    pub(super) fn keep<T>(&mut self, at: usize, key: &str, value: Result<T, Defect>) -> Option<T> {
        value.map_err(|defect| self.note(at, key, defect)).ok()
    }
}

/// A table with its place.
pub(super) struct Table<'a> {
    entries: &'a DeTable<'a>,
    /// Such as `capability[0]`; empty for the root.
    pub(super) path: String,
    /// Where it begins.
    pub(super) at: usize,
}

/// A value with its place.
type At<T> = (T, usize);

impl<'a> Table<'a> {
    pub(super) fn root(entries: &'a DeTable<'a>) -> Self {
        Self {
            entries,
            path: String::new(),
            at: 0,
        }
    }

    /// The path of a key of this table.
    pub(super) fn key(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// Notes every key that is not one of these.
    pub(super) fn only(&self, notes: &mut Notes, known: &[&str]) {
        for key in self.entries.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let defect = Defect::UnknownKey {
                    name: name.chars().take(60).collect(),
                    known: known.join(", "),
                };
                notes.note(key.span().start, &self.key(name), defect);
            }
        }
    }

    fn find(&self, name: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.entries
            .iter()
            .find(|(key, _)| key.get_ref() == name)
            .map(|(_, value)| value)
    }

    fn missing(&self, notes: &mut Notes, name: &str) {
        notes.note(
            self.at,
            &self.key(name),
            Defect::Missing {
                name: name.to_owned(),
            },
        );
    }

    fn wrong(&self, notes: &mut Notes, name: &str, value: &Spanned<DeValue>, expected: &str) {
        let defect = Defect::WrongType {
            expected: expected.to_owned(),
            found: format!("a TOML {}", value.get_ref().type_str()),
        };
        notes.note(value.span().start, &self.key(name), defect);
    }

    /// A text that may be absent.
    pub(super) fn text(&self, notes: &mut Notes, name: &str) -> Option<At<&'a str>> {
        let value = self.find(name)?;
        if let DeValue::String(text) = value.get_ref() {
            return Some((text, value.span().start));
        }
        self.wrong(notes, name, value, "a text");
        None
    }

    /// A text that must be there.
    pub(super) fn need(&self, notes: &mut Notes, name: &str) -> Option<At<&'a str>> {
        if self.find(name).is_none() {
            self.missing(notes, name);
        }
        self.text(notes, name)
    }

    /// A printable line that must be there.
    pub(super) fn line(&self, notes: &mut Notes, name: &str, max: usize) -> Option<String> {
        let (text, at) = self.need(notes, name)?;
        let line = check_line(text, max).map(|()| text.to_owned());
        notes.keep(at, &self.key(name), line)
    }

    /// A text that must be there and be a `T`.
    pub(super) fn parse<T: FromStr<Err = Defect>>(
        &self,
        notes: &mut Notes,
        name: &str,
    ) -> Option<T> {
        let (text, at) = self.need(notes, name)?;
        notes.keep(at, &self.key(name), text.parse())
    }

    /// `true` or `false`; absent is `false`.
    pub(super) fn flag(&self, notes: &mut Notes, name: &str) -> bool {
        let Some(value) = self.find(name) else {
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(notes, name, value, "true or false");
            false
        })
    }

    /// A table with a text in German and one in English.
    pub(super) fn texts(&self, notes: &mut Notes, name: &str, max: usize) -> Option<Texts> {
        let Some(table) = self.table(notes, name) else {
            if self.find(name).is_none() {
                self.missing(notes, &format!("{name}.de"));
                self.missing(notes, &format!("{name}.en"));
            }
            return None;
        };
        table.only(notes, &["de", "en"]);
        let (de, en) = (table.line(notes, "de", max), table.line(notes, "en", max));
        Some(Texts { de: de?, en: en? })
    }

    /// A table that may be absent.
    pub(super) fn table(&self, notes: &mut Notes, name: &str) -> Option<Table<'a>> {
        let value = self.find(name)?;
        if let DeValue::Table(entries) = value.get_ref() {
            return Some(Table {
                entries,
                path: self.key(name),
                at: value.span().start.max(self.at),
            });
        }
        self.wrong(notes, name, value, "a table");
        None
    }

    /// The tables written as `[[name]]`.
    pub(super) fn tables(&self, notes: &mut Notes, name: &str, max: usize) -> Vec<Table<'a>> {
        let mut tables = Vec::new();
        for (at, (value, place)) in self.items(notes, name, max).into_iter().enumerate() {
            match value.get_ref() {
                DeValue::Table(entries) => tables.push(Table {
                    entries,
                    path: format!("{}[{at}]", self.key(name)),
                    at: place,
                }),
                _ => self.wrong(notes, &format!("{name}[{at}]"), value, "a table"),
            }
        }
        tables
    }

    /// A list of texts, each a `T`; absent is empty.
    pub(super) fn list<T: FromStr<Err = Defect>>(&self, notes: &mut Notes, name: &str) -> Vec<T> {
        let mut list = Vec::new();
        for (index, (value, at)) in self.items(notes, name, 50).into_iter().enumerate() {
            let key = format!("{name}[{index}]");
            match value.get_ref() {
                DeValue::String(text) => {
                    list.extend(notes.keep(at, &self.key(&key), text.parse()));
                }
                _ => self.wrong(notes, &key, value, "a text"),
            }
        }
        list
    }

    /// The entries of a table, as they are.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Spanned<DeValue<'a>>)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), value))
    }

    fn items(
        &self,
        notes: &mut Notes,
        name: &str,
        max: usize,
    ) -> Vec<At<&'a Spanned<DeValue<'a>>>> {
        let Some(value) = self.find(name) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(notes, name, value, "a list");
            return Vec::new();
        };
        if items.len() > max {
            let defect = Defect::TooMany {
                what: "entries".to_owned(),
                max: max.to_string(),
                found: items.len().to_string(),
            };
            notes.note(value.span().start, &self.key(name), defect);
        }
        items
            .iter()
            .take(max)
            .map(|item| (item, item.span().start))
            .collect()
    }
}
