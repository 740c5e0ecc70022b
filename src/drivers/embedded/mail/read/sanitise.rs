//! HTML of strangers, made into HTML that can stand in a page of the panel.
//!
//! What leaves here has no script, style, form, frame, drawing, image, class, id or inline style,
//! loads nothing, and its links are absolute, `http`, `https` or `mailto`, and open elsewhere without
//! saying where they were opened. An allow-list, so what is not known is gone.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use crate::embedded::mail::read::cut;
use crate::embedded::mail::read::prune::prune;

/// Elements that only arrange text, and links.
pub(super) const TAGS: [&str; 50] = [
    "a",
    "abbr",
    "address",
    "b",
    "bdi",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];
/// Elements that go with everything in them.
pub(super) const EMPTIED: [&str; 18] = [
    "script", "style", "title", "template", "noscript", "iframe", "object", "embed", "applet",
    "svg", "math", "textarea", "select", "button", "audio", "video", "canvas", "frameset",
];

static RULES: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut rules = Builder::empty();
    let cell = HashSet::from(["colspan", "rowspan"]);
    rules
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(EMPTIED))
        .generic_attributes(HashSet::from(["lang", "dir"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["alt"])),
            ("td", cell.clone()),
            ("th", cell),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .strip_comments(true);
    rules
});

/// The most HTML that is looked at, in bytes.
const HTML_MAX: usize = 256 * 1024;
/// The most HTML that leaves, in bytes.
const CLEAN_MAX: usize = 4 * HTML_MAX;

/// The HTML, safe to show; its beginning when there is too much of it, nothing when it would grow.
pub(super) fn sanitise(html: &str) -> String {
    let clean = RULES.clean(&prune(cut(html, HTML_MAX))).to_string();
    if clean.len() > CLEAN_MAX {
        return String::new();
    }
    without_images(&clean)
}

/// Puts an image's text in its place; images without one go.
///
/// The input is what the sanitiser wrote: an image is `<img …>` with `alt`, `lang` or `dir`, and no
/// quote stands unescaped in a value, so what is found here is an image and not text.
fn without_images(html: &str) -> String {
    let mut rest = html;
    let mut out = String::with_capacity(html.len());
    while let Some((before, image)) = rest.split_once("<img") {
        out.push_str(before);
        let (alt, after) = image_text(image);
        if !alt.trim().is_empty() {
            out.push('[');
            out.push_str(&alt.replace('<', "&lt;").replace('>', "&gt;"));
            out.push(']');
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The value of `alt` in what follows `<img`, and what follows the image.
fn image_text(image: &str) -> (&str, &str) {
    let mut rest = image;
    let mut alt = "";
    loop {
        let Some(stop) = rest.find(['"', '>']) else {
            return (alt, "");
        };
        let (name, tail) = rest.split_at(stop);
        let Some(value) = tail.strip_prefix('"') else {
            return (alt, tail.strip_prefix('>').unwrap_or(tail));
        };
        let Some((value, tail)) = value.split_once('"') else {
            return (alt, "");
        };
        if name.trim() == "alt=" {
            alt = value;
        }
        rest = tail;
    }
}
