//! What the customer sees of it.

use crate::build::Report;
use crate::settings::Settings;
use wabe::Context;
use wabe::ui::{Button, Tone, Ui};

/// Names that are shown of a longer list.
const NAMED_MAX: usize = 10;

/// How the site is.
pub(crate) fn overview(context: &Context, settings: &Settings, report: Option<&Report>) -> Ui {
    match report {
        Some(report) => buttons(context, state(context, report, Ui::new())),
        None => first_steps(context, settings),
    }
}

/// How the build went that somebody asked for.
pub(crate) fn built(context: &Context, settings: &Settings, report: Option<&Report>) -> Ui {
    let Some(report) = report else {
        return first_steps(context, settings);
    };
    let title = if report.left > 0 {
        context.text(
            "Der erste Teil ist fertig, der Rest folgt",
            "The first part is done, the rest follows",
        )
    } else if report.written + report.deleted == 0 {
        context.text("Alles ist aktuell", "Everything is up to date")
    } else {
        context.text("Die Website ist gebaut", "The site is built")
    };
    let page = Ui::new().callout(Tone::Good, title, Ui::new());
    buttons(context, state(context, report, page))
}

fn buttons(context: &Context, page: Ui) -> Ui {
    page.button(button(context)).button(Button::new(
        "rebuild",
        context.text("Alles neu schreiben", "Write everything anew"),
    ))
}

fn button(context: &Context) -> Button {
    Button::new("build", context.text("Jetzt bauen", "Build now")).primary()
}

fn first_steps(context: &Context, settings: &Settings) -> Ui {
    let (folder, german) = (settings.source(), context.is_german());
    let text = if german {
        format!(
            "Legen Sie in Ihrem Webspace den Ordner {folder} an und darin Dateien wie index.md. \
             Geben Sie dieser Erweiterung den Webspace frei. Alle fünf Minuten wird nachgesehen."
        )
    } else {
        format!(
            "Make the folder {folder} in your webspace, with files such as index.md, and grant this \
             plugin the webspace. It looks every five minutes."
        )
    };
    let title = context.text("Noch keine Seiten gefunden", "No pages found yet");
    Ui::new().empty_state(title, text, Ui::new().button(button(context)))
}

fn state(context: &Context, report: &Report, page: Ui) -> Ui {
    let label = |german, english| context.text(german, english).to_owned();
    let mut page = page.fields([
        (label("Webspace", "Webspace"), report.webspace.clone()),
        (label("Seiten", "Pages"), report.pages.to_string()),
        (
            label("Zuletzt geschrieben", "Last written"),
            report.written.to_string(),
        ),
    ]);
    if report.left > 0 {
        let text = context.text(
            "Dateien warten auf den nächsten Durchgang",
            "files wait for the next run",
        );
        page = page.text(format!("{} {text}", report.left));
    }
    if !report.in_the_way.is_empty() {
        page = page.callout(
            Tone::Warning,
            context.text("Hier liegen schon andere Dateien", "Other files are in the way"),
            Ui::new().text(context.text(
                "Sie bleiben, wie sie sind. Benennen Sie sie um, oder erlauben Sie das Ersetzen in den \
                 Einstellungen.",
                "They stay as they are. Rename them, or allow to replace them in the settings.",
            )).code(named(&report.in_the_way)),
        );
    }
    if !report.too_large.is_empty() {
        page = page.callout(
            Tone::Warning,
            context.text(
                "Zu groß zum Kopieren (über 1 MB)",
                "Too large to copy (more than 1 MB)",
            ),
            Ui::new().code(named(&report.too_large)),
        );
    }
    page
}

fn named(paths: &[String]) -> String {
    let mut lines = paths.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>();
    if paths.len() > NAMED_MAX {
        lines.push(format!("+ {}", paths.len() - NAMED_MAX));
    }
    lines.join("\n")
}
