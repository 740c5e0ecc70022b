//! Includes that somebody edited by hand: they stay, are told of, and become what was answered.

use crate::nginx::faults::holds_nothing_of;
use crate::nginx::header;
use crate::nginx::node::Node;
use std::path::PathBuf;
use wabe_drivers::{nginx, strays};
use wabe_kernel::desired::{Act, Subject, Webspace, Wish};
use wabe_kernel::{Aside, EditMark, Edited, EditedSetting, Reading, SiteRules};

/// A node with a site, whose include somebody edited by hand; what was there before, and what is now.
struct Hand {
    node: Node,
    site: Webspace,
    include: PathBuf,
    before: String,
    now: String,
}

impl Hand {
    async fn new(edit: impl FnOnce(&str) -> String) -> Self {
        let node = Node::new().await;
        let site = node.webspace("hand");
        node.bring(&site).await.unwrap();
        node.put(&site, "index.html", "as before");
        let include = node.include(&site.id);
        let before = std::fs::read_to_string(&include).unwrap();
        let now = edit(&before);
        assert_ne!(now, before);
        std::fs::write(&include, &now).unwrap();
        Self {
            node,
            site,
            include,
            before,
            now,
        }
    }

    /// What the node tells of it.
    async fn edited(&self) -> Option<Edited> {
        let seen = self.node.sites.observe(self.site.id).await.unwrap();
        assert!(seen.site.is_some(), "it counts as configured");
        seen.edited.map(|edited| *edited)
    }

    fn lies(&self) -> String {
        std::fs::read_to_string(&self.include).unwrap()
    }

    /// What visitors get in the header that was edited.
    async fn sniffing(&self) -> String {
        let (status, shown) = self.node.get("https://hand.test/").await;
        assert_eq!(status, 200, "{}", shown.out);
        header(&shown.out, "X-Content-Type-Options").to_owned()
    }

    /// What follows on an answer, with this as the state.
    async fn put_back(&self, mark: EditMark, site: Webspace) {
        let acts = vec![
            Act::RestoreSite(site.id, mark),
            Act::ConfigureSite(Wish::Present(site.clone())),
            Act::ProbeSite(site.id, site.preview),
        ];
        let subject = (Subject::Webspace(self.site.id), 5);
        self.node.apply(subject, acts).await.unwrap();
    }
}

fn sniff(text: &str) -> String {
    text.replace("nosniff", "sniff")
}

#[tokio::test]
async fn what_was_edited_stays_is_told_of_and_put_back() {
    let hand = Hand::new(sniff).await;
    let edited = hand.edited().await.unwrap();
    assert_eq!(edited.aside, None);
    for line in [
        "-  add_header X-Content-Type-Options nosniff always;",
        "+  add_header X-Content-Type-Options sniff always;",
    ] {
        assert!(
            edited.difference.lines().any(|found| found == line),
            "{}",
            edited.difference
        );
    }
    // A change does not write over it, and holds nobody else up.
    let changed = Webspace {
        https_redirect: false,
        ..hand.site.clone()
    };
    let other = hand.node.webspace("anders");
    let (refused, went_on) = tokio::join!(
        hand.node.configure(Wish::Present(changed), 2),
        hand.node.bring(&other)
    );
    assert_eq!(refused.unwrap_err().code, "edited-by-hand");
    went_on.unwrap();
    // What is not in the file is done.
    let roomier = Webspace {
        quota: 5_000_000,
        ..hand.site.clone()
    };
    let wish = Wish::Present(roomier);
    hand.node.configure(wish.clone(), 3).await.unwrap();
    let seen = hand.node.sites.observe(hand.site.id).await.unwrap();
    assert_eq!(seen.site, Some(wish));
    assert_eq!(hand.lies(), hand.now);
    // Visitors get it once anything is loaded.
    assert_eq!(hand.sniffing().await, "sniff");
    // The answer is about exactly that text.
    let wrong = Act::RestoreSite(hand.site.id, "0".repeat(32).parse().unwrap());
    let subject = (Subject::Webspace(hand.site.id), 4);
    let refused = hand.node.apply(subject, vec![wrong]).await;
    assert_eq!(refused.unwrap_err().code, "edited-again");
    assert_eq!(hand.lies(), hand.now);
    hand.put_back(edited.mark, hand.site.clone()).await;
    assert_eq!(hand.lies(), hand.before);
    assert_eq!(hand.sniffing().await, "nosniff");
    assert_eq!(hand.edited().await, None);
    // What somebody wrote is not lost.
    let kept = nginx::edited(&hand.node.path("")).unwrap();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(std::fs::read_to_string(&kept[0].kept).unwrap(), hand.now);
    hand.node.end().await;
}

#[tokio::test]
async fn what_was_edited_stays_when_the_node_begins_anew() {
    let mut hand = Hand::new(sniff).await;
    hand.node = hand.node.again().await;
    hand.node.until("https://hand.test/", 200).await;
    assert_eq!(hand.lies(), hand.now);
    assert_eq!(hand.sniffing().await, "sniff");
    let edited = hand.edited().await.unwrap();
    assert_eq!(edited.aside, None);
    let told = hand.node.nginx.lost().next().await;
    assert!(told.into_iter().any(|id| id == hand.site.id.to_string()));
    hand.put_back(edited.mark, hand.site.clone()).await;
    assert_eq!(hand.sniffing().await, "nosniff");
    hand.node.end().await;
}

/// A copy under another name that nginx would read first, and one of PHP's, as somebody makes them to keep them.
#[tokio::test]
async fn a_copy_under_another_name_stands_in_nobodys_place_and_is_told() {
    let node = Node::new().await;
    let site = node.webspace("hand");
    node.bring(&site).await.unwrap();
    node.put(&site, "index.html", "as before");
    let text = std::fs::read_to_string(node.include(&site.id)).unwrap();
    let copies = [
        "nginx/sites/web_0-copy.conf".to_owned(),
        format!("nginx/sites/{}.conf.bak", site.id),
        "nginx/sites/x.conf".to_owned(),
    ];
    for copy in &copies {
        std::fs::write(node.path(copy), sniff(&text)).unwrap();
    }
    // What cannot even be read keeps nobody from a change.
    let broken = "nginx/sites/web_1-broken.conf";
    std::fs::write(node.path(broken), "no configuration").unwrap();
    node.bring(&node.webspace("anders")).await.unwrap();
    let (status, shown) = node.get("https://hand.test/").await;
    assert_eq!(status, 200, "{}", shown.out);
    assert_eq!(header(&shown.out, "X-Content-Type-Options"), "nosniff");
    let told = strays::beside(&node.path(""), &node.sites).unwrap();
    assert!(told.iter().all(|stray| !stray.is_read), "{told:?}");
    let told: Vec<String> = told.into_iter().map(|stray| stray.path).collect();
    for copy in copies.iter().map(String::as_str).chain([broken]) {
        assert!(told.iter().any(|path| path == copy), "{copy} in {told:?}");
    }
    assert_eq!(told.len(), 4, "{told:?}");
    node.end().await;
}

/// As somebody would write it: with a unit, and a remark.
fn more_uploads(text: &str) -> String {
    let place = text
        .rfind("\n  error_log ")
        .or_else(|| text.rfind("\n  access_log "));
    let (head, rest) = text.split_at(place.unwrap() + 1);
    let (line, rest) = rest.split_once('\n').unwrap();
    format!("{head}{line}\n  # for the shop\n  client_max_body_size 8m;\n{rest}")
}

#[tokio::test]
async fn what_settings_can_say_is_taken_over_and_the_file_says_the_state() {
    let hand = Hand::new(more_uploads).await;
    let edited = hand.edited().await.unwrap();
    assert_eq!(
        edited.reading,
        Reading::Settings(vec![EditedSetting::UploadBytes(Some(8 << 20))]),
        "{}",
        edited.difference
    );
    let taken = Webspace {
        rules: Box::new(SiteRules {
            upload_bytes: Some(8 << 20),
            ..SiteRules::default()
        }),
        ..hand.site.clone()
    };
    hand.put_back(edited.mark, taken.clone()).await;
    assert_eq!(hand.edited().await, None);
    let seen = hand.node.sites.observe(taken.id).await.unwrap();
    assert_eq!(seen.site, Some(Wish::Present(taken)));
    assert!(hand.lies().contains("client_max_body_size 8388608;"));
    hand.node.end().await;
}

#[tokio::test]
async fn what_no_setting_says_is_named_line_by_line() {
    let edit = |text: &str| {
        let line = "\n  add_header X-Content-Type-Options nosniff always;\n";
        more_uploads(text).replacen(line, &format!("{line}  add_header X-Hand yes always;\n"), 1)
    };
    let hand = Hand::new(edit).await;
    let edited = hand.edited().await.unwrap();
    assert_eq!(
        edited.reading,
        Reading::Lines(vec!["+  add_header X-Hand yes always;".to_owned()])
    );
    hand.node.end().await;
}

#[tokio::test]
async fn what_must_be_hidden_is_and_what_was_written_is_put_aside() {
    let hand = Hand::new(sniff).await;
    let hidden = Webspace {
        suspended: true,
        ..hand.site.clone()
    };
    hand.node.configure(Wish::Hidden(hidden), 2).await.unwrap();
    let (status, _) = hand.node.get("https://hand.test/").await;
    assert_eq!(status, 503);
    let edited = hand.edited().await.unwrap();
    assert_eq!(edited.aside, Some(Aside::Hidden));
    // It comes back as the settings say, and is told of until somebody answered.
    let shown = Wish::Present(hand.site.clone());
    hand.node.configure(shown, 3).await.unwrap();
    assert_eq!(hand.sniffing().await, "nosniff");
    let edited = hand.edited().await.unwrap();
    assert_eq!(edited.aside, Some(Aside::Hidden));
    hand.put_back(edited.mark, hand.site.clone()).await;
    assert_eq!(hand.edited().await, None);
    hand.node.end().await;
}

#[tokio::test]
async fn what_nginx_refuses_is_put_aside_and_breaks_nobody() {
    let hand = Hand::new(|text| format!("{text}no_such_thing on;\n")).await;
    let other = hand.node.webspace("anders");
    hand.node.bring(&other).await.unwrap();
    assert_eq!(hand.node.get("https://anders.test/").await.0, 200);
    assert_eq!(hand.sniffing().await, "nosniff");
    assert_eq!(hand.lies(), hand.before);
    let edited = hand.edited().await.unwrap();
    assert_eq!(edited.aside, Some(Aside::Refused));
    assert!(edited.difference.contains("+no_such_thing on;"));
    // It holds no change up.
    let changed = Webspace {
        https_redirect: false,
        ..hand.site.clone()
    };
    let changed = Wish::Present(changed);
    hand.node.configure(changed, 2).await.unwrap();
    hand.node.end().await;
}

#[tokio::test]
async fn whoever_else_a_broken_file_names_is_shown_on() {
    let hand = Hand::new(sniff).await;
    let (other, third) = (hand.node.webspace("anders"), hand.node.webspace("dritte"));
    hand.node.bring(&other).await.unwrap();
    let missing = hand.node.path(&format!("web/{}/missing.conf", other.id));
    let broken = format!("{}include {};\n", hand.before, missing.display());
    std::fs::write(&hand.include, broken).unwrap();
    hand.node.bring(&third).await.unwrap();
    assert_eq!(hand.node.get("https://anders.test/").await.0, 200);
    assert_eq!(hand.lies(), hand.before);
    let edited = hand.edited().await.unwrap();
    assert_eq!(edited.aside, Some(Aside::Refused));
    hand.node.end().await;
}

#[tokio::test]
async fn what_breaks_in_another_file_that_is_read_holds_nobody_up() {
    let hand = Hand::new(sniff).await;
    let beside = hand.node.path("beside.conf");
    std::fs::write(&beside, "map $host $by_hand { default 1; }\n").unwrap();
    let reads = format!("{}include {};\n", hand.before, beside.display());
    std::fs::write(&hand.include, &reads).unwrap();
    let other = hand.node.webspace("anders");
    hand.node.bring(&other).await.unwrap();
    assert_eq!(hand.lies(), reads, "nginx takes it");
    std::fs::write(&beside, "no_such_thing on;\n").unwrap();
    let changed = Webspace {
        https_redirect: false,
        ..other
    };
    let changed = Wish::Present(changed);
    // The include is the very file that was tried: one change is lost to that.
    let refused = hand.node.configure(changed.clone(), 2).await;
    assert_eq!(refused.unwrap_err().code, "probe-failed");
    hand.node.configure(changed, 3).await.unwrap();
    assert_eq!(hand.lies(), hand.before);
    let edited = hand.edited().await.unwrap();
    assert_eq!(edited.aside, Some(Aside::Refused));
    hand.node.end().await;
}

#[tokio::test]
async fn what_was_put_aside_before_waits_for_its_answer_when_the_next_is_put_back() {
    let hand = Hand::new(|text| format!("{text}no_such_thing on;\n")).await;
    let other = hand.node.webspace("anders");
    hand.node.bring(&other).await.unwrap();
    let first = hand.edited().await.unwrap();
    assert_eq!(first.aside, Some(Aside::Refused));
    std::fs::write(&hand.include, sniff(&hand.before)).unwrap();
    let second = hand.edited().await.unwrap();
    assert_eq!(second.aside, None);
    // Whoever answers about the one says nothing about the other.
    let act = Act::RestoreSite(hand.site.id, first.mark.clone());
    let refused = hand
        .node
        .apply((Subject::Webspace(hand.site.id), 4), vec![act]);
    assert_eq!(refused.await.unwrap_err().code, "edited-again");
    hand.put_back(second.mark, hand.site.clone()).await;
    assert_eq!(hand.lies(), hand.before);
    assert_eq!(hand.edited().await, Some(first.clone()));
    hand.put_back(first.mark, hand.site.clone()).await;
    assert_eq!(hand.edited().await, None);
    hand.node.end().await;
}

#[tokio::test]
async fn a_removed_webspace_that_was_edited_leaves_nothing() {
    let hand = Hand::new(sniff).await;
    // Once put aside, and edited once more.
    let hidden = Wish::Hidden(hand.site.clone());
    hand.node.configure(hidden, 2).await.unwrap();
    let shown = Wish::Present(hand.site.clone());
    hand.node.configure(shown, 3).await.unwrap();
    std::fs::write(&hand.include, &hand.now).unwrap();
    let id = hand.site.id;
    let acts = vec![Act::RemoveSite(id), Act::RemoveFolder(id)];
    let subject = (Subject::Webspace(id), 4);
    hand.node.apply(subject, acts).await.unwrap();
    assert_eq!(hand.node.get("https://hand.test/").await.0, 0);
    let folder = hand.node.end().await;
    holds_nothing_of(folder.path(), &id.to_string());
}
