//! Files of rules for Apache among the files of a webspace: where they lie, and whether they keep somebody out.
//!
//! nginx reads none of them. What was protected by one elsewhere would lie open here, so whoever shows sites through
//! nginx asks first. What cannot be read counts as protecting. Where all that one says is that its folder is shut, nginx
//! is told the same.

use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::Path;
use wabe_kernel::content::{ContentError, RuleFile};
use wabe_kernel::{FolderKey, RelPath, SiteRules};

use crate::embedded::files::ENTRIES_MAX;
use crate::embedded::files::beneath::{Kind, Root, handle};
use crate::embedded::files::handle::read_up_to;
use crate::embedded::files::hands::{Door, open_folder};
use crate::embedded::files::shut;

/// How Apache calls them.
const NAME: &str = ".htaccess";
/// Longer ones are not read, in bytes.
const BYTES_MAX: usize = 64 * 1_024;
/// As many folders of a site are shut by what such files say.
const SHUT_MAX: usize = 50;

/// A folder that is shut, and the names that visitors get there all the same, wherever they lie beneath it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shut {
    /// Among the files of the webspace.
    pub(crate) folder: RelPath,
    pub(crate) names: Vec<String>,
}

impl Shut {
    /// The folder as visitors ask for it; nothing where nginx could not shut exactly that: the whole site, what is not
    /// shown, and what has a folder in it that asks for a password, which would be let in by that.
    pub(crate) fn shown(&self, root: &RelPath, keys: &[FolderKey]) -> Option<String> {
        let shown = self.folder.names().strip_prefix(root.names())?;
        let asks = keys.iter().any(|key| {
            let key = key.folder.names();
            key.len() > shown.len() && key.starts_with(shown)
        });
        let path = shown.join("/");
        (!shown.is_empty() && !asks && !path.contains('$')).then_some(path)
    }
}

/// The folders that files of rules shut and nginx can shut as well. Where another such file lies beneath one, that says
/// what holds there, which may be less.
pub(crate) fn shut(files: &[RuleFile], root: &RelPath, rules: &SiteRules) -> Vec<Shut> {
    let shut = |file: &RuleFile| {
        let (folder, names) = (file.path.parent()?, file.shuts.clone()?);
        let shut = Shut { folder, names };
        shut.shown(root, &rules.keys).map(|_path| shut)
    };
    let is_last = |shut: &Shut| {
        let folder = shut.folder.names();
        let mut beneath = files.iter().filter_map(|file| file.path.parent());
        !beneath
            .any(|other| other.names().len() > folder.len() && other.names().starts_with(folder))
    };
    let found = files.iter().filter_map(shut).take(SHUT_MAX);
    found.filter(is_last).collect()
}

/// The files of rules in the folder of a webspace, which has `files/` in it. Blocks.
pub(crate) fn in_folder(webspace: &Path) -> Result<Vec<RuleFile>, ContentError> {
    behind(&Door::own(open_folder(webspace)?))
}

/// The files of rules behind the door of a webspace. Blocks.
pub(crate) fn behind(door: &Door) -> Result<Vec<RuleFile>, ContentError> {
    all(&Root::enter(door)?)
}

/// Those that keep visitors out of something that nginx would show: what lies beneath the document root, or above it,
/// is protected by no rule of the site, and is not shut by nginx as well.
pub(crate) fn uncovered<'f>(
    files: &'f [RuleFile],
    root: &RelPath,
    rules: &SiteRules,
) -> Vec<&'f RuleFile> {
    let shut = shut(files, root, rules);
    let open = |file: &&RuleFile| {
        let folder = file.path.parent().unwrap_or_default();
        if shut.iter().any(|one| one.folder == folder) {
            return false;
        }
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
                Kind::File | Kind::Link if text == NAME => {
                    let text = read(root, &inner);
                    found.push(RuleFile {
                        protects: text.as_deref().is_none_or(protects),
                        shuts: text.as_deref().and_then(shut::exceptions),
                        path: inner,
                    });
                }
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
            shuts: None,
        };
        let files = [
            "public/in/.htaccess",
            "public/.htaccess",
            ".htaccess",
            "other/.htaccess",
        ]
        .map(file);
        let verifier = format!("$6${}${}", "a".repeat(16), "b".repeat(86));
        let key = |folder: &str| FolderKey {
            folder: folder.parse().unwrap(),
            user: "anna".parse().unwrap(),
            verifier: verifier.parse().unwrap(),
        };
        let open = |keys: Vec<FolderKey>| -> Vec<String> {
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

    #[test]
    fn a_folder_that_nginx_shuts_holds_nothing_back_and_others_do() {
        let file = |path: &str, shuts: bool| RuleFile {
            path: path.parse().unwrap(),
            protects: true,
            shuts: shuts.then(|| vec!["a.css".to_owned()]),
        };
        let verifier = format!("$6${}${}", "a".repeat(16), "b".repeat(86));
        let rules = |keys: &[&str]| SiteRules {
            keys: keys
                .iter()
                .map(|folder| FolderKey {
                    folder: folder.parse().unwrap(),
                    user: "anna".parse().unwrap(),
                    verifier: verifier.parse().unwrap(),
                })
                .collect(),
            ..SiteRules::default()
        };
        let root: RelPath = "public".parse().unwrap();
        let plugin = file("public/plugins/a/.htaccess", true);
        for (files, keys, followed, held) in [
            (vec![plugin.clone()], vec![], 1, 0),
            // Not word by word, the whole site, above it, and beside it.
            (
                vec![file("public/plugins/a/.htaccess", false)],
                vec![],
                0,
                1,
            ),
            (vec![file("public/.htaccess", true)], vec![], 0, 1),
            (vec![file(".htaccess", true)], vec![], 0, 1),
            (vec![file("other/.htaccess", true)], vec![], 0, 0),
            (vec![file("public/a$b/.htaccess", true)], vec![], 0, 1),
            (
                vec![plugin.clone(), file("public/plugins/a/in/.htaccess", false)],
                vec![],
                0,
                2,
            ),
            // A password above it is asked for in its place; one within would let in.
            (vec![plugin.clone()], vec!["plugins"], 1, 0),
            (vec![plugin.clone()], vec!["plugins/a"], 1, 0),
            (vec![plugin], vec!["plugins/a/in"], 0, 1),
            (
                (0..60)
                    .map(|n| file(&format!("public/{n}/.htaccess"), true))
                    .collect(),
                vec![],
                50,
                10,
            ),
        ] {
            let rules = rules(&keys);
            assert_eq!(shut(&files, &root, &rules).len(), followed, "{files:?}");
            assert_eq!(uncovered(&files, &root, &rules).len(), held, "{files:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_protects_or_not_and_one_more_rule_does(text: String) {
            // What is followed is told as protecting, too.
            prop_assert!(protects(&text) || shut::exceptions(&text).is_none());
            let closed = text.replace(['<', '\\'], "");
            let more = format!("{closed}\nRequire all denied");
            prop_assert!(protects(&more));
        }
    }
}
