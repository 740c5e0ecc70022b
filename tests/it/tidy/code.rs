//! Words that do not belong into the code, or into one place only.

use crate::repository::{files, is_kind, nothing_found, text};
use crate::tidy::source::{Source, product, sources};

/// The one file that puts statements together: names of customers' databases on servers, which bind values
/// and no names. Everything that goes into it is a literal or came from an engine's quoting function.
const RENDERED: &str = "src/drivers/database_server/rendered.rs";
/// The drivers that speak to customers' servers; the panel's own database is none of them.
const SERVERS: [&str; 3] = [
    "src/drivers/database_server/",
    "src/drivers/mariadb/",
    "src/drivers/postgresql/",
];

/// What makes a statement of a text that is no literal.
fn statements_of_texts() -> [String; 2] {
    [("Assert", "SqlSafe"), ("Query", "Builder")].map(|(first, second)| format!("{first}{second}"))
}

/// Never, nowhere.
fn never() -> Vec<String> {
    [
        ("tod", "o!("),
        ("unimplemented", "!("),
        ("db", "g!("),
        ("#[igno", "re"),
    ]
    .map(|(first, second)| format!("{first}{second}"))
    .to_vec()
}

#[test]
fn nothing_is_left_for_later_or_switched_off() {
    let never = never();
    let mut findings = Vec::new();
    for source in sources() {
        for (number, line) in source.code.iter().enumerate() {
            for word in never.iter().filter(|word| line.contains(*word)) {
                findings.push(format!("{}: {word}", source.at(number + 1)));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn no_example_in_a_docstring_waits_for_a_runner() {
    let mut findings = Vec::new();
    for path in files("src").into_iter().filter(|path| is_kind(path, "rs")) {
        let mut inside = false;
        for (number, line) in text(&path).lines().enumerate() {
            let comment = line.trim_start().strip_prefix("//");
            let Some(fence) = comment
                .and_then(|rest| rest.trim_start_matches(['/', '!', ' ']).strip_prefix("```"))
            else {
                continue;
            };
            // `./test` starts no runner for them, so that each would be one that nobody runs.
            if !inside && !fence.starts_with("text") {
                findings.push(format!(
                    "{path}:{}: an example belongs into a test",
                    number + 1
                ));
            }
            inside = !inside;
        }
    }
    nothing_found(&findings);
}

#[test]
fn statements_are_put_together_in_one_file() {
    let words = statements_of_texts();
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| source.path != RENDERED) {
        for (number, line) in source.code.iter().enumerate() {
            for word in words.iter().filter(|word| line.contains(*word)) {
                findings.push(format!("{}: {word}", source.at(number + 1)));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn routes_are_registered_in_one_place() {
    let mut findings = Vec::new();
    for source in product().filter(|source| source.path != "src/web/routes.rs") {
        for (number, line) in source.product_code() {
            let routed = line.contains(".route(") || line.contains(".route_service(");
            if routed || line.contains(".nest_service(") {
                findings.push(source.at(number));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn the_engine_is_asked_for_in_the_store_and_the_queue_only() {
    let mut findings = Vec::new();
    for source in product() {
        let allowed = ["src/store/", "src/jobs/queue/", "src/panel/"];
        if allowed.iter().any(|folder| source.path.starts_with(folder)) {
            continue;
        }
        for (number, line) in source.product_code() {
            if line.contains("Dialect::") || line.contains(".dialect()") {
                findings.push(source.at(number));
            }
        }
    }
    nothing_found(&findings);
}

#[test]
fn the_database_is_spoken_to_through_the_store_only() {
    let mut findings = Vec::new();
    let apart = |source: &Source| {
        let mut folders = SERVERS.iter().copied().chain(["src/store/"]);
        folders.any(|folder| source.path.starts_with(folder))
    };
    for source in product().filter(|source| !apart(source)) {
        for (number, line) in source.product_code() {
            if line.contains("sqlx::") {
                findings.push(source.at(number));
            }
        }
    }
    nothing_found(&findings);
}
