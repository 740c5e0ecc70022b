//! Samples of the webspace pages, and that they are sound.

use wabe_access::Limit;
use wabe_access::usage::Use;
use wabe_hosting::certificate::{CertificateStanding, Source};
use wabe_hosting::webspace::{AccessKey, Certificate, FolderAccess, NewUploadPassword, Webspace};
use wabe_kernel::certificate::OrderTrouble;
use wabe_kernel::content::{PhpStatus, RuleFile};
use wabe_kernel::id::{AccessKeyId, ChangeId, WebspaceId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{
    ErrorPages, Field, FormState, Hsts, PhpCeiling, PhpSettings, PhpValues, ResourceKind, SiteLog,
    SiteServer, State,
};
use wabe_web::check::check_samples;
use wabe_web::{Choice, DiffRow, Face, Sample, Tab, Visitor};

use crate::plan_use::UseBar;
use crate::recent::Recent;
use crate::samples::{NOW, condition, conflict, done, errors, standing, visitor};
use crate::webspace::Frame;
use crate::webspace::access::{AccessPage, KeyDeletePage, PasswordPage};
use crate::webspace::create::{CreatePage, CreatedPage};
use crate::webspace::hosts::HostsPage;
use crate::webspace::lifecycle::{DeletePage, SuspendPage};
use crate::webspace::list::ListPage;
use crate::webspace::log::LogPage;
use crate::webspace::overview::OverviewPage;
use crate::webspace::php::{Doing, PhpPage};
use crate::webspace::public_certificate::{OwnCertificatePage, PublicCertificate};
use crate::webspace::rules::RulesPage;
use crate::webspace::settings::SettingsPage;
use crate::webspace::together::{Over, Preview};

/// A webspace in this state, with the longest names there are.
pub(crate) fn web(state: State) -> Webspace {
    let host = |text: &str| text.parse().unwrap();
    let id = WebspaceId::from_uuid(Uuid::from_u128(state as u128 + 1));
    let application = "https://anwendung.bäckerei-sonnenkorn.example:8443";
    Webspace {
        id,
        name: "donaudampfschifffahrtsgesellschaft-shop".parse().unwrap(),
        preview_host: host("donaudampfschifffahrtsgesellschaft-shop.sites.example"),
        preview_url: "https://donaudampfschifffahrtsgesellschaft-shop.sites.example/".to_owned(),
        hosts: vec![
            host("bäckerei-sonnenkorn.example"),
            host("www.sonnenkorn.example"),
        ],
        url: "https://xn--bckerei-sonnenkorn-zqb.example/".to_owned(),
        document_root: "öffentlich/html".parse().unwrap(),
        quota_bytes: 20_000_000_000,
        used_bytes: 19_400_000_000,
        https_redirect: state == State::Live,
        full_addresses_until: (state == State::Updating).then(|| NOW.plus_days(7)),
        php: (state == State::Live).then(|| "8.2".parse().unwrap()),
        redirects: Field::from_text("301 /alt https://www.sonnenkorn.example/<neu>").unwrap(),
        error_pages: ErrorPages::default(),
        php_settings: PhpSettings::from_text("memory_limit = 256M\ndisplay_errors = on").unwrap(),
        hsts: Hsts::Month,
        server: SiteServer::Nginx,
        proxy: (state == State::Updating).then(|| application.parse().unwrap()),
        proxy_addresses: vec!["192.0.2.7".parse().unwrap(), "2001:db8::7".parse().unwrap()],
        proxy_trouble: (state == State::Updating).then(|| "silent".to_owned()),
        upload_bytes: (state == State::Live).then_some(128_000_000),
        folder_keys: vec![FolderAccess {
            folder: "intern/<b>".parse().unwrap(),
            user: "anna".parse().unwrap(),
        }],
        certificate: (state != State::Pending).then(|| Certificate {
            names: vec![host("bäckerei-sonnenkorn.example")],
            issuer: "Let's Encrypt <R11>".to_owned(),
            valid_until: NOW.plus_days(61),
        }),
        sftp: "sftp.hoster.example:2222".to_owned(),
        sftp_login: "donaudampfschifffahrtsgesellschaft-shop".to_owned(),
        has_upload_password: state == State::Live,
        standing: standing(state),
    }
}

/// A certificate of own domains from there, with this in the way of the next.
fn public(source: Option<Source>, failure: Option<OrderTrouble>) -> PublicCertificate {
    let own = source == Some(Source::Own);
    PublicCertificate {
        standing: CertificateStanding {
            source,
            own: own.then(|| ("Eine Stelle <R11>".to_owned(), NOW.plus_days(20))),
            renew_at: Some(NOW.plus_days(31)),
            failure,
            failure_host: failure.map(|_| "www.sonnenkorn.example".parse().unwrap()),
            next_at: Some(NOW.plus_days(1)),
        },
        orders: failure.is_some() || own,
        host: "bäckerei-sonnenkorn.example".to_owned(),
        now: NOW,
    }
}

/// The frame of a webspace in this state, at this tab.
pub(crate) fn frame(state: State, here: &'static str) -> Frame {
    let web = web(state);
    let tab = |key, text| Tab {
        href: format!("/webspaces/{}/{key}", web.id),
        text,
        key,
    };
    let tabs = vec![
        tab("overview", "webspace-tab-overview"),
        tab("files", "webspace-tab-files"),
        tab("hosts", "webspace-tab-hosts"),
        tab("access", "webspace-tab-access"),
        tab("cron", "webspace-tab-cron"),
        tab("log", "webspace-tab-log"),
        tab("php", "webspace-tab-php"),
        tab("rules", "webspace-tab-rules"),
        tab("settings", "webspace-tab-settings"),
    ];
    Frame {
        tabs,
        here,
        condition: condition(ResourceKind::Webspace, state),
        done: if state == State::Live {
            done("webspace-set-quota")
        } else {
            None
        },
        may_write: state != State::Pending,
        web,
        may_proxy: here == "rules",
    }
}

/// Two changes, one of which can be taken back.
pub(crate) fn recent() -> Vec<Recent> {
    let change = |number: u128, command: &str, by, undo: bool| {
        let id = ChangeId::from_uuid(Uuid::from_u128(number));
        let undo = undo.then(|| crate::undo::undo_path(id, "/"));
        let name = "<b>shop</b> & Söhne".to_owned();
        Recent {
            command: command.to_owned(),
            name,
            icon: "world",
            by,
            at: NOW,
            undo,
        }
    };
    vec![
        change(1, "webspace-create", "you", true),
        change(2, "domain-verify", "system", false),
    ]
}

/// Two bars, one of them too short.
pub(crate) fn plan() -> Vec<UseBar> {
    let webspaces = Use {
        limit: Limit::Webspaces,
        used: 10,
        max: 10,
    };
    let storage = Use {
        limit: Limit::StorageBytes,
        used: 18_400_000_000,
        max: 50_000_000_000,
    };
    vec![UseBar::of(webspaces, 1), UseBar::of(storage, 1_000_000_000)]
}

macro_rules! samples {
    ($page:ty => $samples:expr) => {
        impl Sample for $page {
            fn face() -> &'static Face {
                &crate::PORTAL
            }

            fn visitor() -> Option<Visitor> {
                Some(visitor())
            }

            fn samples() -> Vec<Self> {
                $samples
            }
        }
    };
}
pub(crate) use samples;

fn all_states<T>(of: impl Fn(State) -> T) -> Vec<T> {
    State::ALL.iter().map(|state| of(*state)).collect()
}

fn key() -> AccessKey {
    AccessKey {
        id: AccessKeyId::from_uuid(Uuid::nil()),
        webspace_id: web(State::Live).id,
        name: "Laptop <im> Büro der Donaudampfschifffahrtsgesellschaft".to_owned(),
        public_key: "ssh-ed25519 AAAA".to_owned(),
        fingerprint: "SHA256:uNiVztksCsDhcc0u9e8BrrJXVGDB7q3QQrtgvLAvK4I".to_owned(),
        created_at: NOW,
    }
}

samples!(ListPage => {
    let page = |rows: Vec<Webspace>, q: &str, next: &str| ListPage {
        rows,
        q: q.to_owned(),
        later: false,
        next: next.to_owned(),
        plan: plan().into_iter().take(1).collect(),
        done: done("webspace-delete"),
        may_write: true,
    };
    let all = all_states(web);
    vec![page(Vec::new(), "", ""), page(Vec::new(), "<sonne>", ""), page(all, "", "/webspaces?after=YQ")]
});

samples!(CreatePage => {
    let page = |form, note| CreatePage {
        form,
        note,
        domains: vec!["bäckerei.example".to_owned()],
        plan: plan(),
    };
    vec![
        page(FormState::new().with("quota_bytes", "1 GB"), None),
        page(errors("name", "name-taken"), None),
        page(errors("domain", "host-taken"), conflict()),
    ]
});

samples!(CreatedPage => vec![CreatedPage {
    web: web(State::Pending),
    password: "abcd-efgh-jkmn-pqrs-tuvw".to_owned(),
    done: done("webspace-create"),
}]);

samples!(OverviewPage => {
    let page = |state| OverviewPage { frame: frame(state, "overview"), recent: recent(), may_files: true };
    let mut pages = all_states(page);
    pages.push(OverviewPage { frame: frame(State::Live, "overview"), recent: Vec::new(), may_files: false });
    pages
});

samples!(HostsPage => {
    let page = |state, form, note| HostsPage {
        frame: frame(state, "hosts"),
        form,
        note,
        domains: vec!["bäckerei.example".to_owned()],
        public: Some(public(None, None)),
    };
    let mut stand = Vec::new();
    for source in [None, Some(Source::Own), Some(Source::Ordered)] {
        for trouble in [None, Some(OrderTrouble::NotReached), Some(OrderTrouble::Forbidden)] {
            let mut page = page(State::Live, FormState::new(), None);
            page.public = Some(public(source, trouble));
            stand.push(page);
        }
    }
    let mut alone = page(State::Live, FormState::new(), None);
    alone.frame.web.hosts.clear();
    alone.public = None;
    stand.extend([
        page(State::Live, FormState::new(), None),
        page(State::Updating, errors("host", "domain-not-yours"), conflict()),
        page(State::Pending, FormState::new(), None),
        alone,
    ]);
    stand
});

samples!(OwnCertificatePage => {
    let page = |form, note| OwnCertificatePage { frame: frame(State::Live, "hosts"), form, note };
    vec![
        page(FormState::new(), None),
        page(errors("certificate", "certificate-order"), conflict()),
        page(errors("private_key", "key-other"), None),
    ]
});

samples!(AccessPage => {
    let page = |state, keys, form| AccessPage { frame: frame(state, "access"), keys, form, note: None };
    vec![
        page(State::Live, vec![key()], FormState::new()),
        page(State::Failed, Vec::new(), errors("public_key", "not-a-public-key")),
        page(State::Pending, vec![key()], FormState::new()),
    ]
});

samples!(PasswordPage => vec![PasswordPage {
    frame: frame(State::Live, "access"),
    access: NewUploadPassword {
        sftp_login: "shop".to_owned(),
        sftp_password: "abcd-efgh-jkmn-pqrs-tuvw".to_owned(),
    },
}]);

samples!(KeyDeletePage => vec![KeyDeletePage { frame: frame(State::Live, "access"), key: key() }]);

samples!(LogPage => {
    let line = "203.0.113.0 - - [21/Nov/2026:14:05:00 +0100] \"GET /<script> HTTP/2\" 200 512";
    let page = |state, log, count| LogPage {
        frame: frame(state, "log"),
        log,
        status: String::new(),
        q: String::new(),
        lines: vec![line.to_owned(); count],
    };
    let mut pages: Vec<LogPage> = SiteLog::ALL.into_iter().map(|log| page(State::Live, log, 0)).collect();
    let mut filtered = page(State::Live, SiteLog::Access, 0);
    (filtered.status, filtered.q) = ("4xx".to_owned(), "<b>".to_owned());
    pages.extend([
        filtered,
        page(State::Updating, SiteLog::Access, 200),
        page(State::Pending, SiteLog::Slow, 0),
        page(State::Pending, SiteLog::Error, 1),
    ]);
    pages
});

samples!(SettingsPage => {
    let preview = |steps| Some(Preview {
        rows: vec![DiffRow { field: "Speicherplatz".to_owned(), before: None, after: Some("2 GB".to_owned()) }],
        steps,
    });
    let choice = |value: &str, title: &str| Choice {
        value: value.to_owned(),
        title: title.to_owned(),
        text: String::new(),
    };
    let page = |form, note, preview, unchanged| SettingsPage {
        frame: frame(State::Live, "settings"),
        php: vec![choice("", "Ohne PHP"), choice("8.2", "PHP 8.2")],
        over: Over { form, note, preview, unchanged },
    };
    let mut suspended = page(FormState::new(), None, None, false);
    suspended.frame = frame(State::Suspended, "settings");
    suspended.php = Vec::new();
    vec![
        page(FormState::new().with("quota_bytes", "20 GB"), None, None, true),
        page(errors("quota_bytes", "not-a-size"), conflict(), None, false),
        page(FormState::new(), None, preview(vec!["configure-site", "probe-site"]), false),
        page(FormState::new(), None, preview(Vec::new()), false),
        suspended,
    ]
});

samples!(RulesPage => {
    let page = |form, has_nginx, preview| RulesPage {
        frame: frame(State::Live, "rules"),
        has_nginx,
        rule_files: vec![
            RuleFile { path: "intern/<b>/.htaccess".parse().unwrap(), protects: true, shuts: None },
            RuleFile { path: ".htaccess".parse().unwrap(), protects: false, shuts: None },
            RuleFile { path: "plugins/a/.htaccess".parse().unwrap(), protects: true, shuts: Some(vec!["a.css".to_owned()]) },
        ],
        hsts: vec![Choice { value: "off".to_owned(), title: "Nein".to_owned(), text: String::new() }],
        servers: vec![Choice { value: "apache".to_owned(), title: "Apache".to_owned(), text: String::new() }],
        over: Over { form, note: None, preview, unchanged: !has_nginx },
    };
    let preview = Preview {
        rows: vec![DiffRow { field: "Web-Weiterleitungen".to_owned(), before: None, after: Some("302 /a https://a.example/".to_owned()) }],
        steps: vec!["configure-site", "probe-site"],
    };
    let mut bare = page(FormState::new(), false, None);
    bare.frame.web.folder_keys.clear();
    bare.rule_files.clear();
    bare.servers.clear();
    let mut apache = page(FormState::new().with("server", "apache"), true, None);
    apache.frame.web.server = SiteServer::Apache;
    let mut open = page(FormState::new(), true, None);
    open.frame.web.folder_keys.clear();
    open.over.note = conflict();
    let proxied = |trouble: &str| {
        let mut proxied = page(FormState::new().with("proxy", "https://app.example.org"), true, None);
        proxied.frame.web.proxy = Some("https://app.example.org".parse().unwrap());
        proxied.frame.web.proxy_trouble = Some(trouble.to_owned()).filter(|trouble| !trouble.is_empty());
        proxied
    };
    let mut away = proxied("refused");
    away.frame.web.proxy_addresses.clear();
    let mut resting = proxied("nowhere");
    resting.frame.may_proxy = false;
    vec![
        proxied(""),
        proxied("silent"),
        away,
        resting,
        page(errors("proxy", "upstream-not-public"), true, None),
        page(FormState::new().with("redirects", "/a https://a.example/"), true, Some(preview)),
        page(errors("redirects", "not-a-redirect-rule"), true, None),
        page(errors("password", "required"), true, None),
        bare,
        open,
        apache,
    ]
});

samples!(PhpPage => {
    let words = |value: &str| vec![Choice { value: value.to_owned(), title: "Wie üblich (<b>)".to_owned(), text: String::new() }];
    let page = |doing, form, preview: Option<Preview>| {
        let frame = frame(State::Live, "php");
        PhpPage {
            rows: PhpValues::rows(&frame.web.php_settings, &PhpCeiling::default()),
            children: 5,
            frame,
            doing,
            shown: words("on"),
            errors: words("all"),
            zones: words("Europe/Berlin"),
            charsets: words("UTF-8"),
            over: Over { form, note: None, unchanged: preview.is_none(), preview },
        }
    };
    let status = |waiting, limit_reached| PhpStatus {
        active: 5,
        idle: 0,
        waiting,
        most_active: 5,
        limit_reached,
        slow: 3,
        accepted: 12_345,
        seconds: 7_200,
    };
    let preview = Preview {
        rows: vec![DiffRow { field: "memory_limit".to_owned(), before: None, after: Some("256M".to_owned()) }],
        steps: vec!["configure-site", "probe-site"],
    };
    let mut without = page(Doing::Idle, FormState::new(), None);
    without.frame.web.php = None;
    without.frame.may_write = false;
    let mut refused = page(Doing::Silent, errors("memory_limit", "not-a-php-memory"), None);
    refused.over.note = conflict();
    vec![
        page(Doing::Known(status(0, 0)), FormState::new().with("memory_limit", "256M"), Some(preview)),
        page(Doing::Known(status(7, 2)), FormState::new(), None),
        page(Doing::Known(status(0, 2)), FormState::new(), None),
        page(Doing::Idle, FormState::new(), None),
        refused,
        without,
    ]
});

samples!(SuspendPage => vec![
    SuspendPage { frame: frame(State::Live, "settings"), form: FormState::new(), note: None },
    SuspendPage { frame: frame(State::Live, "settings"), form: errors("reason", "required"), note: conflict() },
]);

samples!(DeletePage => vec![
    DeletePage { frame: frame(State::Live, "settings"), wrong: false },
    DeletePage { frame: frame(State::Failed, "settings"), wrong: true },
]);

#[test]
fn the_pages_of_webspaces_are_sound_in_both_languages() {
    let wrong = [
        check_samples::<ListPage>(),
        check_samples::<CreatePage>(),
        check_samples::<CreatedPage>(),
        check_samples::<OverviewPage>(),
        check_samples::<HostsPage>(),
        check_samples::<OwnCertificatePage>(),
        check_samples::<AccessPage>(),
        check_samples::<PasswordPage>(),
        check_samples::<KeyDeletePage>(),
        check_samples::<LogPage>(),
        check_samples::<PhpPage>(),
        check_samples::<RulesPage>(),
        check_samples::<SettingsPage>(),
        check_samples::<SuspendPage>(),
        check_samples::<DeletePage>(),
    ];
    assert_eq!(wrong.concat(), Vec::<String>::new());
}
