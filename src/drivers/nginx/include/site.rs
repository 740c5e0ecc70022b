//! A site that is shown: its files, or what answers behind nginx, with the site's rules around either.

use std::path::Path;
use wabe_kernel::RelPath;
use wabe_kernel::desired::{StepFailure, Webspace};

use crate::nginx::head;
use crate::nginx::include::behind::{Way, passed_on};
use crate::nginx::include::inside::{front_page, insides};
use crate::nginx::include::proxied::{self, Asked, proxy};
use crate::nginx::include::{
    Given, Ground, both, challenges, logs, names, page, path, probe, rules, to_https,
};
use crate::nginx::syntax::{Directive, Word, own, own_block};

/// The folder that is served, beneath the webspace's own.
fn root(files: &Path, root: &RelPath) -> Result<Directive, StepFailure> {
    let mut folder = path(files)?;
    if !root.is_root() {
        folder = folder
            .then(&Word::own("/"))
            .then(&Word::literal(&root.to_string()));
    }
    Ok(Directive::new("root", [folder]))
}

/// Links are not followed, wherever beneath the webspace's folder they stand.
fn no_links(given: &Given<'_>) -> Result<Directive, StepFailure> {
    let beneath = Word::own("from=").then(&path(&given.place.files)?);
    let words = [Word::own("on"), beneath];
    Ok(Directive::new("disable_symlinks", words))
}

/// Everything of a site that is shown.
///
/// Errors: `site-not-writable` when something in it cannot stand in a configuration.
pub(super) fn site(
    webspace: &Webspace,
    given: &Given<'_>,
    mark: &str,
) -> Result<Vec<Directive>, StepFailure> {
    // Passwords never come unencrypted.
    let led_on = webspace.https_redirect || !webspace.rules.keys.is_empty();
    let plain = if led_on {
        let mut plain = vec![
            root(&given.place.files, &webspace.document_root)?,
            no_links(given)?,
            probe(mark),
        ];
        plain.extend(challenges(given, own("try_files", ["$uri", "=404"]))?);
        plain.push(to_https(given.ground));
        plain.extend(logs(given)?);
        plain
    } else {
        shown(webspace, (given, Way::Plain), mark)?
    };
    let mut files = shown(webspace, (given, Way::Secure), mark)?;
    files.extend(rules::hsts(webspace));
    let mut all = Vec::from_iter(proxied::addresses(webspace, given.ground)?);
    all.extend(both((&names(webspace), given), plain, files)?);
    Ok(all)
}

/// A site that is shown, over either way.
fn shown(
    webspace: &Webspace,
    (given, way): (&Given<'_>, Way),
    mark: &str,
) -> Result<Vec<Directive>, StepFailure> {
    let preview = Word::literal(webspace.preview.as_str()).then(&Word::own(")"));
    let is_preview = [Word::own("($host"), Word::own("="), preview];
    let mut all = vec![
        root(&given.place.files, &webspace.document_root)?,
        no_links(given)?,
        // The preview address is for people who have it, not for search engines.
        own("set", ["$wabe_robots", ""]),
        Directive::block(
            "if",
            is_preview,
            vec![own("set", ["$wabe_robots", "noindex, nofollow"])],
        ),
        own(
            "add_header",
            ["X-Content-Type-Options", "nosniff", "always"],
        ),
        own("add_header", ["X-Robots-Tag", "$wabe_robots", "always"]),
    ];
    let asked = Asked::at_the_door(webspace);
    let behind = passing(webspace, (given, way, asked))?;
    all.extend(match behind {
        // What Apache or an application says is what visitors get; these are for what nginx itself cannot do.
        Some(_) => rules::own_pages(webspace, given.place)?,
        None => rules::error_pages(webspace, given.place)?,
    });
    if proxy(webspace).is_some() {
        all.extend(proxied::unclear(webspace));
        all.extend(proxied::trust(webspace, given.ground)?);
        all.push(rules::away(webspace));
        all.push(page("/.wabe/away", (given.ground, head::AWAY_FILE), false)?);
    }
    all.extend([
        page(
            "/.wabe/not-found",
            (given.ground, head::NOT_FOUND_FILE),
            false,
        )?,
        probe(mark),
    ]);
    all.extend(logs(given)?);
    all.extend(rules::upload(webspace));
    all.extend(robots(given.ground, behind.as_deref())?);
    all.extend(challenges(given, own("try_files", ["$uri", "=404"]))?);
    all.extend(rules::redirects(webspace)?);
    if proxy(webspace).is_some() {
        all.push(own_block("location", ["/"], behind.unwrap_or_default()));
        let kept = passing(webspace, (given, way, Asked::Yes))?;
        all.extend(rules::protected(
            webspace,
            given.place,
            &kept.unwrap_or_default(),
        )?);
        return Ok(all);
    }
    let mut inner = insides(webspace, given)?;
    all.extend(inner.clone());
    let front = behind.unwrap_or_else(|| front_page(given).into_iter().collect());
    if !front.is_empty() {
        all.push(own_block("location", ["/"], front.clone()));
    }
    inner.extend(front);
    all.extend(rules::protected(webspace, given.place, &inner)?);
    // Apache reads what shuts them.
    if given.apache.is_none() {
        all.extend(rules::shut(webspace, given.shut)?);
    }
    Ok(all)
}

/// What passes a request on to whatever answers behind nginx, where something does.
fn passing(
    webspace: &Webspace,
    (given, way, asked): (&Given<'_>, Way, Asked),
) -> Result<Option<Vec<Directive>>, StepFailure> {
    if let Some(proxy) = proxy(webspace) {
        return proxied::passed_on(webspace, proxy, (given, way, asked)).map(Some);
    }
    let backend = given.apache;
    let passed = |backend| passed_on(webspace, (backend, given.ground), way);
    backend.map(passed).transpose()
}

/// What search engines are told at the preview address; elsewhere the site's own file, or what `behind` says.
fn robots(ground: &Ground, behind: Option<&[Directive]>) -> Result<[Directive; 2], StepFailure> {
    let led = vec![own("rewrite", ["^", "/.wabe/robots", "last"])];
    let file = path(&ground.pages)?.then(&Word::own(head::ROBOTS_FILE));
    let mut asked = vec![own_block("if", ["($wabe_robots)"], led)];
    asked.extend_from_slice(behind.unwrap_or_default());
    Ok([
        own_block("location", ["=", "/robots.txt"], asked),
        own_block(
            "location",
            ["=", "/.wabe/robots"],
            vec![
                own("internal", []),
                Directive::new("alias", [file]),
                own("disable_symlinks", ["off"]),
                own("default_type", ["text/plain"]),
            ],
        ),
    ])
}
