//! Lists in pages, by cursor.

use schemars::JsonSchema;
use serde::Serialize;

/// Where the next page begins: the sort key of the last item shown, opaque to clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// A cursor after this sort key.
    #[must_use]
    pub fn after(key: &str) -> Self {
        Self(key.to_owned())
    }

    /// Reads the opaque form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        use base64::Engine as _;
        if text.len() > 1_024 {
            return None;
        }
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(text)
            .ok()?;
        let key = String::from_utf8(bytes).ok()?;
        (!key.chars().any(char::is_control)).then_some(Self(key))
    }

    /// The sort key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.0
    }

    /// The opaque form.
    #[must_use]
    pub fn opaque(&self) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&self.0)
    }
}

/// What part of a list is wanted.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// Items after this one; from the start when absent.
    pub after: Option<Cursor>,
    /// How many at most, 1 to 200.
    pub limit: i64,
    /// Only items whose name contains this text, lower case; all when empty.
    pub search: String,
}

impl PageRequest {
    /// The first `limit` items, clamped to 1 to 200.
    #[must_use]
    pub fn first(limit: i64) -> Self {
        Self {
            after: None,
            limit: limit.clamp(1, 200),
            search: String::new(),
        }
    }

    /// A LIKE pattern (escape character `!`) for the search text.
    #[must_use]
    pub fn search_pattern(&self) -> String {
        let text = self.search.to_lowercase();
        let text = text
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_");
        format!("%{text}%")
    }

    /// The sort key to start after; the empty text sorts before everything.
    #[must_use]
    pub fn after_key(&self) -> &str {
        self.after.as_ref().map_or("", Cursor::key)
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page from one item more than `limit`: the extra one shows that there is a next page.
    pub fn from_rows(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more {
            rows.last().map(|row| Cursor::after(&key(row)).opaque())
        } else {
            None
        };
        Self { items: rows, next }
    }

    /// The same page of other items.
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(to).collect(),
            next: self.next,
        }
    }
}
