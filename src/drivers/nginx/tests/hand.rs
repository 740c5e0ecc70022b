//! What somebody wrote by hand is told from what we wrote, and read back as settings only where they say all of it.

use super::{ground, place, ruled};
use crate::embedded::web::Showing;
use crate::nginx::edited::{is_edit, stays};
use crate::nginx::include::{Given, Include};
use crate::nginx::reading;
use proptest::prelude::*;
use wabe_kernel::desired::{Webspace, Wish};
use wabe_kernel::{EditedSetting, Field, Hsts, Reading, SiteRules};

fn with_given<T>(then: impl FnOnce(&Given<'_>) -> T) -> T {
    let (ground, place) = (ground(), place());
    then(&Given {
        ground: &ground,
        place: &place,
        full: false,
        php: None,
        apache: None,
        shut: &[],
    })
}

fn include(webspace: &Webspace) -> Include {
    let what = Showing::Site(Wish::Present(webspace.clone()));
    with_given(|given| Include::new(&what, given)).unwrap()
}

fn read(webspace: &Webspace, text: &str) -> Reading {
    with_given(|given| reading::read(webspace, given, text)).unwrap()
}

/// A site over HTTPS, with nothing else said.
fn plain() -> Webspace {
    Webspace {
        https_redirect: true,
        php: None,
        ..ruled(SiteRules::default())
    }
}

#[test]
fn what_we_wrote_is_ours_in_every_release_and_what_was_touched_is_not() {
    let (webspace, other) = (plain(), include(&ruled(SiteRules::default())));
    let ours = include(&webspace);
    assert!(!is_edit(&ours.text, &ours));
    // What was written for another wish, as by a former life.
    assert!(!is_edit(&other.text, &ours) && !is_edit(&ours.text, &other));
    for edited in [
        ours.text.replace("nosniff", "sniff"),
        ours.text
            .replacen("  ", "  client_max_body_size 1m;\n  ", 1),
        format!("{}server {{ }}\n", ours.text),
        "broken".to_owned(),
        String::new(),
        // Nothing of ours: a mark that stands for nothing.
        ours.text.replace(&ours.mark, &"0".repeat(32)),
    ] {
        assert!(is_edit(&edited, &ours), "{edited}");
    }
    // What means the same is nobody's business.
    assert!(!is_edit(&ours.text.replace("\n  ", "\n      "), &ours));
}

#[test]
fn what_is_shown_stays_and_what_must_not_be_does_not() {
    let webspace = plain();
    let ours = include(&webspace);
    let edited = ours.text.replace("nosniff", "sniff");
    let shown = Showing::Site(Wish::Present(webspace.clone()));
    assert!(stays(&shown, &edited, (&ours, false)));
    assert!(!stays(&shown, &ours.text, (&ours, false)));
    let hidden = Showing::Site(Wish::Hidden(webspace));
    assert!(!stays(&hidden, &edited, (&ours, false)));
    let full = ours.text.replace("wabe_short", "wabe_full");
    assert!(!stays(&shown, &full, (&ours, false)));
    assert!(stays(&shown, &full, (&ours, true)));
    // In whatever form: nobody can know what is logged in it.
    let with = |line: &str| format!("{edited}server {{\n  {line}\n}}\n");
    for line in [
        "access_log /var/log/x.log;",
        "access_log\n    /var/log/x.log combined;",
        "# a remark\n  access_log /var/log/x.log own;",
    ] {
        assert!(!stays(&shown, &with(line), (&ours, false)), "{line}");
        assert!(stays(&shown, &with(line), (&ours, true)), "{line}");
    }
    for line in [
        "access_log off;",
        "access_log /var/log/x.log wabe_short;",
        "# access_log /var/log/x.log combined;",
        "error_page 404 /access_log;",
    ] {
        assert!(stays(&shown, &with(line), (&ours, false)), "{line}");
    }
}

#[test]
fn settings_are_read_back_from_what_was_written() {
    let webspace = plain();
    let wanted = SiteRules {
        redirects: Field::from_text("301 /alt https://a.test/$x\n410 /weg").unwrap(),
        error_pages: Field::from_text("404 fehlt.html").unwrap(),
        hsts: Hsts::Month,
        upload_bytes: Some(100 << 20),
        ..SiteRules::default()
    };
    let text = include(&Webspace {
        document_root: "b c".parse().unwrap(),
        https_redirect: false,
        rules: Box::new(wanted.clone()),
        ..webspace.clone()
    })
    .text;
    let as_people_write = format!("# by Ole\n{}", text.replace("104857600", "100m"));
    let settings = vec![
        EditedSetting::HttpsRedirect(false),
        EditedSetting::DocumentRoot("b c".parse().unwrap()),
        EditedSetting::UploadBytes(wanted.upload_bytes),
        EditedSetting::Hsts(wanted.hsts),
        EditedSetting::Redirects(wanted.redirects),
        EditedSetting::ErrorPages(wanted.error_pages),
    ];
    assert_eq!(
        read(&webspace, &as_people_write),
        Reading::Settings(settings)
    );
}

#[test]
fn a_line_within_ours_is_a_setting_and_any_other_is_not() {
    let webspace = plain();
    let text = include(&webspace).text;
    // Over HTTPS alone, as only that shows the site: where ours has it.
    let upload = include(&Webspace {
        rules: Box::new(SiteRules {
            upload_bytes: Some(8 << 20),
            ..SiteRules::default()
        }),
        ..webspace.clone()
    });
    let by_hand = upload.text.replace("8388608", "8m");
    assert_eq!(
        read(&webspace, &by_hand),
        Reading::Settings(vec![EditedSetting::UploadBytes(Some(8 << 20))])
    );
    let remark = format!("{text}# nothing else\n");
    assert_eq!(read(&webspace, &remark), Reading::Settings(Vec::new()));
    // In another place than ours it may mean something else: nobody guesses.
    let line = "\n  add_header X-Content-Type-Options nosniff always;\n";
    let elsewhere = text.replace(line, &format!("\n  client_max_body_size 8m;{line}"));
    assert_ne!(elsewhere, text);
    assert!(matches!(read(&webspace, &elsewhere), Reading::Lines(_)));
    let added = text.replace(line, &format!("{line}  allow 10.0.0.0/8;\n"));
    assert_eq!(
        read(&webspace, &added),
        Reading::Lines(vec!["+  allow 10.0.0.0/8;".to_owned()])
    );
    let Reading::Lines(lines) = read(&webspace, "location ~ x { return 200 'a'; }") else {
        panic!("nothing of ours")
    };
    assert!(lines.contains(&"+location ~ x { return 200 'a'; }".to_owned()));
}

proptest! {
    /// Whatever is taken over, the file is what the state says afterwards.
    #[test]
    fn what_is_read_as_settings_is_all_that_was_written(
        upload in prop::option::of(1_i64..1 << 40),
        hsts in prop::sample::select(&Hsts::ALL),
        led_on in any::<bool>(),
        dropped in 0_usize..80,
    ) {
        let webspace = plain();
        let other = Webspace {
            https_redirect: led_on,
            rules: Box::new(SiteRules { upload_bytes: upload, hsts, ..SiteRules::default() }),
            ..webspace.clone()
        };
        let text = include(&other).text;
        let whole = Reading::Settings(match read(&webspace, &text) {
            Reading::Settings(settings) => settings,
            Reading::Lines(lines) => panic!("{lines:?}"),
        });
        // A line less is another file.
        let kept = text.lines().enumerate().filter(|(number, _)| *number != dropped);
        let less: Vec<&str> = kept.map(|(_, line)| line).collect();
        let less = less.join("\n") + "\n";
        if let Reading::Settings(settings) = read(&webspace, &less) {
            prop_assert!(less == text || Reading::Settings(settings) != whole);
        }
    }
}
