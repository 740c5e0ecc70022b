//! What a page's script needs for a passkey, as JSON. What it sends back stands in the fields of forms.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde_json::{Value, json};

use wabe_identity::passkey::assertion::Asking;
use wabe_identity::passkey::{ALGORITHMS, user_handle};
use wabe_kernel::id::UserId;

/// Where the script asks for what proves a session.
pub(crate) const PROVE_OPTIONS: &str = "/prove/passkey";

fn answer(asking: &Asking, more: &Value) -> Response {
    let verification = if asking.verified {
        "required"
    } else {
        "preferred"
    };
    let mut said = json!({
        "challenge": asking.challenge,
        "keys": asking.keys,
        "verification": verification,
    });
    if let (Some(said), Some(more)) = (said.as_object_mut(), more.as_object()) {
        said.extend(more.clone());
    }
    written(&said)
}

fn written(said: &Value) -> Response {
    let mut response = said.to_string().into_response();
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// There is nothing here (any more) that a passkey could do.
pub(crate) fn nothing() -> Response {
    written(&Value::Null)
}

/// What is to be signed, and by which keys.
pub(crate) fn to_sign(asking: &Asking) -> Response {
    answer(asking, &Value::Null)
}

/// What a new key is made of, for whom, and which authenticators have one already.
pub(crate) fn to_create(asking: &Asking, user: UserId, (email, name): (&str, &str)) -> Response {
    let user = json!({ "id": user_handle(user), "name": email, "display": name });
    answer(asking, &json!({ "user": user, "algorithms": ALGORITHMS }))
}
