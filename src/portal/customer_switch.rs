//! `GET /customers`, `POST /customers/{id}/switch`: working in another customer of one's own.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_access::{Role, customer, member};
use wabe_kernel::id::CustomerId;
use wabe_web::filters;
use wabe_web::session::initials;
use wabe_web::{Arrival, Failure, Needs, Path, Person, Routes, cookie, see_other};

use crate::proof::session_cookie;
use crate::{PORTAL, Portal};

/// One of somebody's customers.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Which one.
    pub id: CustomerId,
    /// The speakable number.
    pub number: String,
    /// The name.
    pub name: String,
    /// One or two letters.
    pub initials: String,
    /// What the person is there.
    pub role: Role,
    /// Whether the hoster switched it off.
    pub suspended: bool,
    /// Whether they work there now.
    pub present: bool,
}

/// Somebody's customers.
#[derive(Template)]
#[template(path = "portal/account/customers.html")]
pub(crate) struct CustomersPage {
    /// The customers.
    pub places: Vec<Place>,
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL)
        .get("/customers", Needs::Portal, list)
        .post("/customers/{id}/switch", Needs::Portal, switch)
        .id("cus")
}

async fn list(person: Person, State(portal): State<Portal>) -> Result<Response, Failure> {
    let present = person.visitor.customer.as_ref().map(|customer| customer.id);
    let mut tx = portal.gate.store().read().await?;
    let mut places = Vec::new();
    for (id, role) in member::of_user(&mut tx, person.visitor.user).await? {
        if let Some(found) = customer::find(&mut tx, id).await? {
            places.push(Place {
                id,
                number: found.number.to_string(),
                initials: initials(&found.name),
                name: found.name,
                role,
                suspended: found.suspended_reason.is_some(),
                present: present == Some(id),
            });
        }
    }
    tx.rollback().await?;
    places.sort_by_key(|place| place.name.to_lowercase());
    Ok(person.page(CustomersPage { places }).into_response())
}

async fn switch(
    State(portal): State<Portal>,
    arrival: Arrival,
    Path(id): Path<CustomerId>,
) -> Result<Response, Failure> {
    let token = arrival.session().ok_or(Failure::LoginRequired)?;
    let found = portal.identity.find_session(token.expose()).await?;
    let session = found.ok_or(Failure::LoginRequired)?;
    let token = portal.identity.switch_customer(&session, id).await?;
    let mut response = see_other("/");
    cookie::append(
        response.headers_mut(),
        session_cookie(&token, session.staff),
    );
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use wabe_kernel::macros::uuid::Uuid;
    use wabe_web::{Face, Sample, Visitor};

    impl Sample for CustomersPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let place = |id: u128, suspended, present| Place {
                id: CustomerId::from_uuid(Uuid::from_u128(id)),
                number: format!("K1023{id}"),
                name: "Bäckerei Sonnenkorn <& Söhne> Handwerksbetriebe GmbH".to_owned(),
                initials: "BS".to_owned(),
                role: Role::DatabaseManager,
                suspended,
                present,
            };
            let places = vec![
                place(1, false, true),
                place(2, true, false),
                place(3, false, false),
            ];
            vec![Self { places }, Self { places: Vec::new() }]
        }
    }

    #[test]
    fn the_list_of_ones_customers_is_whole() {
        assert_eq!(
            wabe_web::check::check_samples::<CustomersPage>(),
            Vec::<String>::new()
        );
    }
}
