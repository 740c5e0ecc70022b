//! Sites behind a real nginx, with real PHP: private instances, driven by the drivers alone and by a panel.

mod by_hand;
pub(crate) mod certificates;
pub(crate) mod faults;
mod full_disk;
pub(crate) mod node;
mod panel;
mod php;
mod php_settings;
mod proxied;
mod rules;
mod sites;

/// The value of a header in what curl printed.
pub(crate) fn header<'a>(printed: &'a str, name: &str) -> &'a str {
    let lines = printed.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found.next().map_or("", |(_, value)| value.trim())
}
