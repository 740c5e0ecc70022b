//! Forms as pages show them: where they go, and their fields with what stands in them; and all tags of a
//! page.
//!
//! Reads pages of ours alone, whose markup `wabe_web::check` holds: values stand in double quotes, and
//! nothing is written as HTML that is text.

use std::collections::BTreeMap;

/// What a field is for whoever fills it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A line, or a text of several.
    Text,
    /// A line of digits.
    Number,
    /// Never shown again.
    Password,
    /// Nobody sees it.
    Hidden,
    /// One of some words, or several.
    Choice,
    /// A file.
    File,
}

/// A field.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// What stands in it; for a choice what is chosen, if anything is.
    pub(super) value: Option<String>,
}

/// A form that is sent with POST.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// The address that it is sent to, with what stands behind it.
    pub(super) action: String,
    /// Whether it may carry files.
    pub(super) parts: bool,
    /// Without the token.
    pub(super) fields: Vec<Field>,
}

/// Text as it was before it was written into HTML.
fn plain(text: &str) -> String {
    let marks = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    let text = text.to_owned();
    marks
        .iter()
        .fold(text, |text, (mark, sign)| text.replace(mark, sign))
}

/// The attributes of a tag, from what stands between `<` and `>`.
fn attributes(tag: &str) -> BTreeMap<String, String> {
    let (_, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut found = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return found;
        }
        let (value, after) = after
            .strip_prefix("=\"")
            .and_then(|quoted| quoted.split_once('"'))
            .unwrap_or(("", after.trim_start_matches('=')));
        found.insert(name.to_owned(), plain(value));
        rest = after;
    }
}

/// Where the `>` of a tag is, outside of quotes.
fn end_of(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.find(|c: char| {
        quoted ^= c == '"';
        c == '>' && !quoted
    });
    end.unwrap_or(tag.len())
}

/// A tag as a page has it.
#[derive(Debug)]
pub(super) struct Tag {
    /// `p`, `/p`, `!DOCTYPE`.
    pub(super) name: String,
    /// What they are set to; nothing for those that are only there.
    pub(super) attributes: BTreeMap<String, String>,
}

/// The tags of a page, in their order.
pub(super) fn tags(page: &str) -> Vec<Tag> {
    let (mut found, mut rest) = (Vec::new(), page);
    while let Some((_, tag)) = rest.split_once('<') {
        let (inside, after) = tag.split_at(end_of(tag));
        rest = after;
        let inside = inside.trim_end_matches('/');
        let name = inside.split(char::is_whitespace).next().unwrap_or("");
        found.push(Tag {
            name: name.to_owned(),
            attributes: attributes(inside),
        });
    }
    found
}

impl Form {
    fn begun(attributes: &BTreeMap<String, String>) -> Option<Self> {
        let get = |name: &str| attributes.get(name).cloned().unwrap_or_default();
        (get("method") == "post").then(|| Self {
            action: get("action"),
            parts: get("enctype") == "multipart/form-data",
            fields: Vec::new(),
        })
    }

    /// Takes a field up; what is chosen beats what is not.
    fn take(&mut self, name: &str, kind: Kind, value: Option<String>) {
        if name.is_empty() || name == "csrf" {
            return;
        }
        let known = self.fields.iter().position(|field| field.name == name);
        match known {
            Some(place) => {
                let field = &mut self.fields[place];
                field.value = field.value.take().or(value);
            }
            None => self.fields.push(Field {
                name: name.to_owned(),
                kind,
                value,
            }),
        }
    }

    /// Takes up what a tag within the form says; `after` begins with the end of the tag.
    fn take_tag(&mut self, tag: &str, attributes: &BTreeMap<String, String>, after: &str) {
        let name = attributes.get("name").map_or("", String::as_str);
        match tag {
            "input" => self.take_input(attributes),
            "select" => self.take(name, Kind::Choice, None),
            "textarea" => {
                let text = after.strip_prefix('>').unwrap_or(after).split('<').next();
                let text = plain(text.unwrap_or("").trim_start_matches('\n'));
                // A key takes several lines, and is shown again as little as a password.
                let secret = name == "private_key";
                let kind = if secret { Kind::Password } else { Kind::Text };
                self.take(name, kind, Some(text));
            }
            "option" => {
                // The first one stands there until another is chosen; its select was read last.
                let chosen = attributes.contains_key("selected");
                let field = self.fields.last_mut();
                if let Some(field) = field.filter(|field| chosen || field.value.is_none()) {
                    field.value = attributes.get("value").cloned();
                }
            }
            _ => {}
        }
    }

    fn take_input(&mut self, attributes: &BTreeMap<String, String>) {
        let get = |name: &str| attributes.get(name).map_or("", String::as_str);
        let value = Some(get("value").to_owned());
        let digits = get("type") == "number" || get("inputmode") == "numeric";
        let chosen = value.clone().filter(|_| attributes.contains_key("checked"));
        let (kind, value) = match get("type") {
            "hidden" => (Kind::Hidden, value),
            "password" => (Kind::Password, value),
            "file" => (Kind::File, None),
            "radio" | "checkbox" => (Kind::Choice, chosen),
            _ if digits => (Kind::Number, value),
            _ => (Kind::Text, value),
        };
        self.take(get("name"), kind, value);
    }
}

/// The forms of a page that are sent with POST.
pub(super) fn forms(page: &str) -> Vec<Form> {
    let (mut done, mut open): (Vec<Form>, Option<Form>) = (Vec::new(), None);
    let mut rest = page;
    while let Some((_, tag)) = rest.split_once('<') {
        let (inside, after) = tag.split_at(end_of(tag));
        rest = after;
        let name = inside.split(char::is_whitespace).next().unwrap_or("");
        match name {
            "form" => open = Form::begun(&attributes(inside)),
            "/form" => done.extend(open.take()),
            _ => {
                if let Some(form) = &mut open {
                    form.take_tag(name, &attributes(inside), after);
                }
            }
        }
    }
    done
}

#[test]
fn forms_are_read_with_what_stands_in_them() {
    let page = "<form action=\"/search\"><input name=\"q\"></form>\
        <form class=\"a\" method=\"post\" action=\"/x?a=1&amp;b=2\" enctype=\"multipart/form-data\" novalidate>\
        <input type=\"hidden\" name=\"csrf\" value=\"00\"><input type=\"password\" name=\"p\">\
        <input name=\"n\" value=\"a &#62; b\" inputmode=\"numeric\"><textarea name=\"t\">\nline</textarea>\
        <select name=\"s\"><option value=\"1\">x</option><option value=\"2\" selected>y</option></select>\
        <input type=\"radio\" name=\"r\" value=\"no\"><input type=\"radio\" name=\"r\" value=\"yes\" checked>\
        <input type=\"file\" name=\"f\"><button name=\"act\" value=\"go\">Go</button></form>";
    let found = forms(page);
    let [form] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((form.action.as_str(), form.parts), ("/x?a=1&b=2", true));
    let fields: Vec<_> = form
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.kind, field.value.as_deref()))
        .collect();
    let expected = [
        ("p", Kind::Password, Some("")),
        ("n", Kind::Number, Some("a > b")),
        ("t", Kind::Text, Some("line")),
        ("s", Kind::Choice, Some("2")),
        ("r", Kind::Choice, Some("yes")),
        ("f", Kind::File, None),
    ];
    assert_eq!(fields, expected);
}
