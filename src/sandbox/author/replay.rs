//! `wabe plugin replay`

use crate::author::project::Project;
use crate::author::screen::{Done, Trouble, harmless, next, say};
use crate::author::stage::{Stage, counted, failure};
use crate::author::{build, disk};
use crate::run::Host;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use wabe_package::record::{Exchange, Recording};
use wabe_package::wire::{Answer, HostCall, Problem, RunOrder};

/// What to replay.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Run the component that is there
    #[arg(long)]
    no_build: bool,
    /// The recorded run, as the portal or simulate --record gave it
    file: PathBuf,
}

/// A host that answers what was answered then, as long as the plugin asks the same.
struct Then {
    calls: Vec<Exchange>,
    place: AtomicUsize,
    now: Mutex<Vec<Exchange>>,
}

impl Host for Then {
    fn call(
        &self,
        _number: u32,
        request: HostCall,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send + '_>> {
        let place = self.place.fetch_add(1, Ordering::Relaxed);
        let answer = match self.calls.get(place) {
            Some(exchange) if exchange.request == request => exchange.answer.clone(),
            _ => {
                let message = format!("the recording has another call at {place}");
                let how =
                    "the replay has left its recording; the first difference is named at its end";
                Err(Problem::new("unavailable", message, how))
            }
        };
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.push(Exchange {
            request,
            answer: answer.clone(),
        });
        drop(now);
        Box::pin(std::future::ready(answer))
    }
}

/// Runs a recorded run once more.
pub(crate) fn replay(project: &Project, arguments: &Arguments) -> Done {
    let name = disk::shown(&arguments.file);
    let recorded = Recording::read(&name, &disk::read_text(&arguments.file)?)?;
    if recorded.plugin != project.manifest.id {
        let cause = format!(
            "it was recorded of {}, this is {}",
            recorded.plugin, project.manifest.id
        );
        return Err(Trouble::one(
            &name,
            &cause,
            "Replay it in that plugin's project",
        ));
    }
    let component = build::build(project, !arguments.no_build)?;
    let stage = Stage::new(project, &component)?;
    if stage.component != recorded.component {
        say(&format!(
            "note: it was recorded with another build, of version {}; differences may be yours",
            recorded.version
        ));
    }
    let then = Arc::new(Then {
        calls: recorded.calls.clone(),
        place: AtomicUsize::new(0),
        now: Mutex::default(),
    });
    let ended = stage.play(&order(&recorded), Arc::<Then>::clone(&then));
    let calls = then
        .now
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let replayed = Recording {
        calls,
        ending: ended.ending.clone(),
        log: ended.log.clone(),
        usage: ended.usage.clone(),
        ..recorded.clone()
    };
    for line in &ended.log {
        say(&harmless(&format!("log {}: {}", line.level, line.message)));
    }
    say(&harmless(&match failure(&ended.ending) {
        Some(failure) => format!("it failed: {failure}"),
        None => format!("it succeeded after {} calls", replayed.calls.len()),
    }));
    match recorded.first_difference(&replayed) {
        None => {
            say("no difference: the same calls, the same end, the same log");
            next("change the plugin and replay again, or: wabe plugin pack");
            Ok(())
        }
        Some(_) if recorded.cut => {
            let cause =
                "the recording was cut because it was too large, so it cannot be replayed whole";
            Err(Trouble::one(&name, cause, "Choose a smaller run"))
        }
        Some(difference) => {
            let cause = harmless(&format!("first difference at {difference}"));
            Err(Trouble::one(
                &name,
                &cause,
                "Look at the code before that call",
            ))
        }
    }
}

fn order(recorded: &Recording) -> RunOrder {
    RunOrder {
        run: 1,
        artifact: String::new(),
        context: recorded.context.clone(),
        limits: counted(&recorded.limits, &recorded.entry),
        entry: recorded.entry.clone(),
        seed: recorded.seed.clone(),
    }
}
