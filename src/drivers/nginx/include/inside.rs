//! What a site does with its files: what it hides, and what runs.

use wabe_kernel::desired::{StepFailure, Webspace};

use crate::nginx::head;
use crate::nginx::include::{Given, path};
use crate::nginx::syntax::{Directive, Word, own, own_block};

/// How long nginx waits beyond what PHP may take.
const SPARE_SECONDS: u32 = 30;

/// Names that begin with a dot are nobody's business, but for the one that is made for visitors.
pub(super) fn dots() -> Directive {
    own_block(
        "location",
        ["~", "^/\\.(?!well-known(/|$))|^/.+/\\."],
        vec![own("return", ["404"])],
    )
}

/// What holds for files wherever they lie: what is hidden, and what is run.
pub(super) fn insides(
    webspace: &Webspace,
    given: &Given<'_>,
) -> Result<Vec<Directive>, StepFailure> {
    let mut all = vec![dots()];
    if given.apache.is_none() {
        all.extend(php(webspace, given)?);
    }
    Ok(all)
}

/// What is not there at all goes to the application's front page, when it has one in PHP.
pub(super) fn front_page(given: &Given<'_>) -> Option<Directive> {
    let tries = ["$uri", "$uri/", "/index.php$is_args$args"];
    given.php.map(|_| own("try_files", tries))
}

/// PHP files that are there go to PHP. Without PHP, they are shown to nobody.
fn php(webspace: &Webspace, given: &Given<'_>) -> Result<Vec<Directive>, StepFailure> {
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
    let mut run = vec![
        there,
        own("gzip", ["off"]),
        Directive::new("fastcgi_pass", [socket]),
    ];
    let seconds = webspace.rules.php.max_execution_time.get();
    if seconds > head::PHP_SECONDS {
        // Whoever waits for longer than PHP may take hears how it ended.
        let patience = u64::from(seconds.saturating_add(SPARE_SECONDS));
        let patience = Word::bytes(patience).then(&Word::own("s"));
        run.push(Directive::new("fastcgi_read_timeout", [patience]));
    }
    Ok(vec![
        own("index", ["index.html", "index.htm", "index.php"]),
        own_block("location", ["~", "\\.php$"], run),
        hidden,
    ])
}
