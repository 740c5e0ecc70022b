//! Whatever can be looked at has words for the customer whose it is: control MWK-4-03, bar 3.8 T4.

use std::collections::BTreeSet;
use wabe_audit::area::{AREAS, is_known, message, of_page};
use wabe_kernel::Language;
use wabe_web::{Area, Needs, Texts};

/// The area of every page of the portal that an employee can see on a look.
fn pages() -> BTreeSet<String> {
    let seen = |needs: Needs| matches!(needs, Needs::Member | Needs::Permission(_));
    let table = wabe_portal::routes().table().into_iter();
    let pages = table.filter(|info| info.area == Area::Portal && info.method == "GET");
    let pages = pages.filter(|info| (seen(info.needs) || info.path == "/") && !info.endless);
    pages
        .map(|info| of_page(info.path.split('/').nth(1).unwrap_or_default()))
        .collect()
}

#[test]
fn every_area_that_can_be_noted_says_what_was_looked_at() {
    let pages = pages();
    assert!(pages.contains("page.home") && pages.contains("page.mailboxes"));
    let all = AREAS.iter().map(|area| (*area).to_owned()).chain(pages);
    let mut silent = Vec::new();
    for area in all {
        assert!(is_known(&area), "{area}");
        for language in Language::ALL {
            if !Texts::global().has(language, &message(&area)) {
                silent.push(format!("{language}: {area}"));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:?}");
}
