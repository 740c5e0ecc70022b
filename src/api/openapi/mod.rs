//! The OpenAPI 3.1 document, made of the same list that the routes are made of.

mod operation;
mod schemas;

use crate::book::Operation;
use crate::openapi::schemas::Schemas;
use serde_json::{Map, Value, json};
use wabe_kernel::Language;
use wabe_web::t;

/// The document speaks English; `api-…` messages and the commands' own descriptions are its texts.
fn text(id: &str) -> String {
    t(Language::En, id, &[])
}

/// A path as OpenAPI writes it: no mark on the part that may hold slashes.
pub(crate) fn plain(path: &str) -> String {
    path.replace("{*", "{")
}

/// The document of these operations.
pub(crate) fn document(operations: &[Operation]) -> Value {
    let mut schemas = Schemas::default();
    let mut paths: Map<String, Value> = Map::new();
    for one in operations {
        let described = operation::described(one, &mut schemas);
        let path = paths.entry(plain(one.path)).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(one.method.to_ascii_lowercase(), described);
        }
    }
    let own = operation::of_document();
    paths.insert(crate::DOCUMENT.to_owned(), json!({ "get": own }));
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Wabe", "version": "1", "description": text("api-doc-about") },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "wabe_",
                    "description": text("api-doc-bearer"),
                },
            },
            "parameters": operation::parameters(),
            "responses": operation::responses(),
            "schemas": schemas.finish(),
        },
    })
}
