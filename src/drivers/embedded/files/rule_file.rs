//! Files of rules for Apache among the files of a webspace: where they lie, and whether they keep somebody out.
//!
//! nginx reads none of them. What was protected by one elsewhere would lie open here, so whoever shows sites through
//! nginx asks first. What cannot be read counts as protecting.

use std::fs::File;
use std::path::Path;
use wabe_kernel::content::{ContentError, RuleFile};
use wabe_kernel::{RelPath, SiteRules};

use crate::embedded::files::ENTRIES_MAX;
use crate::embedded::files::beneath::{Kind, Root, handle};
use crate::embedded::files::handle::read_up_to;
use crate::embedded::files::hands::{Door, open_folder};

/// How Apache calls them.
const NAME: &str = ".htaccess";
/// Longer ones are not read, in bytes.
const BYTES_MAX: usize = 64 * 1_024;

/// The files of rules in the folder of a webspace, which has `files/` in it. Blocks.
pub(crate) fn in_folder(webspace: &Path) -> Result<Vec<RuleFile>, ContentError> {
    behind(&Door::own(open_folder(webspace)?))
}

/// The files of rules behind the door of a webspace. Blocks.
pub(crate) fn behind(door: &Door) -> Result<Vec<RuleFile>, ContentError> {
    all(&Root::enter(door)?)
}

/// Those that keep visitors out of something that nginx would show: what lies beneath the document root, or above it,
/// and is protected by no rule of the site.
pub(crate) fn uncovered<'f>(
    files: &'f [RuleFile],
    root: &RelPath,
    rules: &SiteRules,
) -> Vec<&'f RuleFile> {
    let open = |file: &&RuleFile| {
        let folder = file.path.parent().unwrap_or_default();
        let shown = match folder.names().strip_prefix(root.names()) {
            Some(shown) => shown,
            None if root.names().starts_with(folder.names()) => &[],
            None => return false,
        };
        let covers = |folder: &RelPath| shown.starts_with(folder.names());
        file.protects && !rules.keys.iter().any(|key| covers(&key.folder))
    };
    files.iter().filter(open).collect()
}

/// All of them, in the order of their paths. No link is followed.
pub(super) fn all(root: &Root) -> Result<Vec<RuleFile>, ContentError> {
    let (mut found, mut waiting) = (Vec::new(), vec![RelPath::root()]);
    let mut entries = 0;
    while let Some(path) = waiting.pop() {
        let folder = match root.folder(&path) {
            // Gone or replaced meanwhile.
            Err(ContentError::NotFound | ContentError::NotPlain | ContentError::WrongKind) => {
                continue;
            }
            folder => folder?,
        };
        let names = folder.names()?;
        let looked = folder.look_all(&names)?;
        for (name, kind) in names.into_iter().zip(looked) {
            entries += 1;
            if entries > ENTRIES_MAX {
                let why = "more entries than a webspace may have";
                return Err(ContentError::Fault(why.to_owned()));
            }
            let (Ok(kind), Ok(text)) = (kind, name.to_str()) else {
                continue;
            };
            let Ok(inner) = path.join(text) else {
                continue;
            };
            match kind.kind {
                Kind::Folder => waiting.push(inner),
                Kind::File | Kind::Link if text == NAME => found.push(RuleFile {
                    protects: read(root, &inner).is_none_or(|text| protects(&text)),
                    path: inner,
                }),
                Kind::File | Kind::Link | Kind::Other => {}
            }
        }
    }
    found.sort_unstable_by(|one, two| one.path.cmp(&two.path));
    Ok(found)
}

/// The text of one; nothing when it cannot be read.
fn read(root: &Root, path: &RelPath) -> Option<String> {
    let file: File = root.file(path, false).ok()?;
    let size = usize::try_from(handle(&file).ok()?.size).ok()?;
    if size > BYTES_MAX {
        return None;
    }
    String::from_utf8(read_up_to(&file, 0, size).ok()?).ok()
}

/// Whether rules keep anybody out. Source: Apache HTTP Server 2.4, mod_authz_core, mod_access_compat, mod_auth_basic,
/// mod_rewrite, mod_alias.
fn protects(text: &str) -> bool {
    // A backslash at the end of a line goes on with the next one.
    let text = text.replace("\r\n", "\n").replace("\\\n", " ");
    let mut hidden = 0_usize;
    for line in text.lines() {
        let lower = line.trim().to_ascii_lowercase();
        let mut words = lower.split_whitespace();
        let word = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        if word == "<files" || word == "<filesmatch" {
            hidden += usize::from(hidden > 0 || is_of_dots(word, &rest));
        } else if word == "</files>" || word == "</filesmatch>" {
            hidden = hidden.saturating_sub(1);
        } else if hidden == 0 && keeps_out(word, &rest) {
            return true;
        }
    }
    false
}

/// Whether a section is about names that begin with a dot alone, which nginx shows to nobody either.
fn is_of_dots(section: &str, words: &[&str]) -> bool {
    let is_regex = section == "<filesmatch" || words.contains(&"~");
    let mut patterns = words.iter().filter(|word| **word != "~");
    let (Some(pattern), None) = (patterns.next(), patterns.next()) else {
        return false;
    };
    let pattern = pattern.trim_matches(['"', '\'', '>']);
    if is_regex {
        // An alternative could be about other names.
        pattern.starts_with("^\\.") && !pattern.contains('|')
    } else {
        pattern.starts_with('.')
    }
}

fn keeps_out(word: &str, rest: &[&str]) -> bool {
    let first = rest.first().copied().unwrap_or_default();
    match word {
        "require" => rest != ["all", "granted"],
        "deny" | "authtype" | "authuserfile" | "authgroupfile" | "authname" => true,
        "rewriterule" => rest
            .last()
            .is_some_and(|flags| is_forbidding(flags.trim_matches(['[', ']']))),
        "redirect" | "redirectmatch" => matches!(first, "401" | "403" | "404" | "410" | "gone"),
        _ => false,
    }
}

/// Whether a rule's flags answer that it is forbidden, or gone.
fn is_forbidding(flags: &str) -> bool {
    flags
        .split(',')
        .any(|flag| matches!(flag, "f" | "forbidden" | "g" | "gone") || flag.starts_with("r=4"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rules_that_keep_somebody_out_are_told_from_others() {
        for text in [
            "Deny from all",
            "  require valid-user",
            "Require all denied",
            "<Limit GET>\n\tRequire ip 192.0.2.1\n</Limit>",
            "AuthType \\\n Basic",
            "RewriteRule ^secret - [NC,F]",
            "RewriteRule . - [R=403]",
            "Redirect 403 /a",
            "<FilesMatch \"\\.(sql|bak)$\">\nRequire all denied\n</FilesMatch>",
            "<Files \"wp-config.php\">\ndeny from all\n</Files>",
            "<Files .env>\nRequire all denied\n</Files>\nRequire all denied",
            "<Files ~ \"^\\.ht|config\">\nDeny from all\n</Files>",
        ] {
            assert!(protects(text), "{text}");
        }
        for text in [
            "",
            "# Deny from all",
            "Require all granted",
            "RewriteEngine On\nRewriteRule ^index\\.php$ - [L]\nRewriteRule . /index.php [L]",
            "Options -Indexes",
            "Redirect 301 /a https://a.test/",
            "<Files \".ht*\">\nRequire all denied\n</Files>",
            "<FilesMatch \"^\\.ht\">\nDeny from all\n</FilesMatch>",
        ] {
            assert!(!protects(text), "{text}");
        }
    }

    #[test]
    fn a_file_is_covered_by_a_key_to_its_folder_and_matters_only_where_something_is_shown() {
        let file = |path: &str| RuleFile {
            path: path.parse().unwrap(),
            protects: true,
        };
        let files = [
            "public/in/.htaccess",
            "public/.htaccess",
            ".htaccess",
            "other/.htaccess",
        ]
        .map(file);
        let verifier = format!("$6${}${}", "a".repeat(16), "b".repeat(86));
        let key = |folder: &str| wabe_kernel::FolderKey {
            folder: folder.parse().unwrap(),
            user: "anna".parse().unwrap(),
            verifier: verifier.parse().unwrap(),
        };
        let open = |keys: Vec<wabe_kernel::FolderKey>| -> Vec<String> {
            let rules = SiteRules {
                keys,
                ..SiteRules::default()
            };
            let root = "public".parse().unwrap();
            let open = uncovered(&files, &root, &rules);
            open.iter().map(|file| file.path.to_string()).collect()
        };
        assert_eq!(
            open(Vec::new()),
            ["public/in/.htaccess", "public/.htaccess", ".htaccess"]
        );
        assert_eq!(open(vec![key("in")]), ["public/.htaccess", ".htaccess"]);
        assert_eq!(open(vec![key("inner")]).len(), 3);
        assert!(open(vec![key("")]).is_empty());
    }

    proptest! {
        #[test]
        fn any_text_protects_or_not_and_one_more_rule_does(text: String) {
            let _either = protects(&text);
            let closed = text.replace(['<', '\\'], "");
            let more = format!("{closed}\nRequire all denied");
            prop_assert!(protects(&more));
        }
    }
}
