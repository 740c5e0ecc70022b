//! `GET /account/emergency-sheet`: what one needs on paper for the day one cannot get in. No secrets.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use wabe_identity::factor::store::Standing;
use wabe_identity::user::store as users;
use wabe_kernel::Timestamp;
use wabe_web::filters;
use wabe_web::{Failure, Needs, Person, Routes, see_other};

use crate::{PORTAL, Portal};

/// Where the page is.
pub(crate) const PAGE: &str = "/account/emergency-sheet";

/// The sheet.
#[derive(Template)]
#[template(path = "portal/account/emergency_sheet.html")]
pub(crate) struct SheetPage {
    /// Who the hoster is.
    pub hoster: String,
    /// Where the hoster is called; empty when nobody said.
    pub phone: String,
    /// The portal's address.
    pub portal_url: String,
    /// Number and name of the customer that the person works in.
    pub customer: Option<(String, String)>,
    /// What the person is called.
    pub name: String,
    /// What they log in with.
    pub email: String,
    /// Whether there is a second address.
    pub second_email: bool,
    /// What they have beside the password.
    pub standing: Standing,
    /// Whether they have a telephone PIN.
    pub phone_pin: bool,
    /// The moment of the sheet.
    pub now: Timestamp,
}

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL).get(PAGE, Needs::Session, show)
}

async fn show(person: Person, State(portal): State<Portal>) -> Result<Response, Failure> {
    if person.visitor.staff {
        return Ok(see_other("/staff/account"));
    }
    let user = person.visitor.user;
    let mut tx = portal.gate.store().read().await?;
    let known = users::find(&mut tx, user).await?;
    tx.rollback().await?;
    let known = known.ok_or(Failure::LoginRequired)?;
    let (standing, _) = portal.identity.factors(user).await?;
    let house = portal.house();
    let customer = person.visitor.customer.as_ref();
    let page = SheetPage {
        hoster: house.hoster.clone(),
        phone: house.hoster_phone.clone(),
        portal_url: house.portal_url.clone(),
        customer: customer.map(|found| (found.number.clone(), found.name.clone())),
        name: known.name.to_string(),
        email: known.email.to_string(),
        second_email: known.second_email.is_some(),
        standing,
        phone_pin: portal.identity.phone_pin(user).await?.is_some(),
        now: person.now,
    };
    Ok(person.page(page).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use wabe_web::check::check_samples;
    use wabe_web::{Face, Sample, Visitor};

    impl Sample for SheetPage {
        fn face() -> &'static Face {
            &PORTAL
        }

        fn visitor() -> Option<Visitor> {
            Some(samples::visitor())
        }

        fn samples() -> Vec<Self> {
            let page = |totp, codes, told: bool| Self {
                hoster: "Sonnenhost <GmbH> & Co. KG".to_owned(),
                phone: if told { "+49 30 1234567" } else { "" }.to_owned(),
                portal_url: "https://kundencenter.sonnenhost.example".to_owned(),
                customer: told.then(|| ("K10234".to_owned(), "Bäckerei <Sonnenkorn>".to_owned())),
                name: "Annemarie <Schmidt>-Rottluff".to_owned(),
                email: "annemarie.schmidt-rottluff@sonnenkorn-handwerk.example".to_owned(),
                second_email: told,
                standing: Standing {
                    totp,
                    passkeys: 0,
                    codes,
                },
                phone_pin: told,
                now: samples::NOW,
            };
            vec![
                page(true, 7, true),
                page(true, 0, false),
                page(false, 0, true),
            ]
        }
    }

    #[test]
    fn the_emergency_sheet_is_whole() {
        assert_eq!(check_samples::<SheetPage>(), Vec::<String>::new());
    }
}
