//! Whatever customers call their things, an include is made of the same directives.

mod hand;
mod proxied;

use super::*;
use crate::apache::Backend;
use crate::nginx::syntax::tests::{skeleton, texts};
use crate::samples;
use proptest::prelude::*;
use wabe_kernel::desired::{Redirect, Webspace};
use wabe_kernel::id::DomainId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{
    DomainName, ErrorPage, ErrorPages, Field, FolderKey, Hsts, PhpValues, RedirectTarget, RelPath,
    SiteRedirects, SiteRules, SiteServer,
};

fn ground() -> Ground {
    Ground {
        http: "127.0.0.1:8080".parse().unwrap(),
        https: "[::1]:8444".parse().unwrap(),
        pages: "/srv/node/nginx/pages".into(),
        errors: Some("/srv/node/nginx/run/errors.sock".into()),
        http2_apart: false,
        upstreams: Upstreams {
            networks: Vec::new(),
            fronts: Vec::new(),
            is_own: |_| false,
        },
        authorities: "/etc/ssl/certs/ca-certificates.crt".into(),
    }
}

fn place() -> Place {
    samples::place("/srv/node/web/a")
}

fn include_with(
    what: &Showing,
    ground: &Ground,
    php: Option<&Path>,
) -> Result<Include, StepFailure> {
    let place = place();
    let given = Given {
        ground,
        place: &place,
        full: false,
        php,
        apache: None,
        shut: &[],
    };
    Include::new(what, &given)
}

fn include(what: &Showing) -> Result<Include, StepFailure> {
    include_with(what, &ground(), Some(Path::new("/srv/node/php/run/a.sock")))
}

fn webspace(root: RelPath, hosts: Vec<DomainName>) -> Webspace {
    Webspace {
        hosts,
        document_root: root,
        php: Some("8.2".parse().unwrap()),
        ..samples::webspace(1)
    }
}

fn redirect(target: RedirectTarget) -> Showing {
    Showing::Redirect(Redirect {
        id: DomainId::from_uuid(Uuid::from_u128(2)),
        name: "weg.test".parse().unwrap(),
        target,
    })
}

fn named(root: &str) -> Showing {
    Showing::Site(Wish::Present(webspace(root.parse().unwrap(), Vec::new())))
}

/// The same include written twice says the same, so that a difference on disk is a difference.
#[test]
fn an_include_reads_back_and_answers_with_a_mark_of_its_own() {
    let (one, two) = (include(&named("a")).unwrap(), include(&named("b")).unwrap());
    assert_eq!(syntax::parse(&one.text), Some(one.tree.clone()));
    assert_eq!(one, include(&named("a")).unwrap());
    assert_ne!(one.mark, two.mark);
    assert!(one.mark.len() == 32 && one.text.contains(&one.mark));
}

#[test]
fn a_site_is_beneath_its_folder_follows_no_links_and_shows_no_php_as_text() {
    let text = include(&named("htdocs")).unwrap().text;
    for line in [
        "root /srv/node/web/a/files/htdocs;",
        "disable_symlinks on from=/srv/node/web/a/files;",
        "listen 127.0.0.1:8080;",
        "listen \"[::1]:8444\" ssl http2;",
        "ssl_certificate \"${wabe_at}/srv/node/web/a/cert.pem\";",
        "fastcgi_pass unix:/srv/node/php/run/a.sock;",
        "error_log \"syslog:server=unix:/srv/node/nginx/run/errors.sock,nohostname,tag=a\" error;",
    ] {
        assert!(
            text.lines().any(|found| found.trim() == line),
            "{line}\n{text}"
        );
    }
    let without = include_with(&named(""), &ground(), None).unwrap().text;
    assert!(
        !without.contains("fastcgi_pass") && without.contains("(php[0-9s]?|phtml|phar)$"),
        "{without}"
    );
}

#[test]
fn a_site_behind_apache_is_passed_on_whole_but_for_names_with_a_dot() {
    let backend = Backend {
        http: "127.64.0.5:812".parse().unwrap(),
        https: "127.64.0.5:813".parse().unwrap(),
        word: Secret::new("a-word"),
    };
    let (ground, place) = (ground(), place());
    let given = Given {
        ground: &ground,
        place: &place,
        full: false,
        php: Some(Path::new("/srv/node/php/run/a.sock")),
        apache: Some(&backend),
        shut: &[],
    };
    let rules = SiteRules {
        keys: vec![key("intern", "anna")],
        server: SiteServer::Apache,
        ..SiteRules::default()
    };
    let mut web = ruled(rules);
    let shown = Include::new(&Showing::Site(Wish::Present(web.clone())), &given).unwrap();
    assert_eq!(syntax::parse(&shown.text), Some(shown.tree));
    let has = |text: &str, line: &str| text.lines().any(|found| found.trim() == line);
    for line in [
        "proxy_pass https://127.64.0.5:813;",
        "proxy_set_header Host \"$host:8444\";",
        "proxy_set_header X-Wabe-Front a-word;",
        "proxy_set_header X-Wabe-Visitor \"$remote_addr\";",
        "proxy_ignore_headers X-Accel-Redirect;",
        "auth_basic protected;",
    ] {
        assert!(has(&shown.text, line), "{line}\n{}", shown.text);
    }
    // What is for some only is for nobody over HTTP.
    assert!(!has(&shown.text, "proxy_pass http://127.64.0.5:812;"));
    assert!(!shown.text.contains("fastcgi_pass") && !shown.text.contains("index.php"));
    assert!(shown.text.contains("well-known(/|$))"));
    web.rules.keys.clear();
    let open = Include::new(&Showing::Site(Wish::Present(web)), &given).unwrap();
    assert!(
        has(&open.text, "proxy_pass http://127.64.0.5:812;"),
        "{}",
        open.text
    );
    assert!(has(&open.text, "proxy_set_header Host \"$host:8080\";"));
}

fn ruled(rules: SiteRules) -> Webspace {
    let plain = webspace("a".parse().unwrap(), Vec::new());
    let rules = Box::new(rules);
    Webspace { rules, ..plain }
}

fn key(folder: &str, user: &str) -> FolderKey {
    let verifier = format!("$6${}${}", "a".repeat(16), "b".repeat(86));
    FolderKey {
        folder: folder.parse().unwrap(),
        user: user.parse().unwrap(),
        verifier: verifier.parse().unwrap(),
    }
}

/// PHP that may take so many seconds.
fn php(seconds: i64) -> PhpValues {
    PhpValues {
        max_execution_time: seconds.try_into().unwrap(),
        ..PhpValues::default()
    }
}

#[test]
fn rules_of_a_site_are_directives() {
    let rules = SiteRules {
        redirects: Field::from_text("301 /old https://a.test/$x;y").unwrap(),
        error_pages: Field::from_text("404 a b.html\n500 c.html").unwrap(),
        hsts: Hsts::Years,
        upload_bytes: Some(100),
        keys: vec![key("in side", "anna"), key("in side", "ben")],
        server: SiteServer::Nginx,
        php: php(300),
        proxy: None,
    };
    let text = include(&Showing::Site(Wish::Present(ruled(rules))))
        .unwrap()
        .text;
    for (line, times) in [
        ("return 301 \"https://a.test/${wabe_d}x;y\";", 2),
        ("alias \"/srv/node/web/a/files/a/a b.html\";", 1),
        ("error_page 404 /.wabe/error-404;", 1),
        ("error_page 403 404 =404 /.wabe/not-found;", 1),
        ("error_page 500 502 503 504 /.wabe/error-500;", 1),
        ("error_page 403 404 =500 \"@wabe_500\";", 1),
        ("internal;", 4),
        (
            "add_header Strict-Transport-Security max-age=63072000 always;",
            1,
        ),
        ("client_max_body_size 100;", 1),
        ("location \"^~\" \"/in side/\" {", 1),
        ("auth_basic protected;", 1),
        ("fastcgi_pass unix:/srv/node/php/run/a.sock;", 2),
        ("fastcgi_read_timeout 330s;", 2),
        // Over HTTP there is this, and nothing that takes a password.
        ("location \"^~\" /.well-known/acme-challenge/ {", 2),
    ] {
        let found = text.lines().filter(|found| found.trim() == line).count();
        assert_eq!(found, times, "{line}\n{text}");
    }
    assert!(!text.contains("$6$") && !text.contains("anna"), "{text}");
}

#[test]
fn a_file_of_keys_is_named_by_what_is_in_it() {
    let files = |keys: &[FolderKey]| rules::key_files(keys, &place()).unwrap();
    let (one, two) = (files(&[key("a", "anna")]), files(&[key("a", "ben")]));
    let (path, text) = &one[&"a".parse::<RelPath>().unwrap()];
    assert!(text.starts_with("anna:$6$aaaa") && text.ends_with("b\n"));
    assert!(
        path.starts_with("/srv/node/web/a/keys"),
        "{}",
        path.display()
    );
    assert_ne!(one, two);
    let both = files(&[key("a", "anna"), key("", "anna"), key("a", "ben")]);
    let lines = |folder: &str| both[&folder.parse::<RelPath>().unwrap()].1.lines().count();
    assert_eq!((lines("a"), lines("")), (2, 1));
}

#[test]
fn http2_is_asked_for_as_the_version_wants_it() {
    let apart = Ground {
        http2_apart: true,
        ..ground()
    };
    let text = include_with(&named(""), &apart, None).unwrap().text;
    assert!(
        text.contains("listen \"[::1]:8444\" ssl;\n  http2 \"on\";") || text.contains("http2 on;")
    );
    assert!(!text.contains("ssl http2"));
}

#[test]
fn the_head_refuses_nobodys_names_and_speaks_tls_as_it_should() {
    let mark = Secret::new("0123456789abcdef");
    let user = Some("root".to_owned());
    let program = Program::new(
        "/usr/sbin/nginx".into(),
        "/srv/node/nginx".into(),
        mark,
        user,
    );
    let pattern = vec![syntax::Word::own("/srv/node/nginx/sites/web_*.conf")];
    let text = program.head(&ground(), "/run/nginx.pid", pattern).unwrap();
    for line in [
        "user root;",
        "listen 127.0.0.1:8080 default_server;",
        "return 444;",
        "listen \"[::1]:8444\" ssl http2 default_server;",
        "ssl_reject_handshake on;",
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "0123456789abcdef 0;",
        "error_log /srv/node/nginx/logs/error.log crit;",
    ] {
        assert!(
            text.lines().any(|found| found.trim() == line),
            "{line}\n{text}"
        );
    }
}

#[test]
fn what_is_about_a_request_is_in_no_log_of_all_sites() {
    let mark = Secret::new("0123456789abcdef");
    let (path, folder) = ("/usr/sbin/nginx".into(), "/srv/node/nginx".into());
    let program = Program::new(path, folder, mark, None);
    let text = program
        .head(&ground(), "/run/nginx.pid", Vec::new())
        .unwrap();
    let (_, http) = text.split_once("http {").unwrap();
    assert!(
        http.contains("error_log /srv/node/nginx/logs/error.log emerg;"),
        "{text}"
    );
}

#[test]
fn paths_of_ours_are_plain() {
    for fit in ["/var/lib/wabe/node", "/tmp/.tmpA1b2/data"] {
        assert!(is_fit(Path::new(fit)), "{fit}");
    }
    for unfit in [
        "node", "/a b", "/a;b", "/a$b", "/a*", "/\u{e4}", "/a\nb", "/a\"b",
    ] {
        assert!(!is_fit(Path::new(unfit)), "{unfit:?}");
    }
}

fn paths() -> impl Strategy<Value = RelPath> {
    let path = |text: String| text.parse::<RelPath>().ok();
    texts().prop_filter_map("not a path", path)
}

fn targets() -> impl Strategy<Value = RedirectTarget> {
    let target = |text: String| format!("https://a.test/{text}").parse().ok();
    texts().prop_filter_map("not a target", target)
}

fn hosts() -> impl Strategy<Value = Vec<DomainName>> {
    let host = |label: String| format!("{label}.test").parse().ok();
    let host = "[a-z0-9][a-z0-9-]{0,30}".prop_filter_map("not a host", host);
    prop::collection::vec(host, 0..5)
}

/// A page for each kind of error.
fn one_each() -> ErrorPages {
    let pages = ErrorPage::STATUSES.map(|status| format!("{status} {status}.html"));
    Field::from_text(&pages.join("\n")).unwrap()
}

#[test]
fn a_page_is_for_its_own_error_and_for_what_else_has_none() {
    let text = |pages: &str| {
        let rules = SiteRules {
            error_pages: Field::from_text(pages).unwrap(),
            ..SiteRules::default()
        };
        let shown = include(&Showing::Site(Wish::Present(ruled(rules))));
        shown.unwrap().text
    };
    let has = |text: &str, line: &str| text.lines().any(|found| found.trim() == line);
    let each = text(&one_each().to_string());
    for line in [
        "error_page 401 /.wabe/error-401;",
        "error_page 403 /.wabe/error-403;",
        "error_page 410 /.wabe/error-410;",
        "error_page 500 /.wabe/error-500;",
        "error_page 502 504 /.wabe/error-502;",
        "error_page 503 /.wabe/error-503;",
        "alias /srv/node/web/a/files/a/503.html;",
        "error_page 403 404 =503 \"@wabe_503\";",
        "auth_basic off;",
    ] {
        assert!(has(&each, line), "{line}\n{each}");
    }
    assert!(!each.contains("error_page 403 =404"), "{each}");
    let same = text("500 sorry.html\n503 sorry.html\n404 index.html");
    for line in [
        "error_page 500 502 504 /.wabe/error-500;",
        "error_page 503 /.wabe/error-503;",
        "error_page 403 =404 /.wabe/error-404;",
    ] {
        assert!(has(&same, line), "{line}\n{same}");
    }
}

proptest! {
    #[test]
    fn no_name_and_no_path_brings_a_directive_with_it(root in paths(), hosts in hosts()) {
        // The folder itself and one beneath it are both one word.
        let plain = include(&named("a")).unwrap();
        for wish in [Wish::Present as fn(Webspace) -> Wish<Webspace>, Wish::Hidden] {
            let shown = include(&Showing::Site(wish(webspace(root.clone(), hosts.clone()))));
            let shown = shown.unwrap();
            prop_assert_eq!(syntax::parse(&shown.text), Some(shown.tree.clone()));
            let simple = include(&Showing::Site(wish(webspace("a".parse().unwrap(), Vec::new()))));
            prop_assert_eq!(skeleton(&shown.tree), skeleton(&simple.unwrap().tree));
        }
        prop_assert!(!plain.text.contains('\r'));
    }

    #[test]
    fn no_target_brings_a_directive_with_it(target in targets()) {
        let shown = include(&redirect(target.clone())).unwrap();
        prop_assert_eq!(syntax::parse(&shown.text), Some(shown.tree.clone()));
        let plain = include(&redirect("https://a.test/".parse().unwrap())).unwrap();
        prop_assert_eq!(skeleton(&shown.tree), skeleton(&plain.tree));
        let variables = shown.text.replace("${wabe_d}", "");
        prop_assert_eq!(variables.matches('$').count(), plain.text.matches('$').count());
    }

    #[test]
    fn no_rule_of_a_site_brings_a_directive_with_it(
        target in targets(),
        path in "[a-z.~@+,/-]{1,12}",
        pages in prop::collection::vec(texts(), ErrorPage::STATUSES.len()),
        folder in paths(),
        bytes in prop::option::of(0_i64..1 << 40),
        seconds in 61_i64..=3_600,
    ) {
        let redirects = SiteRedirects::from_text(&format!("301 /{path} {target}"));
        let error_pages = ErrorPage::STATUSES.into_iter().zip(&pages);
        let error_pages = error_pages.map(|(status, page)| format!("{status} {page}.html"));
        let error_pages = Field::from_text(&error_pages.collect::<Vec<_>>().join("\n"));
        let plain_rules = SiteRules {
            redirects: Field::from_text("301 /a https://a.test/").unwrap(),
            error_pages: one_each(),
            hsts: Hsts::Month,
            upload_bytes: bytes.map(|_| 1),
            keys: vec![key(if folder.is_root() { "" } else { "b" }, "anna")],
            php: php(61),
            server: SiteServer::Nginx,
            proxy: None,
        };
        let rules = SiteRules {
            redirects: redirects.unwrap_or_else(|_| plain_rules.redirects.clone()),
            error_pages: error_pages.unwrap_or_else(|_| plain_rules.error_pages.clone()),
            upload_bytes: bytes,
            keys: vec![FolderKey { folder, ..key("", "anna") }],
            php: php(seconds),
            ..plain_rules.clone()
        };
        // What is said about the same path twice is said once.
        let paths: Vec<String> = rules.redirects.iter().map(|rule| rule.path().to_owned()).collect();
        let own = format!("/{}", rules.keys[0].folder);
        prop_assume!(!paths.contains(&own));
        let made = include(&Showing::Site(Wish::Present(ruled(rules))));
        let plain = include(&Showing::Site(Wish::Present(ruled(plain_rules)))).unwrap();
        match made {
            Ok(made) => {
                prop_assert_eq!(syntax::parse(&made.text), Some(made.tree.clone()));
                prop_assert_eq!(skeleton(&made.tree), skeleton(&plain.tree));
                let variables = made.text.replace("${wabe_d}", "");
                prop_assert_eq!(variables.matches('$').count(), plain.text.matches('$').count());
                prop_assert!(!made.text.contains(|c: char| c.is_control() && c != '\n'));
            }
            // A dollar where nginx has no way to write one, or a word too long.
            Err(fault) => prop_assert_eq!(fault.code, "site-not-writable"),
        }
    }
}
