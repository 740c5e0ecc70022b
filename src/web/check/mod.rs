//! Checks of rendered pages, for the tests of every room that has pages.
//!
//! Stricter than a browser: a browser repairs, this reports. What it holds: every element is closed
//! where it should be, ids are unique, every reference to an id leads somewhere, every control has a
//! name, nothing is inline that the content security policy would refuse, addresses are of this site.

mod tokens;

use crate::face::{DOOR, Face};
use crate::request::RequestId;
use crate::session::{Theme, Visitor};
use crate::view::{Frame, View};
use askama::Template;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokens::{Tag, Token, tokens};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Language, Timestamp, id};

/// A page type that can show itself: full, empty, with the longest content, with errors.
pub trait Sample: Template + Sized {
    /// The face it stands in.
    fn face() -> &'static Face {
        &DOOR
    }

    /// Who looks at it; nobody before the login.
    fn visitor() -> Option<Visitor> {
        None
    }

    /// Its samples, at least one.
    fn samples() -> Vec<Self>;
}

/// Renders every sample of `T` in every language and theme and says what is wrong with any of them.
#[must_use]
pub fn check_samples<T: Sample>() -> Vec<String> {
    let mut wrong = Vec::new();
    for language in Language::ALL {
        for theme in Theme::ALL {
            for (index, sample) in T::samples().into_iter().enumerate() {
                let name = std::any::type_name::<T>();
                let view = sample_view(T::face(), T::visitor(), language, theme);
                match view.page(sample).html() {
                    Ok(html) => {
                        let found = check_html(&html);
                        wrong.extend(
                            found
                                .into_iter()
                                .map(|w| format!("{name} {index} {language}: {w}")),
                        );
                    }
                    Err(fault) => wrong.push(format!("{name} {index}: {}", fault.chain())),
                }
            }
        }
    }
    wrong
}

/// A view of a fixed moment.
#[must_use]
pub fn sample_view(
    face: &'static Face,
    visitor: Option<Visitor>,
    language: Language,
    theme: Theme,
) -> View {
    let csrf = visitor
        .as_ref()
        .map_or_else(String::new, |_| "00".repeat(64));
    View::new(Frame {
        language,
        theme,
        visitor: visitor.map(Arc::new),
        face,
        csrf,
        path: "/".to_owned(),
        fetched: true,
        request: RequestId(id::RequestId::from_uuid(Uuid::from_u128(0x7f3))),
        now: Timestamp(1_795_266_300_000_000),
        place: "",
    })
}

/// What is wrong with a whole page; nothing when it is right.
#[must_use]
pub fn check_html(html: &str) -> Vec<String> {
    let (tokens, mut wrong) = tokens(html);
    if !html.trim_start().starts_with("<!DOCTYPE html>") {
        wrong.push("no doctype".to_owned());
    }
    nesting(&tokens, &mut wrong);
    let tags: Vec<&Tag<'_>> = tokens
        .iter()
        .filter_map(|token| match token {
            Token::Open(tag) => Some(tag),
            _ => None,
        })
        .collect();
    ids(&tags, &mut wrong);
    for tag in &tags {
        policy(tag, &mut wrong);
        addresses(tag, &mut wrong);
    }
    names(&tokens, &tags, &mut wrong);
    for (what, count) in [("h1", 1), ("main", 1), ("title", 1)] {
        let found = tags.iter().filter(|tag| tag.name == what).count();
        if found != count {
            wrong.push(format!("{found} <{what}>"));
        }
    }
    if html.contains("/assets/missing") {
        wrong.push("an asset that does not exist".to_owned());
    }
    wrong
}

const VOID: [&str; 8] = ["meta", "link", "input", "br", "hr", "img", "source", "wbr"];

fn nesting(tokens: &[Token<'_>], wrong: &mut Vec<String>) {
    let mut open: Vec<&str> = Vec::new();
    for token in tokens {
        match token {
            Token::Open(tag) if tag.closed || VOID.contains(&tag.name) => {}
            Token::Open(tag) => open.push(tag.name),
            Token::Close(name) => match open.pop() {
                Some(last) if last == *name => {}
                Some(last) => {
                    wrong.push(format!("</{name}> where </{last}> belongs"));
                    return;
                }
                None => wrong.push(format!("</{name}> too much")),
            },
            Token::Text(_) => {}
        }
    }
    wrong.extend(open.iter().map(|name| format!("<{name}> is never closed")));
}

fn ids(tags: &[&Tag<'_>], wrong: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.get("id")) {
        if id.is_empty() || id.contains(char::is_whitespace) {
            wrong.push(format!("id {id:?}"));
        }
        if !seen.insert(id) {
            wrong.push(format!("id {id:?} twice"));
        }
    }
    let references = [
        "for",
        "aria-labelledby",
        "aria-describedby",
        "aria-controls",
        "popovertarget",
        "form",
    ];
    for tag in tags {
        for name in references {
            for id in tag.get(name).unwrap_or("").split_whitespace() {
                if !seen.contains(id) {
                    wrong.push(format!("{name}={id:?} leads nowhere"));
                }
            }
        }
        let anchor = tag.get("href").and_then(|href| href.strip_prefix('#'));
        if anchor.is_some_and(|id| !seen.contains(id)) {
            wrong.push(format!("href {:?} leads nowhere", tag.get("href")));
        }
    }
}

/// Nothing that the content security policy refuses.
fn policy(tag: &Tag<'_>, wrong: &mut Vec<String>) {
    let inline = tag
        .attributes
        .iter()
        .any(|(name, _)| *name == "style" || name.starts_with("on"));
    if inline || tag.name == "style" {
        wrong.push(format!("something inline in <{}>", tag.name));
    }
    if tag.name == "script" && tag.get("src").is_none() {
        wrong.push("an inline script".to_owned());
    }
}

fn addresses(tag: &Tag<'_>, wrong: &mut Vec<String>) {
    for name in ["href", "src", "action"] {
        let Some(address) = tag.get(name) else {
            continue;
        };
        let outside = tag.name == "a" && address.starts_with("https://");
        let plain = tag.name == "a" && address.starts_with("mailto:");
        let here =
            address.starts_with('#') || crate::LocalPath::or_home(address).as_str() == address;
        if !(outside || plain || here || address.starts_with('?')) {
            wrong.push(format!("{name}={address:?}"));
        }
    }
    if tag.name == "form" && tag.get("action").is_none() {
        wrong.push("a form without action".to_owned());
    }
}

/// Every control, link and picture says what it is.
fn names(tokens: &[Token<'_>], tags: &[&Tag<'_>], wrong: &mut Vec<String>) {
    let labelled: BTreeSet<&str> = tags.iter().filter_map(|tag| tag.get("for")).collect();
    let mut labels = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Open(tag) if tag.name == "label" => labels += 1,
            Token::Close("label") => labels = labels.saturating_sub(1),
            Token::Open(tag) => {
                let named = tag.get("aria-label").is_some_and(|name| !name.is_empty())
                    || tag.get("aria-labelledby").is_some();
                let by_label = labels > 0 || tag.get("id").is_some_and(|id| labelled.contains(id));
                let silent = match tag.name {
                    "input" if tag.get("type") == Some("hidden") => false,
                    "input" | "select" | "textarea" => !named && !by_label,
                    "a" | "button" => !named && !says_something(tokens, index, tag.name),
                    "svg" => !named && tag.get("aria-hidden") != Some("true"),
                    "img" => tag.get("alt").is_none(),
                    "table" => !captioned(tokens, index),
                    _ => false,
                };
                if silent {
                    wrong.push(format!(
                        "<{}> without a name: {:?}",
                        tag.name, tag.attributes
                    ));
                }
            }
            _ => {}
        }
    }
}

/// Whether a table says what it is about.
fn captioned(tokens: &[Token<'_>], index: usize) -> bool {
    let inside = tokens.iter().skip(index + 1);
    let mut inside = inside.take_while(|token| **token != Token::Close("table"));
    inside.any(|token| matches!(token, Token::Open(tag) if tag.name == "caption"))
}

/// Whether there is text between here and the next end of `name`.
fn says_something(tokens: &[Token<'_>], index: usize, name: &str) -> bool {
    let inside = tokens
        .iter()
        .skip(index + 1)
        .take_while(|token| **token != Token::Close(name));
    inside
        .into_iter()
        .any(|token| matches!(token, Token::Text(text) if !text.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(main: &str) -> Vec<String> {
        check_html(&format!(
            "<!DOCTYPE html><html lang=\"de\"><head><meta charset=\"utf-8\"><title>x</title></head>\
             <body><main id=\"content\"><h1>x</h1>{main}</main></body></html>"
        ))
    }

    #[test]
    fn a_good_page_has_nothing_wrong() {
        let good = "<p>a &amp; b<br>c</p><a href=\"/x\">x</a><label for=\"n\">N</label>\
                    <input id=\"n\" name=\"n\" required><label><input type=\"radio\">r</label>";
        assert_eq!(page(good), Vec::<String>::new());
    }

    #[test]
    fn each_mistake_is_found() {
        let mistakes = [
            "<p>",
            "</p>",
            "<p><b></p></b>",
            "<i id=\"content\"></i>",
            "<p id=\"a b\"></p>",
            "<label for=\"none\">x</label>",
            "<a href=\"#none\">x</a>",
            "<p style=\"x\"></p>",
            "<p onclick=\"x\"></p>",
            "<script>x</script>",
            "<style></style>",
            "<input name=\"n\">",
            "<a href=\"/x\"></a>",
            "<button type=\"button\"> </button>",
            "<h1>y</h1>",
            "<a href=\"//evil.example\">x</a>",
            "<a href=\"javascript:x\">x</a>",
            "<svg></svg>",
            "<form></form>",
            "<img src=\"/x\">",
            "<p>a < b</p>",
            "<p a=1></p>",
            "<table><tr><td>x</td></tr></table>",
            "<p>a & b</p>",
        ];
        for mistake in mistakes {
            assert!(!page(mistake).is_empty(), "{mistake}");
        }
    }
}
