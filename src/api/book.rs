//! The list of operations: each entry is a route and its description at once.

use crate::Api;
use crate::call::Call;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use schemars::Schema;
use wabe_access::{CommandSpec, Permission};
use wabe_web::{Cost, Needs, Routes};

/// What a handler says.
pub(crate) type Answer = Result<Response, Problem>;

/// What a request carries in its body.
#[derive(Clone, Copy)]
pub(crate) enum Sends {
    /// Nothing.
    Nothing,
    /// The fields of the operation's commands as a JSON object.
    Fields,
    /// A JSON object.
    Json(fn() -> Schema),
    /// Bytes as they are.
    Bytes,
}

/// What an operation answers when it succeeds.
#[derive(Clone, Copy)]
pub(crate) enum Answers {
    /// Nothing: 204.
    Nothing,
    /// A JSON value.
    Json(u16, fn() -> Schema),
    /// A page of JSON values.
    List(fn() -> Schema),
    /// Bytes of this kind.
    Bytes(&'static str),
}

/// One method of one path.
#[derive(Clone)]
pub(crate) struct Operation {
    /// Its name in the document: `webspace_create`. The summary of an operation without commands is
    /// the message `api-op-{id}`, with hyphens.
    pub(crate) id: String,
    /// The method, upper case.
    pub(crate) method: &'static str,
    /// The path as axum writes it.
    pub(crate) path: &'static str,
    /// What the token needs; any valid token when absent.
    pub(crate) permission: Option<Permission>,
    /// The prefix of the id in the path.
    pub(crate) id_kind: Option<&'static str>,
    /// The commands behind it; none for reads and content.
    pub(crate) specs: Vec<CommandSpec>,
    /// What it is sent.
    pub(crate) sends: Sends,
    /// What it answers.
    pub(crate) answers: Answers,
    /// The query parameters it knows; every other one is refused.
    pub(crate) query: &'static [&'static str],
    /// An example of the body, as JSON.
    pub(crate) example: &'static str,
    /// What it costs.
    pub(crate) cost: Cost,
    /// Whether it streams, waits, or takes more than a JSON body may have.
    pub(crate) endless: bool,
}

impl Operation {
    /// A read.
    pub(crate) fn get(
        id: &str,
        path: &'static str,
        permission: Permission,
        answers: Answers,
    ) -> Self {
        Self {
            id: id.to_owned(),
            method: "GET",
            path,
            permission: Some(permission),
            id_kind: None,
            specs: Vec::new(),
            sends: Sends::Nothing,
            answers,
            query: &[],
            example: "",
            cost: Cost::Light,
            endless: false,
        }
    }

    /// The same with another method, and what it is sent.
    pub(crate) fn by(mut self, method: &'static str, sends: Sends) -> Self {
        (self.method, self.sends, self.cost) = (method, sends, Cost::Normal);
        self
    }

    /// The same with an id of this kind in its path.
    pub(crate) const fn id(mut self, kind: &'static str) -> Self {
        self.id_kind = Some(kind);
        self
    }

    /// The same with these query parameters.
    pub(crate) const fn query(mut self, names: &'static [&'static str]) -> Self {
        self.query = names;
        self
    }

    /// The same with an example of its body.
    pub(crate) const fn example(mut self, json: &'static str) -> Self {
        self.example = json;
        self
    }

    /// The same, streaming or waiting.
    pub(crate) const fn endless(mut self) -> Self {
        self.endless = true;
        self
    }

    /// The same at this cost.
    pub(crate) const fn cost(mut self, cost: Cost) -> Self {
        self.cost = cost;
        self
    }
}

/// The routes and their descriptions, side by side.
pub(crate) struct Book {
    pub(crate) routes: Routes<Api>,
    pub(crate) operations: Vec<Operation>,
}

impl Book {
    /// An empty book.
    pub(crate) const fn new(routes: Routes<Api>) -> Self {
        Self {
            routes,
            operations: Vec::new(),
        }
    }

    /// Adds an operation with its handler. Whatever the handler refuses becomes a problem document in
    /// the caller's language.
    pub(crate) fn add<F, Fut>(mut self, operation: Operation, handler: F) -> Self
    where
        F: Fn(Api, Call) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Answer> + Send + 'static,
    {
        let known = operation.query;
        let run = move |State(api): State<Api>, call: Call| {
            let handler = handler.clone();
            async move {
                let voice = call.voice;
                let answered = match call.refuse_unknown(known) {
                    Ok(()) => Box::pin(handler(api, call)).await,
                    Err(problem) => Err(problem),
                };
                answered.unwrap_or_else(|problem| problem.render(&voice))
            }
        };
        let needs = Needs::Token(operation.permission);
        let (routes, path) = (self.routes, operation.path);
        let mut routes = match operation.method {
            "GET" => routes.get(path, needs, run),
            "PUT" => routes.put(path, needs, run),
            "PATCH" => routes.patch(path, needs, run),
            "DELETE" => routes.delete(path, needs, run),
            _ => routes.post(path, needs, run),
        };
        routes = routes.cost(operation.cost);
        if let Some(kind) = operation.id_kind {
            routes = routes.id(kind);
        }
        if operation.endless {
            routes = routes.endless();
        }
        self.routes = routes;
        self.operations.push(operation);
        self
    }
}
