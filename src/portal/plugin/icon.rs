//! Icons of plugins, each under an address of its own.
//!
//! An icon was cut down to shapes when it was uploaded; the page shows it as a picture, so that
//! nothing of it becomes part of the page.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use wabe_automation::plugin::{PluginVersion, catalogue_entry};
use wabe_kernel::id::InstallationId;
use wabe_package::PluginName;
use wabe_web::{Failure, Member, Path};

use crate::Portal;
use crate::plugin::find;

pub(super) async fn of_catalogue(
    member: Member,
    State(portal): State<Portal>,
    Path(name): Path<PluginName>,
) -> Result<Response, Failure> {
    let (mut tx, scope) = portal.read(&member).await?;
    let version = catalogue_entry(&mut tx, &scope, name.as_str(), None).await?;
    tx.rollback().await?;
    picture(&version)
}

pub(super) async fn of_installation(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<InstallationId>,
) -> Result<Response, Failure> {
    let found = find(&portal, &member, id).await?;
    picture(&found.version)
}

fn picture(version: &PluginVersion) -> Result<Response, Failure> {
    let svg = version.icon.clone().ok_or(Failure::NotFound)?;
    let mut response = inked(&svg).into_response();
    let kind = HeaderValue::from_static("image/svg+xml; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// A picture cannot take the page's colour: what asks for it gets the one of our own icons.
fn inked(svg: &str) -> String {
    svg.replace("currentColor", "#855400")
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_asks_for_the_pages_colour_gets_ours() {
        let svg = "<svg stroke=\"currentColor\" fill=\"none\"></svg>";
        assert_eq!(
            super::inked(svg),
            "<svg stroke=\"#855400\" fill=\"none\"></svg>"
        );
    }
}
