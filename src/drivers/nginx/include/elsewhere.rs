//! What stands in place of a site: a page that says why it is not shown, or another address.

use wabe_kernel::desired::{Redirect, StepFailure, Webspace};

use crate::nginx::head;
use crate::nginx::include::{
    Given, Names, both, challenges, logs, names, page, path, probe, to_https,
};
use crate::nginx::syntax::{Directive, Word, own, own_block};

/// The page that stands for a site that is switched off or in the trash.
pub(super) fn hidden(
    webspace: &Webspace,
    given: &Given<'_>,
    mark: &str,
) -> Result<Vec<Directive>, StepFailure> {
    let (status, file) = if webspace.suspended {
        ("503", head::SUSPENDED_FILE)
    } else {
        ("404", head::GONE_FILE)
    };
    let inner = || -> Result<Vec<Directive>, StepFailure> {
        let mut inner = vec![
            Directive::new("root", [path(&given.ground.pages)?]),
            own("error_page", [status, "/.wabe/hidden"]),
            page("/.wabe/hidden", (given.ground, file), webspace.suspended)?,
            probe(mark),
        ];
        inner.extend(logs(given)?);
        inner.extend(challenges(given, own("return", [status]))?);
        inner.push(own_block("location", ["/"], vec![own("return", [status])]));
        Ok(inner)
    };
    let mut plain = inner()?;
    if webspace.https_redirect {
        plain.pop();
        plain.push(to_https(given.ground));
    }
    both((&names(webspace), given), plain, inner()?)
}

/// A name that sends every visitor to one place. What certificate authorities ask for never leads away,
/// so that nobody gets a certificate for a name by being what it redirects to.
pub(super) fn leading_on(
    redirect: &Redirect,
    given: &Given<'_>,
    mark: &str,
) -> Result<Vec<Directive>, StepFailure> {
    let target = Word::literal(redirect.target.as_str());
    let mut inner = vec![
        Directive::new("root", [path(&given.ground.pages)?]),
        own(
            "add_header",
            ["X-Content-Type-Options", "nosniff", "always"],
        ),
        probe(mark),
    ];
    inner.extend(logs(given)?);
    inner.extend(challenges(given, own("return", ["404"]))?);
    inner.push(own_block(
        "location",
        ["/"],
        vec![
            own_block(
                "if",
                ["($request_method", "!~", "^(GET|HEAD)$)"],
                vec![own("return", ["405"])],
            ),
            Directive::new("return", [Word::own("302"), target]),
        ],
    ));
    let names = Names {
        local: vec![redirect.name.clone()],
        public: Vec::new(),
    };
    both((&names, given), inner.clone(), inner)
}
