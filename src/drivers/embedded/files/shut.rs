//! Files of rules for Apache that shut their folder but for single names, as plugins of applications bring them along.
//!
//! What is told here is exact, or stricter than Apache: whoever shows sites through nginx says the same there. Whatever
//! is not known word by word makes the whole file one that nobody follows. Source: Apache HTTP Server 2.4,
//! mod_authz_core, mod_access_compat, and "Configuration Sections".

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

/// As many names are let out of a folder; a pattern stands for as many.
const NAMES_MAX: usize = 64;
/// Groups in groups of a pattern.
const DEPTH_MAX: usize = 4;
/// Files that no server runs.
const ENDINGS: [&str; 19] = [
    "avif", "css", "eot", "gif", "htm", "html", "ico", "jpeg", "jpg", "js", "mjs", "otf", "png",
    "svg", "ttf", "txt", "webp", "woff", "woff2",
];

/// A section that is open.
enum Section {
    /// For what Apache 2.4 has.
    Present,
    /// For what it has not: nothing in it holds.
    Absent,
    /// About files of these names, wherever they lie beneath the folder.
    Names(Vec<String>, &'static str),
}

/// What was read so far.
#[derive(Default)]
struct Rules {
    sections: Vec<Section>,
    /// Whether `Require` shuts the folder.
    is_shut: bool,
    /// Whether `Deny` does, which no `Require` opens again.
    is_denied: bool,
    names: BTreeSet<String>,
}

/// The names that visitors get where these rules shut their folder, in order; nothing where they say anything else.
pub(super) fn exceptions(text: &str) -> Option<Vec<String>> {
    let mut rules = Rules::default();
    for line in text.lines().map(str::trim) {
        // A line that goes on with the next one could hide what that says.
        if line.ends_with('\\') {
            return None;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // Apache knows no other blanks and cases than those of ASCII.
        if !line.is_ascii() {
            return None;
        }
        match line.strip_prefix('<') {
            Some(section) => rules.section(section.strip_suffix('>')?)?,
            None => rules.directive(line)?,
        }
    }
    let is_over = rules.sections.is_empty() && rules.names.len() <= NAMES_MAX;
    let is_exact = rules.is_shut || rules.is_denied;
    let opens = !rules.is_denied || rules.names.is_empty();
    (is_over && is_exact && opens).then(|| rules.names.into_iter().collect())
}

impl Rules {
    /// The beginning of a section, or its end.
    fn section(&mut self, text: &str) -> Option<()> {
        if let Some(ended) = text.strip_prefix('/') {
            let begun = match self.sections.pop()? {
                Section::Present | Section::Absent => "ifmodule",
                Section::Names(_, begun) => begun,
            };
            return ended.eq_ignore_ascii_case(begun).then_some(());
        }
        let (word, rest) = text.split_once(char::is_whitespace)?;
        let rest = rest.trim();
        let is_free = || {
            let plain = |section: &Section| matches!(section, Section::Present);
            self.sections.iter().all(plain)
        };
        let section = match (&*word.to_ascii_lowercase(), rest) {
            ("ifmodule", "mod_authz_core.c") => Section::Present,
            ("ifmodule", "!mod_authz_core.c") => Section::Absent,
            ("filesmatch", _) if is_free() => {
                Section::Names(expanded(unquoted(rest)?)?, "filesmatch")
            }
            ("files", _) if is_free() => {
                let name = unquoted(rest).unwrap_or(rest);
                is_plain(name).then(|| Section::Names(vec![name.to_owned()], "files"))?
            }
            _ => return None,
        };
        self.sections.push(section);
        Some(())
    }

    fn directive(&mut self, line: &str) -> Option<()> {
        let lower = line.to_ascii_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        if self
            .sections
            .iter()
            .any(|one| matches!(one, Section::Absent))
        {
            let is_old = matches!(words.first(), Some(&("order" | "deny" | "allow")));
            return is_old.then_some(());
        }
        let about = self.sections.iter().find_map(|section| match section {
            Section::Names(names, _) => Some(names),
            Section::Present | Section::Absent => None,
        });
        match (about, words.as_slice()) {
            (Some(names), ["require", "all", "granted"]) => {
                self.names.extend(names.iter().cloned());
            }
            (None, ["require", "all", "denied"]) => self.is_shut = true,
            (None, ["deny", "from", "all"]) => self.is_denied = true,
            (None, ["order", "deny,allow" | "allow,deny"] | ["options", "-indexes"]) => {}
            _ => return None,
        }
        Some(())
    }
}

/// What stands between double quotes.
fn unquoted(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('"')).then_some(inner)
}

/// Whether a name is one of a file that is only ever shown, and of letters that mean themselves everywhere but for dots.
pub(crate) fn is_plain(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let shown = ending.is_some_and(|ending| ENDINGS.contains(&ending));
    shown && !name.starts_with('.') && name.chars().all(|c| c == '.' || is_letter(c))
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '@')
}

/// All names that a pattern stands for, where it is made of letters, groups and alternatives and is about whole names.
fn expanded(pattern: &str) -> Option<Vec<String>> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let mut letters = inner.chars().peekable();
    let names = sequence(&mut letters, 0)?;
    // What is left is an alternative of the whole, of which the signs for its ends are no part.
    let is_whole = letters.next().is_none();
    (is_whole && names.iter().all(|name| is_plain(name))).then_some(names)
}

fn sequence(letters: &mut Peekable<Chars<'_>>, depth: usize) -> Option<Vec<String>> {
    let mut all = vec![String::new()];
    while let Some(letter) = letters.next_if(|letter| !matches!(letter, ')' | '|')) {
        let next = match letter {
            '(' if depth < DEPTH_MAX => group(letters, depth)?,
            '\\' => {
                let sign = letters.next()?;
                matches!(sign, '.' | '-' | '_' | '@').then(|| vec![sign.to_string()])?
            }
            letter if is_letter(letter) => vec![letter.to_string()],
            _ => return None,
        };
        if all.len().saturating_mul(next.len()) > NAMES_MAX {
            return None;
        }
        let both = |one: &String| {
            next.iter()
                .map(|two| format!("{one}{two}"))
                .collect::<Vec<_>>()
        };
        all = all.iter().flat_map(both).collect();
    }
    Some(all)
}

/// The alternatives of a group whose beginning was read, and no letter where it may be left out.
fn group(letters: &mut Peekable<Chars<'_>>, depth: usize) -> Option<Vec<String>> {
    let mut all = Vec::new();
    loop {
        all.extend(sequence(letters, depth.saturating_add(1))?);
        match letters.next()? {
            '|' => {}
            ')' => break,
            _ => return None,
        }
    }
    if letters.next_if_eq(&'?').is_some() {
        all.push(String::new());
    }
    (all.len() <= NAMES_MAX).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rules as a plugin of an application brings them along, with these inside.
    fn plugin(inside: &str) -> String {
        format!(
            "# Files for visitors alone.\n<IfModule !mod_authz_core.c>\n\tOrder Deny,Allow\n\tDeny from all\n\
             </IfModule>\n<IfModule mod_authz_core.c>\n\tRequire all denied\n</IfModule>\n\n{inside}"
        )
    }

    fn but_for(pattern: &str) -> String {
        plugin(&format!(
            "<FilesMatch \"{pattern}\">\r\n\t<IfModule !mod_authz_core.c>\n\t\tAllow from all\n\t</IfModule>\n\t\n\
             \t<IfModule mod_authz_core.c>\n\t\tRequire all granted\n\t</IfModule>\n</FilesMatch>\n"
        ))
    }

    #[test]
    fn a_folder_that_is_shut_but_for_single_names_is_understood() {
        let found = |text: &str| exceptions(text).unwrap().join(" ");
        for shut in [
            "Require all denied",
            "Order Allow,Deny\nDeny from all\n",
            "Options -Indexes\nRequire all denied",
            &plugin(""),
        ] {
            assert_eq!(found(shut), "", "{shut}");
        }
        for (pattern, names) in [
            ("^a-2x\\.png$", "a-2x.png"),
            ("^(a\\.js|b\\.css)$", "a.js b.css"),
            (
                "^(form\\.js|own(-front|-admin)?\\.js|own(-rtl)?\\.css)$",
                "form.js own-admin.js own-front.js own-rtl.css own.css own.js",
            ),
            ("^logo@2x\\.png$", "logo@2x.png"),
        ] {
            assert_eq!(found(&but_for(pattern)), names, "{pattern}");
        }
        let one = "Require all denied\n<Files \"a.css\">\nRequire all granted\n</Files>\n\
                   <Files b.svg>\nRequire all granted\n</Files>";
        assert_eq!(found(one), "a.css b.svg");
    }

    #[test]
    fn whatever_else_is_said_is_followed_by_nobody() {
        for text in [
            "",
            "Require all granted",
            "Require ip 192.0.2.1",
            "Require all denied\nRequire ip 192.0.2.1",
            "Require all denied\nAllow from all",
            "Require all denied # all",
            "Require\u{a0}all denied",
            "Require all denied\nRewriteRule . /index.php [L]",
            "Require all denied\nSatisfy any",
            "Require all \\\ndenied",
            "<RequireAny>\nRequire all denied\n</RequireAny>",
            "<IfModule mod_authz_core.c>\nRequire all denied",
            "Require all denied\n</IfModule>",
            "<IfModule mod_other.c>\nRequire all denied\n</IfModule>",
            "<IfModule !mod_authz_core.c>\nRequire all denied\n</IfModule>",
            "<Files a.css>\nRequire all denied\n</Files>",
            "Require all denied\n<Files a.php>\nRequire all granted\n</Files>",
            "Require all denied\n<Files ~ \"a.css\">\nRequire all granted\n</Files>",
            "Require all denied\n<Files *.css>\nRequire all granted\n</Files>",
            // What `Deny` shuts, no `Require` opens.
            "Deny from all\n<Files a.css>\nRequire all granted\n</Files>",
            "Require all denied\n<Files a.css>\nRequire all granted\n</FilesMatch>",
            "Require all denied\n<Files a.css>\n<Files b.css>\nRequire all granted\n</Files>\n</Files>",
        ] {
            assert_eq!(exceptions(text), None, "{text}");
        }
        for pattern in [
            "a\\.css",
            "^a\\.css",
            "a\\.css$",
            "^a.css$",
            "^a\\.css|b\\.css$",
            "^.*\\.css$",
            "^a+\\.css$",
            "^[ab]\\.css$",
            "^(?:a)\\.css$",
            "^(a\\.css$",
            "^a)\\.css$",
            "^a\\d\\.css$",
            "^a\\.php$",
            "^a(\\.css)?$",
            "^\\.css$",
            "^(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)\\.css$",
            "^((((((a))))))\\.css$",
        ] {
            assert_eq!(exceptions(&but_for(pattern)), None, "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn any_rules_let_out_plain_names_or_are_not_followed(
            text in any::<String>(), pattern in "\\^?[a-c.()|?\\\\+*-]{0,20}(\\.css)?\\$?",
        ) {
            drop(exceptions(&text));
            for text in [text, but_for(&pattern)] {
                for name in exceptions(&text).into_iter().flatten() {
                    prop_assert!(is_plain(&name), "{}", name);
                }
            }
        }

        #[test]
        fn one_unknown_line_makes_rules_that_nobody_follows(word in "[A-Z][a-z]{3,9}", value in "[a-z]{0,9}") {
            let known = ["order", "deny", "allow", "require", "options"];
            if !known.contains(&&*word.to_ascii_lowercase()) {
                prop_assert_eq!(exceptions(&plugin(&format!("{word} {value}\n"))), None);
            }
        }
    }
}
