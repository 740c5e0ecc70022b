//! Inside the sandbox: `wabe-sandbox bench`, in a process of its own.

use super::Subject;
use crate::report::{Outcome, Row};
use serde::Deserialize;
use serde_json::json;
use std::process::Command;
use std::time::Duration;
use wabe_package::Limits;
use wabe_panel::sibling::beside;

const RUNS: &str = "5000";
const COPIES: &str = "1000";
const KILLS: &str = "20";

/// What it says.
#[derive(Deserialize)]
struct Report {
    compiled_ns: u64,
    instantiate: Spread,
    call: Spread,
    whole: Spread,
    cpu: Spread,
    per_second: u64,
    ending: String,
    idle: Option<Idle>,
}

#[derive(Deserialize)]
struct Spread {
    p50_ns: u64,
    p99_ns: u64,
}

#[derive(Deserialize)]
struct Idle {
    #[serde(rename = "artifact_bytes")]
    artifact: u64,
    #[serde(rename = "private_bytes")]
    private: u64,
    #[serde(rename = "mapped_bytes")]
    mapped: u64,
}

/// A count as a figure.
fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

impl Spread {
    fn p50(&self) -> f64 {
        float(self.p50_ns) / 1_000.0
    }

    fn p99(&self) -> f64 {
        float(self.p99_ns) / 1_000.0
    }

    fn cell(&self) -> String {
        format!("p50 {:.1} µs, p99 {:.1} µs", self.p50(), self.p99())
    }
}

fn measure(subject: &Subject, settings: &str, more: &[&str]) -> Outcome<Report> {
    let folder = tempfile::tempdir()?;
    let component = folder.path().join("component.wasm");
    let artifacts = folder.path().join("artifacts");
    std::fs::create_dir(&artifacts)?;
    std::fs::write(&component, subject.packed.component())?;
    let mut command = Command::new(beside("wabe-sandbox")?);
    command.args(["bench", "--json", "--topic", subject.topic, "--payload"]);
    command
        .arg(subject.payload.to_string())
        .args(["--settings", settings]);
    command
        .args(more)
        .arg("--folder")
        .arg(&artifacts)
        .arg(&component);
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The rows, and how long the engine alone took to compile each.
pub(super) fn run(subjects: &[Subject; 2]) -> Outcome<(Vec<Row>, Vec<Duration>)> {
    let (mut rows, mut compiled) = (Vec::new(), Vec::new());
    let targets = [(20.0, 40_000, 250), (120.0, 7_000, 450)];
    for (subject, target) in subjects.iter().zip(targets) {
        let settings = subject.settings.to_string();
        let report = measure(subject, &settings, &["--runs", RUNS, "--copies", COPIES])?;
        if !report.ending.starts_with("Done") {
            return Err(format!("{}: {}", subject.language, report.ending).into());
        }
        compiled.push(Duration::from_nanos(report.compiled_ns));
        rows.extend(of_language(subject.language, &report, target)?);
    }
    rows.push(killed(&subjects[0])?);
    Ok((rows, compiled))
}

fn of_language(
    language: &str,
    report: &Report,
    (micros, per_second, kib): (f64, u64, u64),
) -> Outcome<Vec<Row>> {
    let bare = format!(
        "a bare call of an instance that is there: {}",
        report.call.cell()
    );
    let bare_per_second = 1_000_000_000 / report.call.p50_ns.max(1);
    let idle = report.idle.as_ref().ok_or("no copies were measured")?;
    Ok(vec![
        Row::new(
            format!("a fresh instance, {language}"),
            report.instantiate.cell(),
        )
        .beside(bare.clone(), report.instantiate.p50() / report.call.p50()),
        Row::new(format!("a whole run, {language}"), report.whole.cell())
            .beside(bare, report.whole.p50() / report.call.p50())
            .target(&format!("p50 ≤ {micros} µs"), report.whole.p50() <= micros),
        Row::new(
            format!("events on one core, {language}"),
            format!("{}/s", report.per_second),
        )
        .beside(
            format!("bare calls: {bare_per_second}/s"),
            float(report.per_second) / float(bare_per_second),
        )
        .target(
            &format!("≥ {} 000/s", per_second / 1_000),
            report.per_second >= per_second,
        ),
        // Pages of the file are the system's: it takes them back when it needs them.
        Row::new(
            format!("memory of an idle plugin, 1 000 loaded, {language}"),
            format!(
                "{} KiB of its own; {} KiB of its file are mapped",
                idle.private >> 10,
                idle.mapped >> 10
            ),
        )
        .beside(
            format!("the file: {} KiB", idle.artifact >> 10),
            float(idle.private) / float(idle.artifact),
        )
        .target(
            &format!("≤ {kib} KiB of its own"),
            idle.private >> 10 <= kib,
        ),
    ])
}

/// An endless loop, and how long it goes on beyond its limit.
fn killed(subject: &Subject) -> Outcome<Row> {
    let settings = json!({ "domain": "", "endless": true }).to_string();
    let report = measure(
        subject,
        &settings,
        &["--whole", "--runs", KILLS, "--warm", "2"],
    )?;
    if !report.ending.starts_with("Limit") {
        return Err(format!("an endless loop ended as {}", report.ending).into());
    }
    let limit = f64::from(Limits::EVENT.cpu_ms);
    let over = |micros: f64| micros / 1_000.0 - limit;
    let (cpu, wall) = (&report.cpu, &report.whole);
    let row = Row::new(
        "an endless loop, ended beyond its limit by",
        format!(
            "running time p50 {:.2} ms, p99 {:.2} ms; on the clock p50 {:.2} ms",
            over(cpu.p50()),
            over(cpu.p99()),
            over(wall.p50())
        ),
    );
    let row = row.beside(
        format!("the limit: {limit} ms of running time"),
        cpu.p50() / 1_000.0 / limit,
    );
    Ok(row.target("≤ 3 ms", over(cpu.p99()) <= 3.0))
}
