//! One thing that is wrong with a request, and where.

use serde_json::{Value, json};
use wabe_kernel::Language;
use wabe_kernel::Problem as FieldProblem;
use wabe_web::{t, texts};

/// Where in a request something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A member of the JSON body.
    Body,
    /// A query parameter.
    Query,
    /// A header.
    Header,
    /// The path.
    Path,
    /// A package in the body; the place within it is an argument of the problem.
    Package,
}

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub(crate) struct Wrong {
    /// Where.
    pub(crate) place: Place,
    /// The field, parameter or header.
    pub(crate) name: String,
    /// What.
    pub(crate) problem: FieldProblem,
}

impl Wrong {
    /// Where in a package it is.
    fn spot(&self) -> &str {
        let place = self.problem.args.iter().find(|(name, _)| *name == "place");
        place.map_or("", |(_, place)| place.as_str())
    }

    /// As an item of `errors`. Members of the body are named by a JSON pointer (RFC 6901), as in
    /// RFC 9457, 3.
    pub(crate) fn to_json(&self, language: Language) -> Value {
        let (key, value) = match self.place {
            Place::Body if self.name.is_empty() => ("pointer", String::new()),
            Place::Body => ("pointer", pointer(&self.name)),
            Place::Query => ("parameter", self.name.clone()),
            Place::Header => ("header", self.name.clone()),
            Place::Path => ("path", self.name.clone()),
            Place::Package => ("place", self.spot().to_owned()),
        };
        json!({
            key: value,
            "field": self.name,
            "code": self.problem.code,
            "detail": said(language, &self.problem),
        })
    }
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The sentence for a field's problem: the one that forms show.
fn said(language: Language, problem: &FieldProblem) -> String {
    let known = texts::known_problem(language, problem);
    known.unwrap_or_else(|| t(language, "api-problem-other", &[]))
}
