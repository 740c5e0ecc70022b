//! Plain text in lines that small screens may join again. Source: RFC 3676, `format=flowed`.

/// The width at which a line breaks softly, in characters.
const WIDTH: usize = 72;

/// Joins the lines of each paragraph and breaks them anew. An empty line ends a paragraph; a line
/// that begins with `- ` begins a new line. Words are never broken, so links stay whole.
pub(super) fn flowed(text: &str) -> String {
    let mut logical: Vec<String> = Vec::new();
    let mut joins = false;
    for line in text.lines().map(str::trim) {
        match logical.last_mut() {
            Some(last) if joins && !line.is_empty() && !line.starts_with("- ") => {
                last.push(' ');
                last.push_str(line);
            }
            _ => logical.push(line.to_owned()),
        }
        joins = !line.is_empty();
    }
    let mut out = String::new();
    for line in logical {
        wrap(&line, &mut out);
    }
    out
}

fn wrap(line: &str, out: &mut String) {
    let mut width = 0;
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            // The space before the end says that the line goes on.
            out.push_str(" \n");
            width = 0;
        }
        if width > 0 {
            out.push(' ');
            width += 1;
        } else if word.starts_with('>') || word == "From" {
            out.push(' ');
        }
        out.push_str(word);
        width += length;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::flowed;

    #[test]
    fn paragraphs_are_wrapped_softly_and_links_stay_whole() {
        let link = format!("https://portal.test/{}", "x".repeat(100));
        let text = format!(
            "Ein Satz mit vielen Worten\nund noch einer Zeile, {}\n\n{link}\n- a\n- b",
            "wort ".repeat(30)
        );
        let flowed = flowed(&text);
        assert!(flowed.lines().any(|line| line == link));
        assert!(flowed.contains("\n- a\n- b\n"));
        assert!(
            flowed
                .lines()
                .all(|line| line == link || line.chars().count() <= 74)
        );
        let joined = flowed.replace(" \n", " ");
        assert!(joined.starts_with("Ein Satz mit vielen Worten und noch einer Zeile, wort wort"));
    }
}
