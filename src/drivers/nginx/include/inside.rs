//! What a site does with its files: what it hides, and what runs.

use wabe_kernel::desired::StepFailure;

use crate::nginx::include::{Given, path};
use crate::nginx::syntax::{Directive, Word, own, own_block};

/// What holds for files wherever they lie: what is hidden, and what is run.
pub(super) fn insides(given: &Given<'_>) -> Result<Vec<Directive>, StepFailure> {
    // Names that begin with a dot are nobody's business, but for the one that is made for visitors.
    let mut all = vec![own_block(
        "location",
        ["~", "^/\\.(?!well-known(/|$))|^/.+/\\."],
        vec![own("return", ["404"])],
    )];
    all.extend(php(given)?);
    Ok(all)
}

/// What is not there at all goes to the application's front page, when it has one in PHP.
pub(super) fn front_page(given: &Given<'_>) -> Option<Directive> {
    let tries = ["$uri", "$uri/", "/index.php$is_args$args"];
    given.php.map(|_| own("try_files", tries))
}

/// PHP files that are there go to PHP. Without PHP, they are shown to nobody.
fn php(given: &Given<'_>) -> Result<Vec<Directive>, StepFailure> {
    // Names that are no PHP here may be elsewhere, and hold the same secrets.
    let hidden = own_block(
        "location",
        ["~*", "\\.(php[0-9s]?|phtml|phar)$"],
        vec![own("return", ["404"])],
    );
    let Some(socket) = given.php else {
        return Ok(vec![hidden]);
    };
    let socket = Word::own("unix:").then(&path(socket)?);
    let there = own("try_files", ["$uri", "=404"]);
    let run = vec![
        there,
        own("gzip", ["off"]),
        Directive::new("fastcgi_pass", [socket]),
    ];
    Ok(vec![
        own("index", ["index.html", "index.htm", "index.php"]),
        own_block("location", ["~", "\\.php$"], run),
        hidden,
    ])
}
