//! The only way to register a route: method, path, what it needs, handler.
//!
//! Invariants: a path without a declaration cannot exist; the table that tests read is the table that
//! is enforced; one route, one entry. Clippy refuses axum's own `Router::route` everywhere else.

use crate::admit;
use crate::errors::{Renderer, not_found, wrong_method};
use crate::face::{Area, Face};
use crate::layers;
use crate::rate::Cost;
use crate::web::Web;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::routing::{MethodFilter, MethodRouter, on};
use std::sync::Arc;
use wabe_access::Permission;

/// What a request must bring to reach a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing; the session is still read, so that a page can know who looks at it.
    Public,
    /// Nothing, and nobody is looked up: assets and health.
    Asset,
    /// Any logged-in person.
    Session,
    /// A logged-in person in the portal, with a customer or still without: not staff at their desk.
    Portal,
    /// A logged-in person with a customer.
    Member,
    /// A logged-in person who holds this in their present customer.
    Permission(Permission),
    /// A member of staff who holds this.
    Staff(Permission),
    /// A valid API token, with this scope when one is named. Cookies are not read.
    Token(Option<Permission>),
}

/// One route, as tests and documents read it.
#[derive(Debug, Clone, Copy)]
pub struct RouteInfo {
    /// The method, upper case.
    pub method: &'static str,
    /// The path in axum's form: `/mailboxes/{id}`.
    pub path: &'static str,
    /// What it needs.
    pub needs: Needs,
    /// Whose frame it has.
    pub face: &'static Face,
    /// Who it is made for.
    pub area: Area,
    /// The prefix of the id in its path (`mbx`), when there is one: the matrix tries foreign ids.
    pub id_kind: Option<&'static str>,
    /// What it costs.
    pub cost: Cost,
    /// Whether the deadline and the size limit of ordinary requests do not bind it: uploads, live
    /// streams.
    pub endless: bool,
    /// Whether programs may use it that do not say where a request comes from.
    pub programs: bool,
}

struct Route<S> {
    info: RouteInfo,
    handler: MethodRouter<S>,
}

/// The routes of a room. Methods that add one give back the whole; `.id("mbx")`, `.cost(…)`,
/// `.endless()` and `.programs()` speak about the route added last.
pub struct Routes<S> {
    face: &'static Face,
    list: Vec<Route<S>>,
    renderers: Vec<(&'static str, Renderer)>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet, in this face.
    #[must_use]
    pub const fn new(face: &'static Face) -> Self {
        Self {
            face,
            list: Vec::new(),
            renderers: Vec::new(),
        }
    }

    /// Reads something. Also answers HEAD. Never changes state.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add("GET", path, needs, on(MethodFilter::GET, handler))
    }

    /// Changes something.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add("POST", path, needs, on(MethodFilter::POST, handler))
    }

    /// Replaces something.
    #[must_use]
    pub fn put<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add("PUT", path, needs, on(MethodFilter::PUT, handler))
    }

    /// Changes part of something.
    #[must_use]
    pub fn patch<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add("PATCH", path, needs, on(MethodFilter::PATCH, handler))
    }

    /// Removes something.
    #[must_use]
    pub fn delete<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add("DELETE", path, needs, on(MethodFilter::DELETE, handler))
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        needs: Needs,
        handler: MethodRouter<S>,
    ) -> Self {
        let cost = match (method, needs) {
            (_, Needs::Asset) => Cost::Free,
            ("GET", _) => Cost::Light,
            _ => Cost::Normal,
        };
        let (face, area) = (self.face, self.face.area);
        let info = RouteInfo {
            method,
            path,
            needs,
            face,
            area,
            id_kind: None,
            cost,
            endless: false,
            programs: false,
        };
        self.list.push(Route { info, handler });
        self
    }

    /// The route added last has an id of this kind in its path.
    #[must_use]
    pub fn id(self, prefix: &'static str) -> Self {
        self.last(|info| info.id_kind = Some(prefix))
    }

    /// The route added last costs this.
    #[must_use]
    pub fn cost(self, cost: Cost) -> Self {
        self.last(|info| info.cost = cost)
    }

    /// The route added last may take as long and send as much as its handler allows.
    #[must_use]
    pub fn endless(self) -> Self {
        self.last(|info| info.endless = true)
    }

    /// The route added last also takes requests that do not say where they come from, as programs send
    /// them. For ways in and out alone; everything else has an API. Source: ADR 0006.
    #[must_use]
    pub fn programs(self) -> Self {
        self.last(|info| info.programs = true)
    }

    fn last(mut self, change: impl FnOnce(&mut RouteInfo)) -> Self {
        if let Some(route) = self.list.last_mut() {
            change(&mut route.info);
        }
        self
    }

    /// Failures under `prefix` become responses through `render` instead of the error page.
    #[must_use]
    pub fn failures(mut self, prefix: &'static str, render: Renderer) -> Self {
        self.renderers.push((prefix, render));
        self
    }

    /// These and those; each keeps its face.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self.renderers.extend(other.renderers);
        self
    }

    /// Every route, in the order of registration.
    #[must_use]
    pub fn table(&self) -> Vec<RouteInfo> {
        self.list.iter().map(|route| route.info).collect()
    }

    /// The router: assets and these routes, each behind what it needs, with headers, error pages,
    /// limits and compression around everything.
    ///
    /// # Panics
    /// Two routes with the same method and path: a mistake of the program, seen at the first start.
    pub fn into_router(self, web: Arc<Web>, state: S) -> Router {
        let mut router = Router::new();
        for route in self.list {
            router = register(router, route);
        }
        router = register(router, asset_route());
        let router = router
            .method_not_allowed_fallback(wrong_method)
            .fallback(not_found)
            .with_state(state);
        layers::around(router, web, self.renderers.into())
    }
}

fn asset_route<S: Clone + Send + Sync + 'static>() -> Route<S> {
    let routes = Routes::new(&crate::face::DOOR);
    let mut routes = routes
        .get("/assets/{*name}", Needs::Asset, crate::assets::serve)
        .list;
    routes.remove(0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where routes are registered"
)]
fn register<S: Clone + Send + Sync + 'static>(router: Router<S>, route: Route<S>) -> Router<S> {
    let Route { info, handler } = route;
    let wall = move |request: Request, next: Next| admit::admit(info, request, next);
    let handler = handler.route_layer(middleware::from_fn(wall));
    // Around the wall, which reads the beginning of a form with files itself.
    let handler = if info.endless {
        handler.layer(DefaultBodyLimit::disable())
    } else {
        handler
    };
    router.route(info.path, handler)
}
