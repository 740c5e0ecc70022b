//! What each verb does.

use crate::cli::arguments::{
    Arguments, AuditVerb, Authority, ConfigVerb, CustomerVerb, DemoVerb, Place, StoreVerb,
    TokenVerb, UserVerb, Verb,
};
use crate::cli::output::{DONE, FAULT, REFUSED, WRONG, fail, say, warn};
use crate::config::{self, Config};
use crate::control::{self, Operation};
use crate::data_dir::DataDir;
use crate::demo;
use crate::doctor;
use crate::ground::{Ground, location};
use crate::listeners::{configured_ports, house};
use crate::operations;
use crate::ready::Ready;
use crate::serve::Running;
use crate::sibling;
use serde_json::Value;
use std::process::ExitCode;
use wabe_kernel::Fault;
use wabe_store::{Location, Store};

/// The configuration of this place: flag over environment over file over default.
fn configured(place: &Place) -> Result<Config, ExitCode> {
    let mut config = config::load(place.config.as_deref()).map_err(|problems| {
        let text = format!("the configuration is wrong:\n  {}", problems.join("\n  "));
        fail(WRONG, &text)
    })?;
    if let Some(data) = &place.data {
        config.data.clone_from(data);
    }
    if let Some(url) = &place.database {
        config.database = Some(url.clone());
        let problems = config.problems();
        if !problems.is_empty() {
            return Err(fail(WRONG, &problems.join("\n  ")));
        }
    }
    Ok(config)
}

/// The same with the authority that was named on the command line.
fn with_authority(mut config: Config, named: Authority) -> Result<Config, ExitCode> {
    let Authority {
        acme,
        acme_contact,
        acme_root,
    } = named;
    let settings = &mut config.acme;
    settings.directory = acme.or_else(|| settings.directory.take());
    settings.contact = acme_contact.or_else(|| settings.contact.take());
    settings.root = acme_root.or_else(|| settings.root.take());
    let problems = config.problems();
    if problems.is_empty() {
        Ok(config)
    } else {
        Err(fail(WRONG, &problems.join("\n  ")))
    }
}

/// Says what is allowed and yet worth a second thought.
fn think_again(config: &Config) {
    for warning in config.warnings() {
        warn(&warning);
    }
}

/// Does what was typed.
pub async fn run(arguments: Arguments) -> ExitCode {
    match Box::pin(dispatch(arguments.verb)).await {
        Ok(()) => ExitCode::from(DONE),
        Err(code) => code,
    }
}

fn broken(fault: &Fault) -> ExitCode {
    fail(FAULT, &fault.chain())
}

/// Says everything that was found; refuses when something is wrong.
async fn look(config: &Config, as_json: bool) -> Result<(), ExitCode> {
    let findings = Box::pin(doctor::examine(config)).await;
    if as_json {
        say(&doctor::as_json(&findings));
    } else {
        for finding in &findings {
            say(&finding.to_string());
        }
    }
    if findings.iter().any(doctor::Finding::is_bad) {
        Err(ExitCode::from(REFUSED))
    } else {
        Ok(())
    }
}

/// Runs the demo, or prints the codes of one that runs.
async fn demonstrate(
    place: Place,
    options: demo::Options,
    verb: Option<DemoVerb>,
) -> Result<(), ExitCode> {
    let done = match verb {
        Some(DemoVerb::Code { email, data }) => {
            let config = configured(&Place { data, ..place })?;
            demo::print_codes(&config.data, email.as_deref())
        }
        None => Box::pin(demo::run(configured(&place)?, options)).await,
    };
    done.map_err(|fault| broken(&fault))
}

async fn dispatch(verb: Verb) -> Result<(), ExitCode> {
    match verb {
        Verb::Demo {
            place,
            ephemeral_ports,
            ready_file,
            fresh,
            plugins,
            services,
            verb,
        } => {
            let options = demo::Options {
                ephemeral_ports,
                ready_file,
                fresh,
                plugins,
                services,
            };
            Box::pin(demonstrate(place, options, verb)).await
        }
        Verb::Serve {
            place,
            ephemeral_ports,
            ready_file,
            authority,
        } => {
            let config = with_authority(configured(&place)?, authority)?;
            serve(config, ephemeral_ports, ready_file.as_deref())
                .await
                .map_err(|fault| broken(&fault))
        }
        Verb::Migrate { place } => migrate(&configured(&place)?)
            .await
            .map_err(|fault| broken(&fault)),
        Verb::Store(StoreVerb::Move { place, to }) => {
            let config = configured(&place)?;
            crate::store_move::run(&config, &to)
                .await
                .map_err(|fault| broken(&fault))
        }
        Verb::User(verb) => user(verb).await,
        Verb::Customer(verb) => customer(verb).await,
        Verb::Token(verb) => token(verb).await,
        Verb::Audit(verb) => audit(verb).await,
        Verb::Plugin { arguments } => {
            let all = std::iter::once("plugin".into()).chain(arguments);
            let error = sibling::become_it("wabe-sandbox", all.collect());
            Err(fail(FAULT, &error.to_string()))
        }
        Verb::Doctor { place, json } => look(&configured(&place)?, json).await,
        Verb::Node(verb) => crate::cli::node::run(verb),
        Verb::Config(ConfigVerb::Check { place }) => {
            think_again(&configured(&place)?);
            say("the configuration is fine");
            Ok(())
        }
        Verb::Config(ConfigVerb::Show { place }) => {
            let config = configured(&place)?;
            let text = config::show(&config).map_err(|fault| broken(&fault))?;
            think_again(&config);
            say(text.trim_end());
            Ok(())
        }
    }
}

async fn serve(
    config: Config,
    ephemeral: bool,
    ready_file: Option<&std::path::Path>,
) -> Result<(), Fault> {
    let running = Running::start(config, ephemeral, (false, false)).await?;
    let house = &running.ground.house;
    if let Some(file) = ready_file {
        Ready::new(house, running.sites_http, running.node.ca.ca_path(), &[])
            .with_services(running.has_services())
            .write(file)?;
    }
    if let Some(agent) = &running.node.agent {
        say(&agent.summary());
    }
    say(&format!("portal: {}", house.portal_url));
    running.until_told().await;
    Ok(())
}

async fn migrate(config: &Config) -> Result<(), Fault> {
    let data = DataDir::open(&config.data)?;
    let _lock = data.lock()?;
    let store = Store::open(&location(config, &data)?).await?;
    store.migrate().await?;
    store.close().await;
    say("the database is up to date");
    Ok(())
}

/// Asks the running panel, or opens the data folder when none runs.
async fn perform(place: &Place, operation: Operation) -> Result<Value, ExitCode> {
    let config = configured(place)?;
    let data = DataDir::open(&config.data).map_err(|fault| broken(&fault))?;
    let asked = control::ask(&data.control_socket(), &operation).await;
    let asked = asked
        .map_err(|error| fail(FAULT, &format!("the running panel did not answer: {error}")))?;
    let answer = match asked {
        Some(answer) => answer,
        None => alone(config, data, operation)
            .await
            .map_err(|fault| broken(&fault))?,
    };
    answer.map_err(|why| fail(REFUSED, &why))
}

async fn alone(
    config: Config,
    data: DataDir,
    operation: Operation,
) -> Result<control::Answer, Fault> {
    if let Location::Sqlite(file) = location(&config, &data)?
        && !file.is_file()
    {
        return Ok(Err(format!(
            "{}: there is no database here; name the data folder with --data",
            data.path().display()
        )));
    }
    let _lock = data.lock()?;
    let house = house(&config, configured_ports(&config), false)?;
    let ground = Ground::open(config, data, house).await?;
    let answer = operations::run(&ground, operation).await;
    ground.store.close().await;
    Ok(answer)
}

async fn user(verb: UserVerb) -> Result<(), ExitCode> {
    match verb {
        UserVerb::Create {
            place,
            email,
            name,
            role,
        } => {
            let operation = Operation::StaffCreate {
                email,
                name,
                roles: role,
            };
            let made = perform(&place, operation).await?;
            say_initial_password(&made);
        }
        UserVerb::List { place } => {
            for line in rows(&perform(&place, Operation::StaffList).await?) {
                say(&columns(line, &["email", "role", "name"]));
            }
        }
    }
    Ok(())
}

async fn customer(verb: CustomerVerb) -> Result<(), ExitCode> {
    match verb {
        CustomerVerb::Create {
            place,
            name,
            plan,
            owner_name,
            owner_email,
            second_email,
            purpose,
        } => {
            let operation = Operation::CustomerCreate {
                name,
                plan,
                owner_name,
                owner_email,
                second_email,
                purpose,
            };
            let made = perform(&place, operation).await?;
            say(&columns(&made, &["number"]));
            say_initial_password(&made);
        }
        CustomerVerb::List { place, search } => {
            for line in rows(&perform(&place, Operation::CustomerList { search }).await?) {
                say(&columns(line, &["number", "plan", "suspended", "name"]));
            }
        }
    }
    Ok(())
}

async fn token(verb: TokenVerb) -> Result<(), ExitCode> {
    match verb {
        TokenVerb::Create {
            place,
            user,
            customer,
            scope,
            days,
            name,
        } => {
            let operation = Operation::TokenCreate {
                user,
                customer,
                scopes: scope,
                days,
                name,
            };
            let made = perform(&place, operation).await?;
            say(made.get("token").and_then(Value::as_str).unwrap_or(""));
        }
        TokenVerb::List { place } => {
            for line in rows(&perform(&place, Operation::TokenList).await?) {
                say(&columns(
                    line,
                    &["id", "email", "expires", "last_used", "scopes", "name"],
                ));
            }
        }
        TokenVerb::Revoke { place, id, purpose } => {
            perform(&place, Operation::TokenRevoke { id, purpose }).await?;
            say("the token is ended");
        }
    }
    Ok(())
}

async fn audit(verb: AuditVerb) -> Result<(), ExitCode> {
    let (place, known, verify) = match verb {
        AuditVerb::Verify { place, known } => (place, known, true),
        AuditVerb::Dump { place } => (place, Vec::new(), false),
    };
    let answer = perform(&place, Operation::AuditDump).await?;
    let text = |name| answer.get(name).and_then(Value::as_str).unwrap_or("");
    if !verify {
        say(text("dump").trim_end());
        return Ok(());
    }
    let mut notes = Vec::new();
    for file in known {
        let note = std::fs::read_to_string(&file);
        notes.push(note.map_err(|error| fail(WRONG, &format!("{}: {error}", file.display())))?);
    }
    match wabe_verify::verify_log(text("dump").as_bytes(), text("key"), &notes) {
        Ok(report) => {
            say(&format!(
                "the record is sound: {} changes, key {}",
                report.entries,
                text("key")
            ));
            Ok(())
        }
        Err(finding) => {
            let (line, what) = (finding.line, finding.what.code());
            Err(fail(
                REFUSED,
                &format!("the record is not sound: line {line}, {what}"),
            ))
        }
    }
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Fields of one line, separated by tabs.
fn columns(value: &Value, names: &[&str]) -> String {
    let cell = |name: &&str| match value.get(*name) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    names.iter().map(cell).collect::<Vec<_>>().join("\t")
}

fn say_initial_password(made: &Value) {
    if let Some(password) = made.get("initial_password").and_then(Value::as_str) {
        say(&format!("initial password, good for a day: {password}"));
    }
}
