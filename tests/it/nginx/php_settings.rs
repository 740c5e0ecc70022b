//! What customers decide about PHP holds in a real PHP-FPM; and what that says of itself.

use crate::client::until;
use crate::nginx::node::Node;
use wabe_kernel::content::{Files as _, PhpStatus};
use wabe_kernel::desired::{Webspace, Wish};
use wabe_kernel::{Field as _, PhpCeiling, PhpSettings, PhpValues, SiteRules};

/// Prints what an application finds, one a line.
const SAYS: &str = r"<?php
foreach (explode(',', $_GET['of']) as $name) {
    echo $name, '=', ini_get($name), PHP_EOL;
}
";

/// Takes its time.
const SLOW: &str = "<?php sleep(2); echo 'at last';";

/// What stands in the rules of a site whose customer decided so.
fn rules(text: &str, upload_bytes: Option<i64>) -> Box<SiteRules> {
    let settings = PhpSettings::from_text(text).unwrap();
    Box::new(SiteRules {
        php: PhpValues::of(&settings, &PhpCeiling::default()),
        upload_bytes,
        ..SiteRules::default()
    })
}

#[tokio::test]
async fn settings_of_a_customer_hold_and_no_more_than_the_plan_allows() {
    let node = Node::new().await;
    let site = Webspace {
        php: Some(node.php()),
        rules: rules("", None),
        ..node.webspace("werte")
    };
    node.bring(&site).await.unwrap();
    node.put(&site, "says.php", SAYS);
    let names = "memory_limit,max_execution_time,max_input_vars,display_errors,error_reporting,\
                 date.timezone,default_charset,opcache.revalidate_freq,session.gc_maxlifetime,\
                 post_max_size,upload_max_filesize";
    let url = format!("https://werte.test/says.php?of={names}");
    let said = || async {
        let (status, printed) = node.get(&url).await;
        assert_eq!(status, 200, "{}", printed.out);
        let (_, body) = printed.out.split_once("\r\n\r\n").unwrap();
        body.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let usual = [
        "memory_limit=128M",
        "max_execution_time=60",
        "max_input_vars=2000",
        "display_errors=",
        "error_reporting=22527",
        "date.timezone=UTC",
        "default_charset=UTF-8",
        "opcache.revalidate_freq=2",
        "session.gc_maxlifetime=1440",
        "post_max_size=67108864",
        "upload_max_filesize=67108864",
    ];
    let found = said().await;
    for (line, usual) in found.iter().zip(usual) {
        // Off is an empty text, or a zero.
        let off = usual == "display_errors=" && line == "display_errors=0";
        assert!(off || line == usual, "{line} instead of {usual}");
    }
    assert_eq!(found.len(), usual.len());
    let chosen = "memory_limit = 512M\nmax_execution_time = 120\nmax_input_vars = 5000\n\
                  display_errors = on\nerror_reporting = all\ndate_timezone = Europe/Berlin\n\
                  default_charset = ISO-8859-15\nopcache_revalidate_freq = 0\n\
                  session_gc_maxlifetime = 7200";
    let more = Webspace {
        rules: rules(chosen, Some(1_000_000)),
        ..site.clone()
    };
    node.configure(Wish::Present(more), 2).await.unwrap();
    let wanted = [
        // The plan is the most.
        "memory_limit=256M",
        "max_execution_time=120",
        "max_input_vars=5000",
        "display_errors=1",
        "error_reporting=32767",
        "date.timezone=Europe/Berlin",
        "default_charset=ISO-8859-15",
        "opcache.revalidate_freq=0",
        "session.gc_maxlifetime=7200",
        "post_max_size=1000000",
        "upload_max_filesize=1000000",
    ];
    until("the new settings to hold", || async {
        (said().await == wanted).then_some(())
    })
    .await;
    node.end().await;
}

#[tokio::test]
async fn a_pool_says_how_it_is_and_what_took_long_but_to_no_visitor() {
    let node = Node::new().await;
    let plain = node.webspace("ohne");
    node.bring(&plain).await.unwrap();
    assert_eq!(node.files().php(plain.id).await, Ok(None));
    let site = Webspace {
        php: Some(node.php()),
        ..node.webspace("zahlen")
    };
    node.bring(&site).await.unwrap();
    node.put(&site, "slow.php", SLOW);
    let files = node.files();
    let status = || async { files.php(site.id).await.unwrap().unwrap() };
    let before: PhpStatus = status().await;
    let busy = async {
        until("somebody to be worked on", || async {
            (status().await.active == 1).then_some(())
        })
        .await;
    };
    let ((code, printed), ()) = tokio::join!(node.get("https://zahlen.test/slow.php"), busy);
    assert!(code == 200 && printed.out.ends_with("at last"));
    let after = until("nobody to be worked on", || async {
        let now = status().await;
        (now.active == 0).then_some(now)
    })
    .await;
    assert!(after.accepted > before.accepted && after.waiting == 0);
    for path in ["wabe-status", "wabe-status?json", "slow.php/wabe-status"] {
        let (_, printed) = node.get(&format!("https://zahlen.test/{path}")).await;
        assert!(!printed.out.contains("accepted conn"), "{}", printed.out);
    }
    node.end().await;
}
