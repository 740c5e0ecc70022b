//! What every template of a request may know: language, theme, who looks, the frame around the page.

use crate::csrf;
use crate::extract::Prefers;
use crate::face::{DOOR, Face, NavItem};
use crate::page::{Page, Part};
use crate::request::RequestId;
use crate::session::{Theme, Visitor};
use crate::web::Incoming;
use askama::Template;
use std::any::Any;
use std::sync::Arc;
use wabe_kernel::{Language, Timestamp};

/// One request's view; cheap to clone. Templates reach it through the filters
/// ([`filters`](crate::filters)), handlers through the extractors.
#[derive(Debug, Clone)]
pub struct View(Arc<Frame>);

/// What is in a view.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The language of texts.
    pub language: Language,
    /// The theme.
    pub theme: Theme,
    /// Who looks; nobody before the login.
    pub visitor: Option<Arc<Visitor>>,
    /// Whose frame.
    pub face: &'static Face,
    /// The masked CSRF token of this page; empty without a session.
    pub csrf: String,
    /// The path of the request, without the query.
    pub path: String,
    /// Whether the page can be asked for again at that path: it answers no form.
    pub fetched: bool,
    /// The request's number.
    pub request: RequestId,
    /// When the request came in.
    pub now: Timestamp,
    /// The place of the navigation that the page is at.
    pub place: &'static str,
}

impl std::ops::Deref for View {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        &self.0
    }
}

impl View {
    pub(crate) fn of(incoming: &Incoming, guest: Prefers, (path, fetched): (&str, bool)) -> Self {
        let visitor = incoming.visitor.clone();
        let known = visitor.as_ref();
        let rng = incoming.web.rng.as_ref();
        Self(Arc::new(Frame {
            language: known.map_or(guest.language, |visitor| visitor.language),
            theme: known.map_or(guest.theme, |visitor| visitor.theme),
            csrf: known.map_or_else(String::new, |visitor| csrf::masked(&visitor.csrf, rng)),
            face: incoming.face,
            path: path.to_owned(),
            fetched,
            request: incoming.id,
            now: incoming.at,
            place: "",
            visitor,
        }))
    }

    pub(crate) fn guest(incoming: &Incoming, guest: Prefers) -> Self {
        Self(Arc::new(Frame {
            language: guest.language,
            theme: guest.theme,
            visitor: None,
            face: &DOOR,
            csrf: String::new(),
            path: "/".to_owned(),
            fetched: false,
            request: incoming.id,
            now: incoming.at,
            place: "",
        }))
    }

    /// A view made of these parts, for tests and for pages outside a request.
    #[must_use]
    pub fn new(frame: Frame) -> Self {
        Self(Arc::new(frame))
    }

    /// The same view at a place of the navigation.
    #[must_use]
    pub fn at(&self, place: &'static str) -> Self {
        let mut frame = Frame::clone(&self.0);
        frame.place = place;
        Self(Arc::new(frame))
    }

    /// A whole page.
    pub fn page<T: Template>(&self, template: T) -> Page<T> {
        Page::new(self.clone(), template)
    }

    /// A piece of a page, for htmx.
    pub fn part<T: Template>(&self, template: T) -> Part<T> {
        Part::new(self.clone(), template)
    }

    /// The themes to choose from.
    #[must_use]
    pub const fn themes(&self) -> [Theme; 3] {
        Theme::ALL
    }

    /// Whether `item` is where the page is.
    #[must_use]
    pub fn is_at(&self, item: &NavItem) -> bool {
        item.place == self.place
    }

    /// Whether the visitor sees `item`.
    #[must_use]
    pub fn sees(&self, item: &NavItem) -> bool {
        match (item.needs, &self.visitor) {
            (None, _) => true,
            (Some(needed), Some(visitor)) => visitor.has(needed),
            (Some(_), None) => false,
        }
    }

    /// Whether an employee looks at a customer's page.
    #[must_use]
    pub fn looks(&self) -> bool {
        let visitor = self.visitor.as_ref();
        visitor.is_some_and(|visitor| visitor.look.is_some() && visitor.customer.is_some())
    }

    /// Whether the visitor sees any item of the group.
    #[must_use]
    pub fn sees_any(&self, items: &[NavItem]) -> bool {
        items.iter().any(|item| self.sees(item))
    }

    /// The count beside `item`, when there is one above zero.
    #[must_use]
    pub fn count(&self, item: &NavItem) -> Option<i64> {
        let visitor = self.visitor.as_ref()?;
        visitor
            .counts
            .get(item.place)
            .copied()
            .filter(|count| *count > 0)
    }
}

impl askama::Values for View {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == "view").then_some(self as &dyn Any)
    }
}
