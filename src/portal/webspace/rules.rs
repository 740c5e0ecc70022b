//! `/webspaces/{id}/rules`: redirects, pages for errors, HSTS, size of uploads, the server or an application elsewhere,
//! protected folders.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use serde_json::Value;
use wabe_access::{AnyCommand, Command, Mode, Permission};
use wabe_hosting::webspace::{
    ProtectFolder, SetErrorPages, SetHsts, SetProxy, SetRedirects, SetServer, SetUploadSize,
    UnprotectFolder, Webspace,
};
use wabe_kernel::content::{ContentError, RuleFile};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{
    ErrorPages, FormState, Hsts, Language, Quota, SiteRedirects, SiteServer, Upstream, fields,
};
use wabe_web::filters;
use wabe_web::{
    Choice, DiffRow, Failure, Form, Member, Message, Needs, Page, Path, Query, Routes, format,
    see_other, size_text,
};

use crate::carry_out::carry_out;
use crate::files::failure;
use crate::reading::with_field;
use crate::refused::Refused;
use crate::undo::done_path;
use crate::webspace::together::{Over, again, differing, save as save_together};
use crate::webspace::{Frame, PLACE, frame_after, frame_only, path};
use crate::{PORTAL, Portal};

/// What nobody sees again.
const SECRETS: &[&str] = &["password"];

fields! {
    /// What the form holds; each field belongs to a command of its own.
    pub struct Rules {
        /// Where visitors are sent on.
        pub redirects: SiteRedirects,
        /// The site's own pages for errors.
        pub error_pages: ErrorPages,
        /// How long browsers keep to HTTPS.
        pub hsts: Hsts,
        /// The most that is uploaded at once.
        pub upload_bytes: Option<Quota>,
        /// What answers for the site.
        pub server: Option<SiteServer>,
        /// The application elsewhere that answers in place of its files.
        pub proxy: Option<Upstream>,
    }
}

/// The tab of rules.
#[derive(Template)]
#[template(path = "portal/webspace/rules.html")]
pub(crate) struct RulesPage {
    /// The frame.
    pub(crate) frame: Frame,
    /// Whether the server takes uploads and keeps anybody out of folders.
    pub(crate) has_nginx: bool,
    /// Files of rules for Apache, which nginx does not read.
    pub(crate) rule_files: Vec<RuleFile>,
    /// How long browsers may keep to HTTPS.
    pub(crate) hsts: Vec<Choice>,
    /// What may answer for the site; nothing where there is no choice.
    pub(crate) servers: Vec<Choice>,
    /// The form, and what is said above it.
    pub(crate) over: Over,
}

impl RulesPage {
    fn new((portal, member): (&Portal, &Member), frame: Frame, over: Over) -> Self {
        let choice = |hsts: Hsts| Choice {
            value: hsts.to_string(),
            title: hsts_text(member.language, hsts.word()),
            text: String::new(),
        };
        let server = |server: SiteServer| Choice {
            value: server.to_string(),
            title: server_text(member.language, server.word()),
            text: String::new(),
        };
        // Whoever has it can be without it also where it is not offered any more.
        let is_open = portal.house().apache || frame.web.server == SiteServer::Apache;
        let servers = SiteServer::ALL.into_iter().filter(|_| is_open).map(server);
        Self {
            servers: servers.collect(),
            frame,
            has_nginx: portal.house().nginx,
            rule_files: Vec::new(),
            hsts: Hsts::ALL.into_iter().map(choice).collect(),
            over,
        }
    }
}

fn hsts_text(language: Language, word: &str) -> String {
    Message::new(language, format!("webspace-hsts-{word}")).to_string()
}

fn server_text(language: Language, word: &str) -> String {
    Message::new(language, format!("webspace-server-{word}")).to_string()
}

impl RulesPage {
    /// Whether files of rules are read.
    fn reads_rule_files(&self) -> bool {
        self.frame.web.server == SiteServer::Apache
    }
}

pub(crate) fn routes() -> Routes<Portal> {
    let write = Needs::Permission(Permission::WebspaceWrite);
    Routes::new(&PORTAL)
        .get("/webspaces/{id}/rules", write, rules)
        .id("web")
        .post("/webspaces/{id}/rules", write, save)
        .id("web")
        .post("/webspaces/{id}/rules/folders", write, protect)
        .id("web")
        .post("/webspaces/{id}/rules/folders/remove", write, unprotect)
        .id("web")
}

/// The form as the webspace is.
fn standing(language: Language, web: &Webspace) -> FormState {
    let size = web.upload_bytes.map(|bytes| size_text(language, bytes));
    FormState::new()
        .with("redirects", web.redirects.to_string())
        .with("error_pages", web.error_pages.to_string())
        .with("hsts", web.hsts.to_string())
        .with("upload_bytes", size.unwrap_or_default())
        .with("server", web.server.to_string())
        .with(
            "proxy",
            web.proxy
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        )
}

async fn rules(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    query: Query,
) -> Result<Page<RulesPage>, Failure> {
    let frame = frame_after(&portal, (&member, &query), (id, "rules")).await?;
    let form = standing(member.language, &frame.web);
    let mut page = RulesPage::new((&portal, &member), frame, form.into());
    if page.has_nginx {
        page.rule_files = rule_files(&portal, &member, id).await?;
    }
    Ok(member.at(PLACE).page(page))
}

/// Files of rules that nginx does not read; none before there are any files.
async fn rule_files(
    portal: &Portal,
    member: &Member,
    id: WebspaceId,
) -> Result<Vec<RuleFile>, Failure> {
    portal
        .note_access(member, "file.list", &id.to_string())
        .await?;
    match portal.files.rule_files(id).await {
        Ok(files) => Ok(files),
        Err(ContentError::NotFound) => Ok(Vec::new()),
        Err(error) => Err(failure(error)),
    }
}

async fn save(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    let frame = frame_only(&portal, &member, id, "rules").await?;
    let wanted = form.parse::<Rules>(&[]).map(|rules| {
        let rules = beside_what_was_sent(rules, &form, &frame.web);
        commands(&frame.web, rules)
    });
    let back = format!("{}/rules", path(id));
    save_together(
        (&portal, &member),
        (&form, &back),
        wanted,
        |before, after| rows(member.language, before, after),
        |over| RulesPage::new((&portal, &member), frame, over),
    )
    .await
}

/// Carries out a command on a folder and shows the tab again.
async fn change<C: Command>(
    portal: &Portal,
    member: &Member,
    id: WebspaceId,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    match carry_out::<C>(portal, member, &form, SECRETS, Mode::Commit).await? {
        Ok(done) => Ok(see_other(&done_path(
            &format!("{}/rules", path(id)),
            done.change,
        ))),
        Err(refused) => {
            let frame = frame_only(portal, member, id, "rules").await?;
            let refused = beside(member.language, &frame.web, refused);
            let page = |over| RulesPage::new((portal, member), frame, over);
            Ok(again(member, page, refused))
        }
    }
}

async fn protect(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    change::<ProtectFolder>(&portal, &member, id, form).await
}

async fn unprotect(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<WebspaceId>,
    form: Form,
) -> Result<Response, Failure> {
    change::<UnprotectFolder>(&portal, &member, id, form).await
}

/// The form of a folder that was refused, beside the other form as the webspace is.
fn beside(language: Language, web: &Webspace, refused: Refused) -> Refused {
    Refused {
        form: refused.form.beside(standing(language, web)),
        note: refused.note,
    }
}

/// What a form does not hold stays: without nginx there is no field for the size of uploads, and what the
/// webspace had is good again once there is one. Nor is there one for an application elsewhere where there can be none.
fn beside_what_was_sent(mut rules: Rules, form: &Form, web: &Webspace) -> Rules {
    if !form.fields.contains_key("upload_bytes") {
        rules.upload_bytes = web.upload_bytes.and_then(Quota::new);
    }
    if !form.fields.contains_key("proxy") {
        rules.proxy.clone_from(&web.proxy);
    }
    rules
}

/// The commands for what differs.
fn commands(web: &Webspace, rules: Rules) -> Vec<Box<dyn AnyCommand>> {
    let mut commands: Vec<Box<dyn AnyCommand>> = Vec::new();
    let (id, hsts) = (web.id, rules.hsts);
    if rules.redirects != web.redirects {
        let redirects = rules.redirects;
        commands.push(Box::new(SetRedirects { id, redirects }));
    }
    if rules.error_pages != web.error_pages {
        let error_pages = rules.error_pages;
        commands.push(Box::new(SetErrorPages { id, error_pages }));
    }
    if hsts != web.hsts {
        commands.push(Box::new(SetHsts { id, hsts }));
    }
    if rules.upload_bytes.map(Quota::bytes) != web.upload_bytes {
        let upload_bytes = rules.upload_bytes;
        commands.push(Box::new(SetUploadSize { id, upload_bytes }));
    }
    // Without a choice there is no field for it.
    if let Some(server) = rules.server.filter(|server| *server != web.server) {
        commands.push(Box::new(SetServer { id, server }));
    }
    if rules.proxy != web.proxy {
        commands.push(Box::new(SetProxy::new(id, rules.proxy)));
    }
    commands
}

/// What the rules are before and after.
fn rows(language: Language, before: &Value, after: &Value) -> Vec<DiffRow> {
    let fields = [
        ("redirects", "webspace-redirects"),
        ("error_pages", "webspace-error-pages"),
        ("hsts", "webspace-hsts"),
        ("upload_bytes", "webspace-upload"),
        ("server", "webspace-server"),
        ("proxy", "webspace-proxy"),
    ];
    let fields = fields.map(|(key, text)| (key, text.to_owned()));
    differing(
        language,
        (before, after),
        fields,
        |key, value| match value {
            Value::Number(number) => number.as_i64().map(|size| format::bytes(language, size)),
            Value::String(word) if key == "server" => Some(server_text(language, word)),
            Value::String(upstream) if key == "proxy" => Some(upstream.clone()),
            Value::String(word) => Some(hsts_text(language, word)),
            Value::Array(rules) => {
                let rules: Vec<&str> = rules.iter().filter_map(Value::as_str).collect();
                Some(rules.join("; ")).filter(|rules| !rules.is_empty())
            }
            _ => None,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webspace::samples;
    use wabe_kernel::State;

    /// The names of the commands for a form with these fields.
    fn names(fields: &[(&str, &str)]) -> Vec<&'static str> {
        let mut web = samples::web(State::Live);
        web.upload_bytes = Some(20_000_000);
        let fields = fields.iter();
        let fields = fields.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let form = Form {
            fields: fields.collect(),
        };
        let rules = form.parse::<Rules>(&[]).unwrap();
        let rules = beside_what_was_sent(rules, &form, &web);
        let commands = commands(&web, rules);
        commands.iter().map(|command| command.name()).collect()
    }

    #[test]
    fn a_form_without_the_size_of_uploads_leaves_it() {
        let standing = standing(Language::De, &samples::web(State::Live));
        let value = |name| standing.value(name).to_owned();
        let (redirects, pages, hsts) = (value("redirects"), value("error_pages"), value("hsts"));
        let other = [
            ("redirects", redirects.as_str()),
            ("error_pages", pages.as_str()),
            ("hsts", hsts.as_str()),
        ];
        assert!(names(&other).is_empty());
        let emptied = [other.as_slice(), &[("upload_bytes", "")]].concat();
        assert_eq!(names(&emptied), [SetUploadSize::NAME]);
    }

    #[test]
    fn a_form_without_the_server_leaves_it_and_one_that_says_the_same_changes_nothing() {
        let standing = standing(Language::En, &samples::web(State::Live));
        let value = |name| standing.value(name).to_owned();
        let (redirects, hsts) = (value("redirects"), value("hsts"));
        let other = [("redirects", redirects.as_str()), ("hsts", hsts.as_str())];
        assert!(names(&other).is_empty());
        let said = |word| names(&[other.as_slice(), &[("server", word)]].concat());
        assert!(said("nginx").is_empty());
        assert_eq!(said("apache"), [SetServer::NAME]);
    }

    #[test]
    fn a_form_without_an_application_elsewhere_leaves_it_and_an_empty_field_takes_it_away() {
        let mut web = samples::web(State::Live);
        web.proxy = Some("https://app.example.org".parse().unwrap());
        let kept = |fields: &[(&str, &str)]| {
            let fields = fields.iter();
            let fields = fields.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
            let form = Form {
                fields: fields.collect(),
            };
            let rules = form.parse::<Rules>(&[]).unwrap();
            beside_what_was_sent(rules, &form, &web).proxy
        };
        assert_eq!(kept(&[("hsts", "off")]), web.proxy);
        assert_eq!(kept(&[("hsts", "off"), ("proxy", "")]), None);
        let other = kept(&[("hsts", "off"), ("proxy", " http://b.example.org:81/ ")]);
        assert_eq!(other.unwrap().to_string(), "http://b.example.org:81");
        assert_eq!(
            names(&[("hsts", "month"), ("proxy", "")]),
            [SetRedirects::NAME]
        );
    }
}
