//! What the customer's change log says: each command has words of its own, each field of what it changes a name.

use wabe_kernel::Language;
use wabe_testkit::commands;
use wabe_web::Texts;

/// What is recorded with no customer, so that no change log of one shows it: the nouns.
const HOSTERS: [&str; 6] = [
    "access_review",
    "canned_reply",
    "known_problem",
    "staff",
    "staff_role",
    "ticket_view",
];

#[test]
fn every_command_that_a_customer_reads_of_has_words_of_its_own() {
    let mut missing = Vec::new();
    for spec in commands() {
        let noun = spec.name.split('.').next().unwrap();
        if HOSTERS.contains(&noun) {
            continue;
        }
        let id = format!("done-{}", spec.name.replace(['.', '_'], "-"));
        let languages = Language::ALL.into_iter();
        missing.extend(
            languages
                .filter(|language| !Texts::global().has(*language, &id))
                .map(|language| format!("{language}: {id}")),
        );
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_field_of_webspaces_databases_and_cron_jobs_that_changes_has_a_name() {
    for field in [
        "asked_at",
        "command",
        "connections",
        "document_root",
        "enabled",
        "error_pages",
        "folder_keys",
        "full_addresses_until",
        "hosts",
        "hsts",
        "https_redirect",
        "name",
        "php",
        "php_settings",
        "proxy",
        "quota_bytes",
        "redirects",
        "remote_addresses",
        "schedule",
        "server",
        "upload_bytes",
        "webspace_id",
    ] {
        let id = format!("field-{field}");
        for language in Language::ALL {
            assert!(Texts::global().has(language, &id), "{language}: {id}");
        }
    }
}
