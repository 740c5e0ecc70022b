//! Icons: SVG cut down to shapes.
//!
//! A closed set of elements and attributes is read and written anew, so that nothing else can travel:
//! no script, style, link, reference, entity or comment.

use crate::archive::ICON_BYTES;
use crate::flaw::{Defect, Flaw};
use std::fmt::Write as _;

/// An icon, as it is written here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon(String);

const ELEMENTS: [&str; 10] = [
    "svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "title",
];
const ATTRIBUTES: [&str; 30] = [
    "viewBox",
    "width",
    "height",
    "fill",
    "fill-rule",
    "clip-rule",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-dasharray",
    "opacity",
    "transform",
    "d",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "points",
    "preserveAspectRatio",
];
const NAMESPACE: &str = "http://www.w3.org/2000/svg";
const DEPTH_MAX: usize = 16;

impl Icon {
    /// Reads the part `part` of a package.
    pub fn read(part: &str, bytes: &[u8]) -> Result<Self, Flaw> {
        let bad = |reason: String| Flaw::of_part(part, Defect::BadSvg { reason });
        if bytes.len() > ICON_BYTES {
            let (max, found) = (ICON_BYTES.to_string(), bytes.len().to_string());
            let name = part.to_owned();
            return Err(Flaw::of_part(
                part,
                Defect::PartTooLarge { name, max, found },
            ));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => rewrite(text).map(Self).map_err(bad),
            Err(_not_utf8) => Err(bad("it is not UTF-8".to_owned())),
        }
    }

    /// The SVG document.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads the document from front to back and writes what is known.
fn rewrite(text: &str) -> Result<String, String> {
    let mut rest = text.trim();
    if let Some(after) = rest.strip_prefix("<?xml") {
        rest = after
            .split_once("?>")
            .ok_or("the XML declaration does not end")?
            .1
            .trim_start();
    }
    if !rest.starts_with("<svg") {
        return Err("it does not begin with <svg".to_owned());
    }
    let mut written = String::new();
    let mut open: Vec<&str> = Vec::new();
    while !rest.is_empty() {
        if !written.is_empty() && open.is_empty() {
            return Err("something follows </svg>".to_owned());
        }
        let Some(tag) = rest.strip_prefix('<') else {
            let (content, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            text_within(&mut written, &open, content)?;
            rest = after;
            continue;
        };
        let (tag, after) = tag.split_once('>').ok_or("a tag does not end")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name.trim_end()) {
                return Err(format!("</{}> ends nothing", shown(name)));
            }
            push(&mut written, format_args!("</{}>", name.trim_end()));
            continue;
        }
        let (tag, closed) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let name = element(&mut written, tag, open.is_empty())?;
        if closed {
            written.push_str("/>");
        } else if open.len() == DEPTH_MAX {
            return Err(format!("it is nested deeper than {DEPTH_MAX}"));
        } else {
            written.push('>');
            open.push(name);
        }
    }
    match open.last() {
        Some(name) => Err(format!("<{name}> does not end")),
        None => Ok(written),
    }
}

/// Text is only in a title; white space elsewhere falls away.
fn text_within(written: &mut String, open: &[&str], content: &str) -> Result<(), String> {
    if open.last() == Some(&"title") {
        if content.contains('&') || content.chars().any(char::is_control) {
            return Err("the title has an entity or a control character".to_owned());
        }
        written.push_str(content);
    } else if !content.trim().is_empty() {
        return Err(format!("there is text outside a title: {}", shown(content)));
    }
    Ok(())
}

/// Writes the beginning of a tag without its end; answers the element's name.
fn element<'a>(written: &mut String, tag: &'a str, root: bool) -> Result<&'a str, String> {
    let (name, mut rest) = tag.split_at(
        tag.find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(tag.len()),
    );
    if !ELEMENTS.contains(&name) || root != (name == "svg") {
        return Err(format!("<{}> is not allowed here", shown(name)));
    }
    push(written, format_args!("<{name}"));
    if root {
        push(written, format_args!(" xmlns=\"{NAMESPACE}\""));
    }
    let mut seen: Vec<&str> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(name);
        }
        let (key, after) = rest
            .split_once('=')
            .ok_or_else(|| format!("<{name}> has an attribute without a value"))?;
        let key = key.trim_end();
        let quote = after.trim_start();
        let mark = quote.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = mark.and_then(|mark| quote.get(1..)?.split_once(mark));
        let (value, after) = value.ok_or_else(|| format!("a value in <{name}> has no quotes"))?;
        rest = after;
        if root && key == "xmlns" && value == NAMESPACE {
            continue;
        }
        if !ATTRIBUTES.contains(&key) {
            return Err(format!("the attribute {} is not allowed", shown(key)));
        }
        if seen.contains(&key) {
            return Err(format!("the attribute {key} is there twice"));
        }
        seen.push(key);
        let value: String = value.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        if !is_plain(&value) {
            return Err(format!(
                "the value of {key} is not plain: {}",
                shown(&value)
            ));
        }
        push(written, format_args!(" {key}=\"{value}\""));
    }
}

/// Numbers, colours, path data, transforms: no address and no reference fits in here.
fn is_plain(value: &str) -> bool {
    let sign = |c: char| c.is_ascii_alphanumeric() || " #.,+-()%".contains(c);
    value.chars().all(sign) && !value.to_ascii_lowercase().contains("url")
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn push(written: &mut String, text: std::fmt::Arguments) {
    let done = written.write_fmt(text);
    debug_assert!(done.is_ok(), "a string takes every write");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox='0 0 24 24' fill=\"none\" stroke=\"currentColor\">\n  <title>Globe</title>\n  <g transform=\"translate(1 1)\"><path d=\"M3 12h18\nM12 3a15 15 0 0 1 0 18\"/></g><circle cx=\"12\" cy=\"12\" r=\"9\" />\n</svg>\n";

    fn read(text: &str) -> Result<Icon, String> {
        Icon::read("icon.svg", text.as_bytes()).map_err(|flaw| flaw.to_string())
    }

    #[test]
    fn shapes_are_read_and_written_again() {
        let icon = read(GOOD).unwrap();
        assert!(
            icon.as_str()
                .starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"")
        );
        assert!(icon.as_str().contains("<title>Globe</title><g transform="));
        assert_eq!(read(icon.as_str()).unwrap(), icon);
    }

    #[test]
    fn everything_else_is_refused() {
        for (bad, reason) in [
            ("<svg><script>alert(1)</script></svg>", "<script>"),
            ("<svg onload=\"x()\"></svg>", "onload"),
            ("<svg><path style=\"fill:red\"/></svg>", "style"),
            ("<svg><use href=\"#a\"/></svg>", "<use>"),
            ("<svg><image/></svg>", "<image>"),
            ("<svg><foreignObject/></svg>", "<foreignObject>"),
            ("<svg fill=\"url(https://x)\"></svg>", "fill"),
            ("<svg fill=\"u\\72l(x)\"></svg>", "fill"),
            ("<svg><!-- x --></svg>", "not allowed"),
            ("<!DOCTYPE svg><svg></svg>", "begin"),
            ("<svg><![CDATA[x]]></svg>", "not allowed"),
            ("<svg>&lt;</svg>", "outside a title"),
            ("<svg><title>&x;</title></svg>", "entity"),
            ("<svg><svg></svg></svg>", "<svg>"),
            ("<svg></svg><svg></svg>", "follows"),
            ("<svg><g></svg></g>", "ends nothing"),
            ("<svg><g></g>", "does not end"),
            ("<svg fill=\"a\" fill=\"b\"></svg>", "twice"),
            ("<svg fill=red></svg>", "quotes"),
            ("<svg xmlns=\"http://evil.example\"></svg>", "xmlns"),
            ("<html></html>", "begin"),
            ("", "begin"),
        ] {
            let message = read(bad).unwrap_err();
            assert!(message.contains(reason), "{bad}: {message}");
        }
        let deep = format!("<svg>{}{}</svg>", "<g>".repeat(16), "</g>".repeat(16));
        assert!(read(&deep).unwrap_err().contains("deeper"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_the_same(cut in 0usize..400, with in "[<>/\"'=a-z&;! ]{0,12}") {
            let mut text: String = GOOD.chars().take(cut).collect();
            text.push_str(&with);
            text.extend(GOOD.chars().skip(cut));
            if let Ok(icon) = read(&text) {
                prop_assert_eq!(read(icon.as_str()), Ok(icon.clone()));
                prop_assert!(!icon.as_str().contains("script") && !icon.as_str().contains('&'));
            }
        }
    }
}
