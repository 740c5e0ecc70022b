//! What a page says about itself: its title, its place in the navigation, whether it is shown.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The most characters of a title.
const TITLE_MAX: usize = 120;

/// What a page says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meta {
    /// In the navigation and the tab.
    pub(crate) title: String,
    /// Lower is earlier.
    pub(crate) order: i32,
    /// True when it is not for visitors yet.
    pub(crate) draft: bool,
}

/// Reads `title`, `order` and `draft` between two lines of `---` at the beginning; answers them and
/// the Markdown. Without a title it is the first heading, else the file's name.
pub(crate) fn read<'text>(path: &str, text: &'text str) -> (Meta, &'text str) {
    let text = text.trim_start_matches('\u{feff}');
    let (front, body) = split(text);
    let mut meta = Meta {
        title: String::new(),
        order: 1_000,
        draft: false,
    };
    for line in front.lines() {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        match key.trim() {
            "title" => value.clone_into(&mut meta.title),
            "order" | "weight" => meta.order = value.parse().unwrap_or(meta.order),
            "draft" => meta.draft = value == "true",
            _ => {}
        }
    }
    if meta.title.is_empty() {
        meta.title = first_heading(body).unwrap_or_else(|| from_name(path));
    }
    meta.title = meta.title.chars().take(TITLE_MAX).collect();
    (meta, body)
}

/// What is between the first two lines of three dashes, and what follows.
fn split(text: &str) -> (&str, &str) {
    let rest = text
        .strip_prefix("---\n")
        .or_else(|| text.strip_prefix("---\r\n"));
    let Some(rest) = rest else {
        return ("", text);
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return (&rest[..at], &rest[at + line.len()..]);
        }
        at += line.len();
    }
    ("", text)
}

fn first_heading(text: &str) -> Option<String> {
    let mut inside = false;
    let mut title = String::new();
    for event in Parser::new_ext(text, Options::empty()) {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) => inside = true,
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => break,
            Event::Text(text) | Event::Code(text) if inside => title.push_str(&text),
            _ => {}
        }
    }
    Some(title.trim().to_owned()).filter(|title| !title.is_empty())
}

/// `first-steps.md` is `First steps`; a folder's own page is named like the folder.
fn from_name(path: &str) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let mut parts = stem.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let is_folder = name == "index" || name.eq_ignore_ascii_case("readme");
    let name = match parts.next() {
        Some(folder) if is_folder => folder,
        _ => name,
    };
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(path: &str, text: &str) -> String {
        read(path, text).0.title
    }

    #[test]
    fn a_title_is_found_wherever_it_is() {
        assert_eq!(
            title("a.md", "---\ntitle: \"Über uns\"\n---\n# Other\n"),
            "Über uns"
        );
        assert_eq!(
            title("a.md", "Text\n\n# The `first` one\n# Second\n"),
            "The first one"
        );
        assert_eq!(title("first-steps.md", "no heading"), "First steps");
        assert_eq!(title("news/README.md", ""), "News");
        assert_eq!(title("index.md", ""), "Index");
    }

    #[test]
    fn the_front_is_no_part_of_the_page() {
        let (meta, body) = read(
            "a.md",
            "\u{feff}---\r\norder: 3\r\ndraft: true\r\n---\r\nText\n",
        );
        assert_eq!((meta.order, meta.draft, body), (3, true, "Text\n"));
        let (meta, body) = read("a.md", "---\nnever ends\n");
        assert_eq!((meta.order, body), (1_000, "---\nnever ends\n"));
    }
}
