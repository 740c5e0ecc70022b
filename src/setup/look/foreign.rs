//! What somebody else set up: sites of nginx, databases, mail.

use crate::disk::{inside, read};
use crate::machine::Foreign;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders that Debian's nginx reads sites from.
const SITES: [&str; 2] = ["/etc/nginx/sites-enabled", "/etc/nginx/conf.d"];
/// As many names of a site are told.
const NAMES_MAX: usize = 8;
/// Servers of databases, and the folder of their data.
const DATABASES: [(&str, &str); 2] = [
    ("MariaDB", "/var/lib/mysql"),
    ("PostgreSQL", "/var/lib/postgresql"),
];
/// Mail servers, and what says that one was set up.
const MAIL: [(&str, &str); 3] = [
    ("Postfix", "/etc/postfix/main.cf"),
    ("Exim", "/etc/exim4/update-exim4.conf.conf"),
    ("Dovecot", "/etc/dovecot/dovecot.conf"),
];

/// The host names in a configuration of nginx, the first ones of them, in order and once each. Comments and quotes
/// are not understood further than telling names needs: what is read here is shown and never obeyed.
#[must_use]
pub fn names_in(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default());
    let code = lines.collect::<Vec<_>>().join(" ");
    let statements = code.split([';', '{', '}']);
    let names = statements.filter_map(|statement| {
        let mut words = statement.split_whitespace();
        (words.next() == Some("server_name")).then(|| words.map(str::to_owned).collect::<Vec<_>>())
    });
    let mut told = Vec::new();
    for name in names.flatten() {
        // Terminals obey control characters, and `_` stands for no name.
        let plain = name.chars().all(|c| c.is_ascii_graphic());
        if plain && name != "_" && !told.contains(&name) && told.len() < NAMES_MAX {
            told.push(name);
        }
    }
    told
}

fn sites(root: &Path, folder: &str) -> Vec<Foreign> {
    let entries = std::fs::read_dir(inside(root, Path::new(folder)));
    let entries = entries.into_iter().flatten().flatten();
    let named = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let plain = named.filter(|name| name.chars().all(|c| c.is_ascii_graphic()));
    let of_name = |name: String| {
        let path = Path::new(folder).join(name);
        let place = inside(root, &path);
        // Enabled sites are links; reading through one harms nobody, and shows names.
        let place = place.canonicalize().unwrap_or(place);
        let text = read(&place).unwrap_or_default();
        Foreign::Site(path, names_in(&String::from_utf8_lossy(&text)))
    };
    plain.map(of_name).collect()
}

fn has_entries(place: &Path) -> bool {
    std::fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_some())
}

/// Everything that somebody else set up and that is told of.
pub(super) fn seen(root: &Path) -> BTreeSet<Foreign> {
    let sites = SITES.into_iter().flat_map(|folder| sites(root, folder));
    let databases = DATABASES
        .into_iter()
        .filter(|(_, folder)| has_entries(&inside(root, Path::new(folder))))
        .map(|(server, folder)| Foreign::Databases(server, PathBuf::from(folder)));
    let mail = MAIL
        .into_iter()
        .filter(|(_, file)| inside(root, Path::new(file)).is_file())
        .map(|(server, file)| Foreign::Mail(server, PathBuf::from(file)));
    sites.chain(databases).chain(mail).collect()
}
