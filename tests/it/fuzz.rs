//! Any input at the parsers that only the whole house has together: commands, the command line, the
//! configuration, exports of the record, answers of the outside. Each is read, or refused; none
//! panics, and what was read means the same when it is read again.

use clap::Parser as _;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use std::fmt::{Debug, Display};
use std::fs;
use std::str::FromStr;
use wabe_access::{CustomerNumber, Limit, Permission, Role, StaffRole};
use wabe_audit::{ChangeKind, Keys};
use wabe_hosting::webspace::CreateAccessKey;
use wabe_identity::customer::key::CustomerKey;
use wabe_kernel::id::CustomerId;
use wabe_kernel::{DomainName, Field, Fields};
use wabe_panel::cli::Arguments;
use wabe_panel::control::{Answer, Operation};
use wabe_panel::ready::Account;
use wabe_support::ticket::model::Day;
use wabe_support::ticket::{Status, TicketNumber};
use wabe_testkit::{Engine, House, commands};

/// Pieces that some parser looks for.
const PIECES: [&str; 30] = [
    "",
    " ",
    ".",
    "-",
    "--",
    "_",
    "@",
    "/",
    "=",
    ":",
    ",",
    "\"",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "\0",
    "\u{202e}",
    "K",
    "10234",
    "0",
    "-1",
    "1e999",
    "true",
    "a.test",
    "info@a.test",
    "ssh-ed25519 ",
    "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f",
    "cus_01kaj8xv00e0m9f8w2v3x4y5z6",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = vec(select(PIECES.to_vec()), 0..7).prop_map(|pieces| pieces.concat());
    prop_oneof![any::<String>(), pieces]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec((text(), inner), 0..3).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// What a text means, its own form means as well.
fn agree<T: FromStr + Display + PartialEq + Debug>(text: &str) -> Result<(), TestCaseError> {
    if let Ok(value) = text.parse::<T>() {
        let again = value.to_string().parse::<T>().ok();
        prop_assert_eq!(again, Some(value));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_fields_are_a_command_or_named_errors(values in vec(value(), 8), more in text()) {
        for spec in commands() {
            let named = spec.fields.iter().zip(values.iter().cycle());
            let mut object: Map<String, Value> =
                named.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            let form = object.iter().map(|(name, value)| {
                (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            });
            let form = form.collect();
            for errors in [(spec.check)(&object), (spec.check_form)(&form)].into_iter().filter_map(Result::err) {
                prop_assert!(errors.0.keys().all(|name| spec.fields.contains(&name.as_str())));
            }
            drop((spec.inverse)(&values[0], &values[1]));
            object.insert(format!("{more}?"), Value::Null);
            prop_assert!((spec.check)(&object).is_err(), "{}", spec.name);
        }
    }
}

proptest! {
    #[test]
    fn any_text_as_a_word_of_the_house(text in text()) {
        agree::<CustomerNumber>(&text)?;
        agree::<CustomerKey>(&text)?;
        agree::<Limit>(&text)?;
        agree::<Role>(&text)?;
        agree::<StaffRole>(&text)?;
        agree::<Permission>(&text)?;
        agree::<Status>(&text)?;
        if let Ok(number) = text.parse::<TicketNumber>() {
            prop_assert_eq!(number.to_string().parse::<TicketNumber>().unwrap(), number);
        }
        prop_assert_eq!(Day::from_text(&text), Day::from_json(&json!(text)));
        if let Ok(kind) = text.parse::<ChangeKind>() {
            prop_assert_eq!(kind.word(), text.as_str());
        }
        prop_assert_eq!(CustomerKey::from_text(&text), CustomerKey::from_json(&json!(text)));
    }

    #[test]
    fn any_text_as_a_public_key_is_one_line_or_refused(text in text()) {
        for text in [format!("ssh-ed25519 {text}"), text] {
            let id = "web_01kaj8xv00e0m9f8w2v3x4y5z6";
            let object = json!({ "webspace_id": id, "name": "x", "public_key": text });
            if let Ok(command) = CreateAccessKey::from_json(object.as_object().unwrap()) {
                let shown = format!("{:?}", command.public_key);
                prop_assert!(shown.starts_with("PublicKey(\"ssh-ed25519 ") && !shown.contains('\\'), "{}", shown);
            }
        }
    }

    #[test]
    fn any_arguments_are_understood_or_explained(
        words in vec(
            prop_oneof![
                select(vec![
                    "wabe", "demo", "serve", "user", "create", "list", "customer", "token", "audit",
                    "verify", "config", "show", "store", "move", "--data", "--config", "--to",
                    "--email", "--name", "--role", "--days", "--scope", "--user", "--help", "--", "-1",
                ])
                .prop_map(str::to_owned),
                text(),
            ],
            0..9,
        ),
    ) {
        let words = std::iter::once("wabe".to_owned()).chain(words);
        if let Err(error) = Arguments::try_parse_from(words) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn any_line_on_the_control_socket_is_an_operation_or_none(value in value(), text in text()) {
        let tagged = json!({ "operation": text, "user": value, "search": value });
        for line in [value.to_string(), tagged.to_string(), text] {
            if let Ok(operation) = serde_json::from_str::<Operation>(&line) {
                let again = serde_json::to_string(&operation).unwrap();
                prop_assert!(serde_json::from_str::<Operation>(&again).is_ok());
            }
            drop(serde_json::from_str::<Answer>(&line));
            drop(serde_json::from_str::<Vec<Account>>(&line));
        }
    }

    // 3.10 T3
    #[test]
    fn any_lines_as_an_export_are_found_unsound(lines in vec(line(), 0..6), key in text()) {
        let own = record_key();
        let note = json!({ "type": "checkpoint", "note": format!("{own}\n1\nAA==\ntime 1\n\n— {own} AA==\n") });
        let text = format!("{note}\n{}", lines.concat());
        for key in [own.as_str(), &key] {
            for text in [text.as_str(), &lines.concat()] {
                prop_assert!(wabe_verify::verify_export(text.as_bytes(), key, None).is_err());
                prop_assert!(wabe_verify::verify_export(text.as_bytes(), key, Some(text)).is_err());
                prop_assert!(wabe_verify::verify_log(text.as_bytes(), key, &[]).is_err());
            }
        }
    }
}

/// The key of a record, as it is published.
fn record_key() -> String {
    let keys = std::sync::Arc::new(Keys::from_bytes(&[1; 32], &[2; 32]).unwrap());
    let clock = std::sync::Arc::new(wabe_testkit::TestClock::default());
    wabe_audit::Sequencer::new(keys, clock, "wabe.test/record".to_owned()).verifier_key()
}

/// A line of an export, with values that nobody wrote.
fn line() -> impl Strategy<Value = String> {
    let kinds = [
        "checkpoint",
        "consistency",
        "entry",
        "leaf",
        "end",
        "dump_end",
        "other",
    ];
    (
        select(kinds.to_vec()),
        vec(value(), 18),
        any::<u64>(),
        any::<bool>(),
    )
        .prop_map(|(kind, values, number, whole)| {
            let names = [
                "note",
                "from",
                "proof",
                "id",
                "customer",
                "seq",
                "at",
                "actor_kind",
                "command",
                "object_kind",
                "object_id",
                "kind",
                "payload_hmac",
                "leaf_index",
                "salt",
                "payload",
                "entries",
                "size",
            ];
            let mut object = json!({ "type": kind });
            for (name, value) in names.into_iter().zip(values) {
                object[name] = value;
            }
            if whole {
                for name in ["seq", "leaf_index", "entries", "size", "from"] {
                    object[name] = json!(number);
                }
                object["proof"] = json!([]);
            }
            format!("{object}\n")
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_file_as_the_configuration_is_read_or_every_problem_named(
        lines in vec(
            (
                select(vec![
                    "data", "database", "portal_url", "preview_suffix", "profile", "proxies",
                    "hashing_memory_mib", "listen.smtp", "listen.portal", "mail.from", "mail.tls", "else",
                ]),
                prop_oneof![text(), value().prop_map(|value| value.to_string())],
            ),
            0..6,
        ),
        noise in prop_oneof![3 => Just(String::new()), 1 => text()],
    ) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wabe.toml");
        let lines = lines.iter().map(|(name, value)| format!("{name} = {value}\n"));
        fs::write(&file, lines.collect::<String>() + &noise).unwrap();
        match wabe_panel::config::load(Some(&file)) {
            Ok(config) => prop_assert!(wabe_panel::config::show(&config).is_ok()),
            Err(problems) => {
                prop_assert!(!problems.is_empty() && problems.iter().all(|problem| !problem.is_empty()));
            }
        }
    }
}

/// Where the proof of a domain is looked for, and what must stand there.
async fn proof(house: &House, customer: CustomerId, id: &str) -> (String, String) {
    let mut tx = house.db.store.read_for(customer).await.unwrap();
    let scope = wabe_access::Scope::system(customer);
    let found = wabe_hosting::domain::load(&mut tx, &scope, id.parse().unwrap()).await;
    tx.rollback().await.unwrap();
    let proofs = found.unwrap().with_proofs(&house.facts).proofs.unwrap();
    (proofs.txt_name, proofs.txt_value)
}

// Bar part 2: nothing but the proof proves.
#[test]
fn any_answer_of_the_outside_proves_a_domain_only_when_it_is_the_proof() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (house, tenant) = runtime.block_on(async {
        let house = House::builder(Engine::Sqlite).in_earnest().build().await;
        let tenant = house.tenant("Sonne").await;
        (house, tenant)
    });
    let number = std::cell::Cell::new(0);
    let answers = (
        vec(text(), 0..4),
        vec("[a-z]{1,4}", 0..3),
        text(),
        any::<bool>(),
    );
    let config = ProptestConfig::with_cases(24);
    proptest!(config, |((txt, servers, file, right) in answers)| {
        number.set(number.get() + 1);
        let name = format!("name{}.example", number.get());
        let verified = runtime.block_on(async {
            let made = house.run_json(&tenant.owner, "domain.create", json!({ "name": name })).await;
            let id = made.unwrap().output["id"].clone();
            let records: Vec<&str> = txt.iter().map(String::as_str).collect();
            house.lookup.set_txt(&format!("_wabe.{name}"), &records);
            let servers = servers.iter().map(|label| format!("ns1.{label}.ns.wabe.test"));
            let servers: Vec<DomainName> = servers.map(|server| server.parse().unwrap()).collect();
            house.lookup.set_name_servers(&name, &servers);
            house.lookup.set_file(&name, "wabe-verification.txt", &file);
            if right {
                let (at, value) = proof(&house, tenant.id, id.as_str().unwrap()).await;
                let records: Vec<&str> = records.into_iter().chain([value.as_str()]).collect();
                house.lookup.set_txt(&at, &records);
            }
            let input = json!({ "id": id });
            let verified = house.run_json(&tenant.owner, "domain.verify", input.clone()).await;
            house.run_json(&tenant.owner, "domain.delete", input).await.unwrap();
            verified.is_ok()
        });
        prop_assert_eq!(verified, right);
    });
}
