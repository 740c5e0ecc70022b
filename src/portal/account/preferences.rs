//! `POST /preferences`: the language and the theme, from the menu on every page.

use axum::extract::State;
use axum::response::Response;

use wabe_access::Mode;
use wabe_identity::user::model::Theme as OwnTheme;
use wabe_identity::user::set_profile::SetProfile;
use wabe_identity::user::store as users;
use wabe_kernel::{Language, Secret};
use wabe_web::cookie::{self, SameSite};
use wabe_web::{Failure, Form, Guest, LocalPath, Needs, Routes, Theme, see_other};

use crate::{PORTAL, Portal};

/// How long a guest's choice lasts, in seconds.
const YEAR: i64 = 365 * 86_400;

pub(crate) fn routes() -> Routes<Portal> {
    Routes::new(&PORTAL).post("/preferences", Needs::Public, choose)
}

/// The theme as it is kept.
const fn kept(theme: Theme) -> OwnTheme {
    match theme {
        Theme::Auto => OwnTheme::Auto,
        Theme::Light => OwnTheme::Light,
        Theme::Dark => OwnTheme::Dark,
    }
}

async fn choose(
    guest: Guest,
    State(portal): State<Portal>,
    form: Form,
) -> Result<Response, Failure> {
    let language = form.get("language").parse::<Language>().ok();
    let theme = form.get("theme").parse::<Theme>().ok();
    let mut response = see_other(LocalPath::or_home(form.get("next")).as_str());
    let Some(visitor) = &guest.visitor else {
        remember(&mut response, cookie::LANGUAGE, language.map(Language::tag));
        remember(&mut response, cookie::THEME, theme.map(Theme::word));
        return Ok(response);
    };
    let mut tx = portal.gate.store().read().await?;
    let known = users::find(&mut tx, visitor.user).await?;
    tx.rollback().await?;
    let known = known.ok_or(Failure::LoginRequired)?;
    let command = SetProfile {
        name: known.name,
        language: language.unwrap_or(known.language),
        theme: theme.map_or(known.theme, kept),
    };
    Box::pin(portal.gate.run(&visitor.actor, command, Mode::Commit)).await?;
    Ok(response)
}

fn remember(response: &mut Response, name: &'static str, value: Option<&'static str>) {
    let Some(value) = value else { return };
    let set = cookie::set(name, &Secret::new(value), SameSite::Lax, Some(YEAR));
    cookie::append(response.headers_mut(), set);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_of_the_menu_is_kept_as_itself() {
        assert!(
            Theme::ALL
                .iter()
                .all(|theme| kept(*theme).word() == theme.word())
        );
    }
}
