//! The headers that every answer carries, whatever happened.

use crate::download::Sandboxed;
use crate::request::RequestId;
use http::Response;
use http::header::{self, HeaderName, HeaderValue};

/// Source: design part 9, bar 3.12 T1.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// Of what is only to be saved.
const SANDBOX: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

const PERMISSIONS: &str = "accelerometer=(), ambient-light-sensor=(), autoplay=(), battery=(), \
    bluetooth=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), \
    fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), \
    local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
    publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), web-share=(), \
    xr-spatial-tracking=()";

/// Marks a response whose body never changes under its address: a hashed asset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Immutable;

/// Sets them, replacing whatever a handler thought of. Bar 3.12 T2, T7.
pub(crate) fn harden<B>(response: &mut Response<B>, id: RequestId) {
    let immutable = response.extensions().get::<Immutable>().is_some();
    let policy = match response.extensions().get::<Sandboxed>() {
        Some(Sandboxed) => SANDBOX,
        None => POLICY,
    };
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 8] = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=63072000; includeSubDomains",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let caching = if immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(id) = HeaderValue::from_str(&format!("{} {id}", id.short())) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}
