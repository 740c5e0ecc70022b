//! The forms that pages show, who is shown them, and how a browser sends them.

use crate::browser::Browser;
use crate::client::Answer;
use crate::matrix::form::{Form, Kind, forms};
use crate::matrix::route::Route;
use crate::matrix::world::Side;
use crate::process::Panel;
use std::collections::BTreeMap;
use wabe_web::{Area, RouteInfo};

/// Whether an address is one of this route's.
fn leads_to(action: &str, info: &RouteInfo) -> bool {
    let path = action.split('?').next().unwrap_or("");
    let (mut asked, mut known) = (path.split('/'), info.path.split('/'));
    loop {
        match (asked.next(), known.next()) {
            (None, None) => return true,
            (Some(one), Some(other))
                if one == other || (other.starts_with('{') && !one.is_empty()) => {}
            _ => return false,
        }
    }
}

/// Whether a route is one of a page's form.
pub(super) fn changes(route: &Route) -> bool {
    route.info.method == "POST" && route.info.area != Area::Api
}

/// A form, and who was shown it.
pub(super) struct Found {
    pub(super) form: Form,
    by: usize,
    /// Whether its address is the one of the customer's own thing.
    own: bool,
}

/// Everybody who opens pages, and the token of their forms.
pub(super) struct People(Vec<(Area, Browser, String)>);

impl People {
    /// A guest, the owner, and whoever changes something at the desk.
    pub(super) async fn come(panel: &Panel, side: &Side) -> Self {
        let mut all = vec![(Area::Door, Browser::guest(panel), String::new())];
        let csrf = side.owner.token("/").await;
        all.push((Area::Portal, side.owner.clone(), csrf));
        for role in ["operator", "support", "privacy_officer", "management"] {
            let (email, password) = panel.account(role);
            let browser = Browser::logged_in(panel, (&email, &password)).await;
            let csrf = browser.token("/staff/account").await;
            all.push((Area::Staff, browser, csrf));
        }
        Self(all)
    }

    /// The forms that lead to each route with POST, from every page that any of them may open.
    pub(super) async fn forms(
        &self,
        side: &Side,
        routes: &[Route],
    ) -> BTreeMap<&'static str, Found> {
        let posts: Vec<&Route> = routes.iter().filter(|route| changes(route)).collect();
        let mut found: BTreeMap<&'static str, Found> = BTreeMap::new();
        for route in routes {
            let info = &route.info;
            if info.method != "GET" || info.area == Area::Api || info.endless {
                continue;
            }
            let page = route.own(side);
            for (by, (area, browser, _)) in self.0.iter().enumerate() {
                if (*area == Area::Staff) != (info.area == Area::Staff) {
                    continue;
                }
                let answer = browser.get(page.path()).await;
                let shown = answer.header("content-type").starts_with("text/html");
                if answer.status != 200 || !shown {
                    continue;
                }
                for form in forms(&answer.text()) {
                    let to = posts.iter().find(|post| leads_to(&form.action, &post.info));
                    let Some(post) = to else {
                        panic!("{} shows a form to {}", info.path, form.action);
                    };
                    let address = form.action.split('?').next();
                    let own = address == Some(post.own(side).path());
                    let known = found.get(post.info.path);
                    if known.is_none_or(|known| own && !known.own) {
                        found.insert(post.info.path, Found { form, by, own });
                    }
                }
            }
        }
        found
    }

    /// Sends a form with this typed into its fields; a file is only sent when it gets a name here. What is
    /// not named is as the page showed it.
    pub(super) async fn send(&self, found: &Found, typed: &BTreeMap<&str, String>) -> Answer {
        let (_, browser, csrf) = &self.0[found.by];
        let (mut fields, mut file) = (vec![("csrf".to_owned(), csrf.clone())], None);
        for field in &found.form.fields {
            let typed = typed.get(field.name.as_str());
            if field.kind == Kind::File {
                file = typed.map(|name| (field.name.as_str(), name.as_str()));
                continue;
            }
            let value = typed.or(field.value.as_ref());
            fields.extend(value.map(|value| (field.name.clone(), value.clone())));
        }
        let request = browser.request("POST", &found.form.action);
        let request = if found.form.parts {
            let kind = "multipart/form-data; boundary=edge";
            request
                .header("content-type", kind)
                .body(parts(&fields, file))
        } else {
            request.form(&fields)
        };
        browser.send(request).await
    }
}

/// A form that may carry files, as a browser sends it.
fn parts(fields: &[(String, String)], file: Option<(&str, &str)>) -> String {
    let part = |(name, value): &(String, String)| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let text: String = fields.iter().map(part).collect();
    let file = file.map_or_else(String::new, |(name, file)| {
        let marks = [("\"", "%22"), ("\r", "%0D"), ("\n", "%0A")];
        let file = marks.iter().fold(file.to_owned(), |file, (mark, sent)| {
            file.replace(mark, sent)
        });
        format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
             Content-Type: text/plain\r\n\r\na file\r\n"
        )
    });
    format!("{text}{file}--edge--\r\n")
}
