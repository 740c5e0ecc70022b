//! Samples of the pages of messages.

use wabe_kernel::State;
use wabe_kernel::content::{Attachment, Message as Mail};
use wabe_web::check::check_samples;
use wabe_web::{Face, Sample, Visitor};

use crate::mailbox::samples::{frame, head, sample};
use crate::message::html::HtmlPage;
use crate::message::list::ListPage;
use crate::message::remove::DeletePage;
use crate::message::show::ShowPage;
use crate::samples::visitor;

fn mail(html: bool, attached: bool) -> Mail {
    let attachment = |index, name: &str| Attachment {
        index,
        name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 284_000,
    };
    Mail {
        head: head(true),
        to: "donaudampfschiff@sonnenkorn-baeckerei.example".to_owned(),
        text: "Guten Tag,\n\nanbei <die> Rechnung & der Lieferschein.\n".to_owned(),
        html: html.then(|| "<p>Guten Tag, <b>anbei</b> die Rechnung.</p>".to_owned()),
        attachments: if attached {
            vec![
                attachment(0, "Rechnung Übersicht 2026.pdf"),
                attachment(1, "a&b.png"),
            ]
        } else {
            Vec::new()
        },
    }
}

fn list(filled: bool) -> ListPage {
    ListPage {
        frame: frame(State::Live),
        heads: if filled {
            vec![head(false), head(true)]
        } else {
            Vec::new()
        },
        newer: if filled {
            "/mailboxes/mbx_1/messages".to_owned()
        } else {
            String::new()
        },
        older: if filled {
            "/mailboxes/mbx_1/messages?after=100".to_owned()
        } else {
            String::new()
        },
        deleted: filled,
    }
}

sample!(ListPage, vec![list(true), list(false)]);

fn show(mail: Mail, looks: bool) -> ShowPage {
    ShowPage {
        mailbox: "donaudampfschiff@sonnenkorn-baeckerei.example".to_owned(),
        href: "/mailboxes/mbx_1".to_owned(),
        mail,
        looks,
    }
}

sample!(
    ShowPage,
    vec![
        show(mail(true, true), true),
        show(mail(false, false), false)
    ]
);

sample!(HtmlPage, {
    vec![Self {
        back: "/mailboxes/mbx_1/messages/1".to_owned(),
        subject: "Rechnung & Lieferschein".to_owned(),
        html: "<p>Guten Tag, <b>anbei</b> die Rechnung.</p>".to_owned(),
    }]
});

sample!(DeletePage, {
    vec![Self {
        here: "/mailboxes/mbx_1/messages/1".to_owned(),
        subject: "Rechnung & <Lieferschein>".to_owned(),
        from: "Großhandel <bestellung@muehle.example>".to_owned(),
    }]
});

#[test]
fn the_pages_are_sound_in_both_languages() {
    let none = Vec::<String>::new();
    assert_eq!(check_samples::<ListPage>(), none);
    assert_eq!(check_samples::<ShowPage>(), none);
    assert_eq!(check_samples::<HtmlPage>(), none);
    assert_eq!(check_samples::<DeletePage>(), none);
}

// 3.12 T1
#[test]
fn the_senders_layout_may_load_and_run_nothing() {
    let view = wabe_web::check::sample_view(
        &crate::PORTAL,
        Some(visitor()),
        wabe_kernel::Language::De,
        wabe_web::Theme::Auto,
    );
    let html = view.page(HtmlPage::samples().remove(0)).html().unwrap();
    let policy = "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
                  base-uri 'none'; form-action 'none'\"";
    let (at, title) = (html.find(policy).unwrap(), html.find("<title>").unwrap());
    assert!(at < title && !html.contains("<script") && !html.contains("<link"));
}
