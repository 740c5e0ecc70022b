//! An employee on a customer's pages: what a look opens, and that each page is noted before it is shown.
//!
//! Invariants: the person stays who they are, in their own session; they only read; what the look does not
//! show is as if it did not exist, and so are streams and tables that would outlast it; what a consent could
//! open and this one does not is said, so that they can ask for it. Source: bar 3.8 T1.

use crate::csrf;
use crate::face::Area;
use crate::failure::Failure;
use crate::routes::{Needs, RouteInfo};
use crate::session::Visitor;
use crate::web::Incoming;
use http::Method;
use http::request::Parts;
use wabe_access::Content;

/// The longest id that is noted, in bytes.
const ID_BYTES_MAX: usize = 64;

/// Who an employee is on this route of the portal, while they look at a customer's pages.
pub(crate) fn reader(
    info: &RouteInfo,
    method: &Method,
    visitor: Option<&Visitor>,
) -> Result<Option<Visitor>, Failure> {
    // The first page is everybody's who is logged in.
    let pages = matches!(info.needs, Needs::Member | Needs::Permission(_)) || info.path == "/";
    let page = info.area == Area::Portal && pages;
    let visitor = visitor.filter(|visitor| page && visitor.staff);
    let Some(reader) = visitor.and_then(Visitor::looking) else {
        return Ok(None);
    };
    if !csrf::is_safe(method) {
        return Err(Failure::Forbidden);
    }
    // A look ends at the next request; what streams would not.
    if info.endless {
        return Err(Failure::NotFound);
    }
    if let (Needs::Permission(needed), Some(look)) = (info.needs, &reader.look)
        && Content::of(needed).is_some()
        && !reader.has(needed)
    {
        return Err(Failure::NotReached(look.ticket));
    }
    Ok(Some(reader))
}

/// Notes the page with the customer. Whoever may not see it is refused first, and not noted.
pub(crate) async fn note(
    info: &RouteInfo,
    incoming: &Incoming,
    (reader, parts): (&Visitor, &Parts),
) -> Result<(), Failure> {
    if let Needs::Permission(needed) = info.needs
        && !reader.has(needed)
    {
        return Ok(());
    }
    let first = info
        .path
        .split('/')
        .nth(1)
        .filter(|first| !first.is_empty());
    let area = format!("page.{}", first.unwrap_or("home"));
    let object = id_in(info.path, parts.uri.path());
    let client = incoming.client.0;
    let sessions = &incoming.web.sessions;
    Ok(sessions.note_look(reader, &area, object, client).await?)
}

/// What stands where the route has its id, when it looks like one.
fn id_in<'a>(route: &str, path: &'a str) -> Option<&'a str> {
    let at = route.split('/').position(|part| part == "{id}")?;
    let id = path.split('/').nth(at)?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (id.len() <= ID_BYTES_MAX && id.bytes().all(plain)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::id_in;

    #[test]
    fn the_id_of_a_page_is_noted_and_nothing_else_of_its_address() {
        assert_eq!(id_in("/mailboxes/{id}", "/mailboxes/mbx_1"), Some("mbx_1"));
        assert_eq!(
            id_in("/mailboxes/{id}/settings", "/mailboxes/mbx_1/settings"),
            Some("mbx_1")
        );
        assert_eq!(id_in("/mailboxes", "/mailboxes"), None);
        assert_eq!(id_in("/mailboxes/{id}", "/mailboxes/%3Cb%3E"), None);
    }
}
