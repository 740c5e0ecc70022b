//! Sites that an application elsewhere answers for.

use super::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use wabe_kernel::{SiteProxy, Upstream};

fn proxy(upstream: &str, addresses: &[&str]) -> SiteProxy {
    SiteProxy {
        upstream: upstream.parse().unwrap(),
        addresses: addresses.iter().map(|text| text.parse().unwrap()).collect(),
    }
}

/// A site with PHP and Apache that an application answers for, with these folders protected.
fn answered(proxy: SiteProxy, folders: &[&str]) -> Webspace {
    ruled(SiteRules {
        keys: folders.iter().map(|folder| key(folder, "anna")).collect(),
        server: SiteServer::Apache,
        proxy: Some(proxy),
        ..SiteRules::default()
    })
}

fn shown(web: Webspace) -> Include {
    include_with(&Showing::Site(Wish::Present(web)), &ground(), None).unwrap()
}

/// How often this is a line of the text.
fn times(text: &str, line: &str) -> usize {
    text.lines().filter(|found| found.trim() == line).count()
}

#[test]
fn everything_is_passed_on_to_addresses_and_to_no_name() {
    let web = answered(
        proxy("https://app.example.org:8443", &["8.8.8.8", "2606:4700::1"]),
        &[],
    );
    let made = shown(web.clone());
    assert_eq!(syntax::parse(&made.text), Some(made.tree.clone()));
    let group = format!("wabe_{}", web.id);
    for (line, wanted) in [
        (&*format!("upstream {group} {{"), 1),
        (
            "server 8.8.8.8:8443 max_conns=128 max_fails=3 fail_timeout=10s;",
            1,
        ),
        (
            "server \"[2606:4700::1]:8443\" max_conns=128 max_fails=3 fail_timeout=10s backup;",
            1,
        ),
        (&*format!("proxy_pass https://{group};"), 4),
        ("proxy_set_header Host app.example.org:8443;", 4),
        ("proxy_set_header X-Forwarded-For \"$wabe_address\";", 4),
        ("proxy_set_header X-Real-IP \"$wabe_address\";", 4),
        ("proxy_set_header X-Forwarded-Host \"$host:8444\";", 2),
        ("proxy_set_header X-Forwarded-Host \"$host:8080\";", 2),
        ("proxy_set_header Upgrade \"$wabe_upgrade\";", 4),
        ("proxy_set_header Via \"$wabe_via\";", 4),
        ("proxy_set_header X-Wabe-Probe \"\";", 4),
        ("proxy_set_header X-Original-URL \"\";", 4),
        ("proxy_ssl_name app.example.org;", 2),
        ("proxy_ssl_verify on;", 2),
        ("proxy_ssl_server_name on;", 2),
        (
            "proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;",
            2,
        ),
        ("proxy_redirect https://app.example.org:8443/ /;", 4),
        ("proxy_cookie_domain app.example.org \"$host\";", 4),
        ("error_page 502 504 508 /.wabe/away;", 2),
        ("location \"^~\" /.well-known/acme-challenge/ {", 2),
        // Nothing of the site's own files, no PHP, no Apache.
        ("try_files \"$uri\" =404;", 2),
    ] {
        assert_eq!(times(&made.text, line), wanted, "{line}\n{}", made.text);
    }
    for none in [
        "fastcgi",
        " Authorization",
        "remote_addr",
        "resolver",
        "wabe_unclear",
    ] {
        assert!(!made.text.contains(none), "{none}\n{}", made.text);
    }
    // Whole addresses go where they were instructed.
    let (ground, place) = (ground(), place());
    let given = Given {
        ground: &ground,
        place: &place,
        full: true,
        php: None,
        apache: None,
        shut: &[],
    };
    let whole = Include::new(&Showing::Site(Wish::Present(web)), &given).unwrap();
    assert_eq!(
        times(
            &whole.text,
            "proxy_set_header X-Forwarded-For \"$remote_addr\";"
        ),
        4
    );
}

#[test]
fn an_address_that_nobody_may_be_passed_on_to_stands_in_no_configuration() {
    for address in [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:8.8.8.8",
        "64:ff9b::10.0.0.1",
    ] {
        for addresses in [&[address][..], &["8.8.8.8", address]] {
            let made = shown(answered(proxy("http://app.example.org", addresses), &[]));
            assert!(
                !made.text.contains("upstream") && !made.text.contains("proxy_pass"),
                "{}",
                made.text
            );
            assert_eq!(times(&made.text, "return 502;"), 4, "{}", made.text);
            assert!(!made.text.contains("8.8.8.8"), "{}", made.text);
        }
    }
    let away = shown(answered(proxy("http://app.example.org", &[]), &[]));
    assert!(!away.text.contains("proxy_pass"), "{}", away.text);
    // What the operator opened is open, but for the front of the sites themselves.
    let open = Ground {
        upstreams: Upstreams {
            networks: vec!["127.0.0.0/8".parse().unwrap()],
            ..ground().upstreams
        },
        ..ground()
    };
    let text = |upstream: &str| {
        let web = answered(proxy(upstream, &["127.0.0.1"]), &[]);
        let made = include_with(&Showing::Site(Wish::Present(web)), &open, None);
        made.unwrap().text
    };
    assert!(text("http://app.example.org:9000").contains("server 127.0.0.1:9000 "));
    assert!(!text("http://app.example.org:8080").contains("proxy_pass"));
}

#[test]
fn what_is_protected_is_protected_however_it_is_written() {
    let web = answered(proxy("http://app.example.org", &["8.8.8.8"]), &["intern"]);
    let text = shown(web.clone()).text;
    // Over HTTP there is nothing that takes a password.
    for (line, wanted) in [
        ("location \"^~\" /intern {", 1),
        ("auth_basic protected;", 1),
        ("proxy_set_header Authorization \"\";", 1),
        (&*format!("proxy_pass http://wabe_{};", web.id), 3),
    ] {
        assert_eq!(times(&text, line), wanted, "{line}\n{text}");
    }
    assert!(
        text.contains("wabe_unclear") && text.contains("return 400;"),
        "{text}"
    );
    let whole = answered(proxy("http://app.example.org", &["8.8.8.8"]), &[""]);
    let text = shown(whole).text;
    assert_eq!(
        times(&text, "proxy_set_header Authorization \"\";"),
        2,
        "{text}"
    );
    assert_eq!(
        times(&text, "proxy_set_header Authorization \"\";"),
        text.matches("proxy_pass").count()
    );
}

#[test]
fn a_site_keeps_its_own_pages_and_its_word_about_https() {
    let mut web = answered(proxy("http://app.example.org", &["8.8.8.8"]), &[]);
    web.rules.error_pages = Field::from_text("502 away.html\n404 missing.html").unwrap();
    web.rules.redirects = Field::from_text("301 /old https://a.test/").unwrap();
    web.rules.hsts = Hsts::Month;
    let text = shown(web).text;
    for (line, wanted) in [
        ("error_page 502 504 /.wabe/error-502;", 2),
        ("error_page 508 /.wabe/away;", 2),
        ("proxy_hide_header Strict-Transport-Security;", 4),
        (
            "add_header Strict-Transport-Security max-age=2592000 always;",
            1,
        ),
        ("return 301 https://a.test/;", 4),
    ] {
        assert_eq!(times(&text, line), wanted, "{line}\n{text}");
    }
    assert!(!text.contains("proxy_intercept_errors"), "{text}");
}

#[test]
fn a_site_that_is_hidden_or_leads_to_https_passes_nothing_on() {
    let web = answered(proxy("http://app.example.org", &["8.8.8.8"]), &[]);
    let hidden = Showing::Site(Wish::Hidden(web.clone()));
    let text = include_with(&hidden, &ground(), None).unwrap().text;
    assert!(
        !text.contains("upstream") && !text.contains("proxy_pass"),
        "{text}"
    );
    let led_on = Webspace {
        https_redirect: true,
        ..web
    };
    let made = shown(led_on);
    assert_eq!(made.text.matches("proxy_pass").count(), 2, "{}", made.text);
}

#[test]
fn php_and_apache_rest_meanwhile() {
    let web = answered(proxy("http://app.example.org", &["8.8.8.8"]), &[]);
    let what = Showing::Site(Wish::Present(web));
    assert!(behind(&what).is_none() && pool_of(&what).is_none());
}

#[test]
fn the_head_knows_its_own_requests_and_what_may_take_over_a_connection() {
    let text = |mark: &str| {
        let (path, folder) = ("/usr/sbin/nginx".into(), "/srv/node/nginx".into());
        let program = Program::new(path, folder, Secret::new(mark), None);
        program
            .head(&ground(), "/run/nginx.pid", Vec::new())
            .unwrap()
    };
    let (one, two) = (text("0123456789abcdef"), text("fedcba9876543210"));
    for line in [
        "\"~*^websocket$\" websocket;",
        "default upgrade;",
        "\"\" close;",
    ] {
        assert_eq!(times(&one, line), 1, "{line}\n{one}");
    }
    let mark = |text: &str| {
        let line = text
            .lines()
            .find(|line| line.trim().starts_with("\"~wabe-"));
        line.unwrap().to_owned()
    };
    assert_ne!(mark(&one), mark(&two));
    assert!(!mark(&one).contains("0123456789abcdef"));
}

fn upstreams() -> impl Strategy<Value = Upstream> {
    let odd = (texts(), any::<bool>(), any::<u16>());
    let names = "[a-z0-9][a-z0-9-]{0,20}(\\.[a-z0-9][a-z0-9-]{0,20}){0,3}";
    let upstream = |(name, secure, port): (String, bool, u16)| {
        let scheme = if secure { "https" } else { "http" };
        format!("{scheme}://{name}.elsewhere:{port}").parse().ok()
    };
    let plain = (names, any::<bool>(), 1_u16..);
    prop_oneof![plain.boxed(), odd.boxed()].prop_filter_map("not an upstream", upstream)
}

fn places() -> impl Strategy<Value = Vec<IpAddr>> {
    let v4 = any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits)));
    let v6 = any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits)));
    prop::collection::vec(prop_oneof![v4, v6], 0..5)
}

proptest! {
    #[test]
    fn no_application_brings_a_directive_with_it(upstream in upstreams(), addresses in places()) {
        let public = addresses.iter().all(|address| crate::fetch::is_public(*address));
        let made = shown(answered(SiteProxy { upstream: upstream.clone(), addresses: addresses.clone() }, &["b"]));
        prop_assert_eq!(syntax::parse(&made.text), Some(made.tree.clone()));
        prop_assert!(!made.text.contains(|c: char| c.is_control() && c != '\n'));
        let passes = made.text.contains("proxy_pass");
        prop_assert_eq!(passes, public && !addresses.is_empty());
        if !passes {
            return Ok(());
        }
        // The same with the plainest of its kind: as many addresses, those of IPv6 behind.
        let plain = format!("{}://app.example.org:{}", upstream.scheme(), upstream.port());
        let plain = SiteProxy { upstream: plain.parse().unwrap(), addresses };
        let plain = shown(answered(plain, &["b"]));
        prop_assert_eq!(skeleton(&made.tree), skeleton(&plain.tree));
        let variables = |text: &str| text.matches('$').count();
        prop_assert_eq!(variables(&made.text), variables(&plain.text));
        // Whatever the name is, it is asked for by nobody.
        let named = |line: &&str| line.contains(upstream.host().as_str());
        for line in made.text.lines().filter(named) {
            let about = ["proxy_set_header Host", "proxy_ssl_name", "proxy_redirect", "proxy_cookie_domain"];
            prop_assert!(about.iter().any(|name| line.trim().starts_with(name)), "{}", line);
        }
    }
}
