//! Builds a project to its component, and looks at what came out.

use crate::author::disk;
use crate::author::project::{Kit, Project};
use crate::author::screen::{Trouble, bytes, say};
use crate::compile;
use serde_json::Value;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use wabe_package::compiled::{Tier, lacks};

const TARGET: &str = "wasm32-wasip2";

/// Builds, unless told not to; the component's bytes, which were found to fit.
pub(crate) fn build(project: &Project, build: bool) -> Result<Vec<u8>, Trouble> {
    if build {
        match project.kit()? {
            Kit::Rust => rust(project)?,
            Kit::JavaScript => javascript(project)?,
        }
    }
    let component = project.component()?;
    examine(project, &component)?;
    let size = u64::try_from(component.len()).unwrap_or(u64::MAX);
    say(&format!("{}: {}", project.manifest.component, bytes(size)));
    Ok(component)
}

/// Whether the component fits host and manifest.
pub(crate) fn examine(project: &Project, component: &[u8]) -> Result<(), Trouble> {
    let part = &project.manifest.component;
    let judged = compile::judge(component, Tier::Small);
    let shape = judged.map_err(|mut flaws| {
        for flaw in &mut flaws {
            flaw.part.clone_from(part);
        }
        Trouble::of(&flaws)
    })?;
    let lacking = lacks(&shape.exports, &project.manifest);
    if lacking.is_empty() {
        Ok(())
    } else {
        Err(Trouble::of(&lacking))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "building is starting the author's own tools"
)]
fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// Starts a tool; its errors go where the author sees them.
fn start(program: &str, mut command: Command, install: &str) -> Result<(bool, Vec<u8>), Trouble> {
    let output = command
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn();
    let output = output.and_then(std::process::Child::wait_with_output);
    match output {
        Ok(output) => Ok((output.status.success(), output.stdout)),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Trouble::one(
            program,
            "it is not installed, or not on the PATH",
            install,
        )),
        Err(error) => Err(Trouble::one(program, &error.to_string(), install)),
    }
}

fn failed(file: &str) -> Trouble {
    Trouble::one(
        file,
        "the build failed, as said above",
        "Mend the first error above",
    )
}

fn rust(project: &Project) -> Result<(), Trouble> {
    has_target(project)?;
    let mut cargo = command("cargo", &project.folder);
    cargo.args(["build", "--release", "--target", TARGET]);
    cargo.arg("--message-format=json-render-diagnostics");
    let install = "Install Rust from https://rustup.rs";
    let (built, messages) = start("cargo", cargo, install)?;
    if !built {
        return Err(failed("Cargo.toml"));
    }
    let found = component_of(project, &messages).ok_or_else(|| {
        let step = "Add [lib] with crate-type = [\"cdylib\"]";
        Trouble::one("Cargo.toml", "the build made no component", step)
    })?;
    let component = disk::read(&found)?;
    disk::write(&project.path(&project.manifest.component), &component)
}

/// Whether the compiler can build for the sandbox: it says where the target's library would be.
fn has_target(project: &Project) -> Result<(), Trouble> {
    let mut rustc = command("rustc", &project.folder);
    rustc.args(["--print", "target-libdir", "--target", TARGET]);
    let (_, folder) = start("rustc", rustc, "Install Rust from https://rustup.rs")?;
    let folder = String::from_utf8(folder).unwrap_or_default();
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    let cause = format!("the target {TARGET} is not installed");
    Err(Trouble::one(
        "rustc",
        &cause,
        &format!("Run: rustup target add {TARGET}"),
    ))
}

/// The component among what cargo says it made for this very project.
fn component_of(project: &Project, messages: &[u8]) -> Option<PathBuf> {
    let ours = std::fs::canonicalize(project.path("Cargo.toml")).ok()?;
    let messages = std::str::from_utf8(messages).ok()?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| {
            let manifest = std::fs::canonicalize(message.get("manifest_path")?.as_str()?).ok()?;
            let mut files = message
                .get("filenames")?
                .as_array()?
                .iter()
                .filter_map(Value::as_str);
            let component = files.find(|file| {
                Path::new(file)
                    .extension()
                    .is_some_and(|ending| ending == "wasm")
            })?;
            (manifest == ours).then(|| PathBuf::from(component))
        })
}

fn javascript(project: &Project) -> Result<(), Trouble> {
    let install = "Install Node.js 18 or newer from https://nodejs.org";
    let folder = std::fs::canonicalize(&project.folder).unwrap_or_default();
    let tool = "node_modules/.bin/wabe-plugin-js";
    if !folder.ancestors().any(|folder| folder.join(tool).exists()) {
        return Err(Trouble::one(
            "package.json",
            "the kit is not installed",
            "Run: npm install",
        ));
    }
    let mut npm = command("npm", &project.folder);
    npm.args(["run", "--silent", "build"]);
    let (built, _) = start("npm", npm, install)?;
    if built {
        Ok(())
    } else {
        Err(failed("package.json"))
    }
}
