//! From Markdown to HTML that nobody needs to fear.
//!
//! HTML in the Markdown is shown as text, and links lead only where links may lead: whoever may write
//! into the folder cannot run a script in a visitor's browser.

use crate::source::page_of;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// The HTML of a page's Markdown.
pub(crate) fn render(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let events: Vec<Event> = Parser::new_ext(markdown, options).map(safe).collect();
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, with_anchors(events).into_iter());
    out
}

/// HTML becomes text, addresses become safe ones.
fn safe(event: Event) -> Event {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: link(&dest_url, &["http", "https", "mailto", "tel"]),
            title,
            id,
        }),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Image {
            link_type,
            dest_url: link(&dest_url, &["http", "https"]),
            title,
            id,
        }),
        // Blocks of HTML are paragraphs of text.
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    }
}

/// An address whose scheme is one of these, or that has none; a link to Markdown leads to its page.
fn link(address: &str, schemes: &[&str]) -> CowStr<'static> {
    let address: String = address.chars().filter(|c| !c.is_control()).collect();
    let address = address.trim();
    let end = address.find(['/', '?', '#']).unwrap_or(address.len());
    if let Some(colon) = address[..end].find(':') {
        let scheme = address[..colon].to_ascii_lowercase();
        let known = schemes.contains(&scheme.as_str());
        return if known {
            address.to_owned().into()
        } else {
            "#".into()
        };
    }
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let (path, rest) = address.split_at(end);
    let stem = path
        .strip_suffix(".md")
        .or_else(|| path.strip_suffix(".markdown"));
    match stem {
        Some(stem) if !address.starts_with("//") => format!("{}{rest}", page_of(stem)).into(),
        _ => address.to_owned().into(),
    }
}

/// Every heading gets an id from its text, so that links can lead to it.
fn with_anchors(mut events: Vec<Event>) -> Vec<Event> {
    let mut used: Vec<String> = Vec::new();
    for at in 0..events.len() {
        if !matches!(events[at], Event::Start(Tag::Heading { .. })) {
            continue;
        }
        let inside = events[at + 1..].iter();
        let inside = inside.take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
        let text: String = inside
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(&**text),
                _ => None,
            })
            .collect();
        let anchor = fresh(&slug(&text), &used);
        if let Event::Start(Tag::Heading { id, .. }) = &mut events[at] {
            *id = Some(anchor.clone().into());
        }
        used.push(anchor);
    }
    events
}

/// Letters and digits in small letters, hyphens between them.
fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() {
        "section".to_owned()
    } else {
        words.join("-")
    }
}

fn fresh(wanted: &str, used: &[String]) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while used.contains(&name) || name == "content" {
        name = format!("{wanted}-{number}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_html() {
        let html =
            render("# Hallo Welt\n\n*a* **b** ~~c~~ `d`\n\n| x |\n|---|\n| y |\n\n- [x] z\n");
        for part in [
            "<h1 id=\"hallo-welt\">Hallo Welt</h1>",
            "<em>a</em> <strong>b</strong> <del>c</del>",
            "<th>x</th>",
            "type=\"checkbox\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn html_is_text() {
        for text in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div\nonclick=\"alert(1)\">x</div>",
            "<!-- <script> -->",
            "<svg/onload=alert(1)>",
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](java\tscript:alert(1))",
            "[a](<java\nscript:alert(1)>)",
            "[a](&#106;avascript:alert(1))",
            "[a](data:text/html,x)",
            "[a](vbscript:x)",
            "![a](data:image/svg+xml,x)",
            "![a](javascript:alert(1))",
            "<javascript:alert(1)>",
            "[a]: javascript:alert(1)\n\n[a]",
            "[a](x \"\\\" onclick=\\\"alert(1)\")",
            "# x {onclick=alert(1)}",
            "```\" onclick=\"alert(1)\nx\n```",
        ] {
            let html = render(text);
            assert!(
                !html.contains("<script") && !html.contains("<img src=\"x\""),
                "{html}"
            );
            assert!(
                !html.contains("<svg") && !html.contains("<div") && !html.contains("<!--"),
                "{html}"
            );
            let attributes = html
                .split('<')
                .filter_map(|tag| tag.split_once('>'))
                .map(|(tag, _)| tag);
            for tag in attributes {
                let bare: String = tag.split('"').step_by(2).collect();
                assert!(!bare.contains("on"), "{tag} of {html}");
                let lower = tag.to_lowercase();
                for scheme in ["javascript:", "vbscript:", "data:"] {
                    assert!(!lower.contains(scheme), "{tag} of {html}");
                }
            }
        }
    }

    #[test]
    fn links_to_markdown_lead_to_its_page() {
        let check = |address: &str, expected: &str| {
            let html = render(&format!("[a]({address})"));
            assert!(html.contains(&format!("href=\"{expected}\"")), "{html}");
        };
        check("about.md", "about.html");
        check("../news/README.md#x", "../news/index.html#x");
        check("about.md?a=b", "about.html?a=b");
        check("https://example.org/a.md", "https://example.org/a.md");
        check("//example.org/a.md", "//example.org/a.md");
        check("mailto:a@example.org", "mailto:a@example.org");
        check("#x", "#x");
        check("a:b.md", "#");
    }

    #[test]
    fn anchors_are_unique() {
        let html = render("# A b\n# A b\n# content\n# !\n");
        for id in ["\"a-b\"", "\"a-b-2\"", "\"content-2\"", "\"section\""] {
            assert!(html.contains(&format!("id={id}")), "{id} in {html}");
        }
    }
}
