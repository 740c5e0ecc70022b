//! The page around the Markdown.

use crate::nav::Link;
use crate::settings::Settings;

/// The style sheet's name in the site.
pub(crate) const STYLE_NAME: &str = "markdown-site.css";
/// The style sheet.
pub(crate) const STYLE: &str = include_str!("style.css");
/// By what a page of ours is known.
pub(crate) const MARK: &str = "<meta name=\"generator\" content=\"markdown-site\">";
/// The first page of a new webspace, which goes away by itself when there is another.
const PLACEHOLDER: &str = "<title>Hier entsteht eine Website / A website starts here</title>";

/// Whether this content may be written over: a page of ours, or a new webspace's first page.
pub(crate) fn may_replace(content: &[u8]) -> bool {
    let head = &content[..content.len().min(4_096)];
    let head = String::from_utf8_lossy(head);
    head.contains(MARK) || head.contains(PLACEHOLDER)
}

/// A whole page.
pub(crate) fn page(
    settings: &Settings,
    nav: &[Link],
    output: &str,
    title: &str,
    body: &str,
) -> String {
    let root = "../".repeat(output.matches('/').count());
    let site = site_title(settings, nav);
    let head_title = if title == site {
        escaped(title)
    } else {
        format!("{} – {}", escaped(title), escaped(&site))
    };
    let mut out = String::with_capacity(body.len() + 2_048);
    for part in [
        "<!doctype html>\n<html lang=\"",
        settings.text("de", "en"),
        "\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
        MARK,
        "\n<title>",
        &head_title,
        "</title>\n<link rel=\"stylesheet\" href=\"",
        &root,
        STYLE_NAME,
        "\">\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">",
        settings.text("Zum Inhalt", "To the content"),
        "</a>\n<header><a href=\"",
        &root,
        "index.html\">",
        &escaped(&site),
        "</a></header>\n<div>\n",
        &navigation(settings, nav, output, &root),
        "<main id=\"content\">\n",
        body,
        "</main>\n</div>\n</body>\n</html>\n",
    ] {
        out.push_str(part);
    }
    out
}

/// A first page for sites that have none: the list of all pages.
pub(crate) fn contents(settings: &Settings, nav: &[Link]) -> String {
    let mut body = format!("<h1>{}</h1>\n<ul>\n", escaped(&site_title(settings, nav)));
    for link in nav.iter().filter(|link| link.output != "index.html") {
        body.push_str(&item("", link, false));
        body.push_str("</li>\n");
    }
    body.push_str("</ul>\n");
    body
}

/// The setting, else the first page's title.
pub(crate) fn site_title(settings: &Settings, nav: &[Link]) -> String {
    if !settings.title.trim().is_empty() {
        return settings.title.trim().to_owned();
    }
    match nav.first() {
        Some(first) if first.output == "index.html" => first.title.clone(),
        _ => settings.text("Startseite", "Home").to_owned(),
    }
}

fn navigation(settings: &Settings, nav: &[Link], output: &str, root: &str) -> String {
    if nav.len() < 2 {
        return String::new();
    }
    let mut out = format!(
        "<nav aria-label=\"{}\">\n",
        settings.text("Seiten", "Pages")
    );
    // A list lies in the item before it: no link may be deeper than one below its predecessor.
    let mut depths = Vec::with_capacity(nav.len());
    for link in nav {
        let deepest = depths.last().map_or(0, |above| above + 1);
        depths.push(link.depth.min(deepest));
    }
    out.push_str("<ul>\n");
    for (at, (link, &depth)) in nav.iter().zip(&depths).enumerate() {
        out.push_str(&item(root, link, link.output == output));
        match depths.get(at + 1) {
            Some(&next) if next > depth => out.push_str("\n<ul>\n"),
            Some(&next) => out.push_str(&closed(depth - next)),
            None => out.push_str(&closed(depth)),
        }
    }
    out.push_str("</ul>\n</nav>\n");
    out
}

/// The end of an item, and of so many lists around it.
fn closed(lists: usize) -> String {
    format!("</li>\n{}", "</ul>\n</li>\n".repeat(lists))
}

fn item(root: &str, link: &Link, is_current: bool) -> String {
    let current = if is_current {
        " aria-current=\"page\""
    } else {
        ""
    };
    let (href, title) = (encoded(&link.output), escaped(&link.title));
    format!("<li><a href=\"{root}{href}\"{current}>{title}</a>")
}

/// A path as an address: everything but plain letters, digits and a few signs has percent signs.
fn encoded(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend([byte >> 4, byte & 15].map(hexadecimal));
        }
    }
    out
}

/// A digit for a number below 16.
fn hexadecimal(number: u8) -> char {
    char::from_digit(number.into(), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

/// Text between tags and in attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(output: &str, title: &str, depth: usize) -> Link {
        Link {
            output: output.to_owned(),
            title: title.to_owned(),
            depth,
        }
    }

    #[test]
    fn a_page_leads_to_all_others() {
        let nav = [
            link("index.html", "Start", 0),
            link("docs/index.html", "Docs", 0),
            link("docs/ä b.html", "A & <b>", 1),
        ];
        let page = page(
            &Settings::default(),
            &nav,
            "docs/index.html",
            "Docs",
            "<p>x</p>\n",
        );
        for part in [
            "href=\"../markdown-site.css\"",
            "<title>Docs – Start</title>",
            MARK,
            "<a href=\"../docs/index.html\" aria-current=\"page\">Docs</a>",
            "<a href=\"../docs/%C3%A4%20b.html\">A &amp; &lt;b&gt;</a>",
            "<html lang=\"de\">",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(page.contains("Docs</a>\n<ul>\n<li>"));
        assert!(page.contains("</li>\n</ul>\n</li>\n</ul>\n</nav>"));
    }

    #[test]
    fn only_our_own_pages_and_the_placeholder_are_replaced() {
        assert!(may_replace(
            page(&Settings::default(), &[], "a.html", "A", "").as_bytes()
        ));
        let placeholder = include_bytes!("../../../templates/drivers/embedded/first-page.html");
        assert!(may_replace(placeholder));
        assert!(!may_replace(b"<h1>My own</h1>"));
    }
}
