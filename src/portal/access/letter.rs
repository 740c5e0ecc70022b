//! What staff saw and changed, as lines of a letter: the same words as on the page.

use wabe_access::{Refusal, Scope};
use wabe_audit::{Recorder, Seen};
use wabe_kernel::Language;
use wabe_store::Tx;
use wabe_web::{Message, format};

use crate::access::line::{Line, Names, line};

fn written(language: Language, line: &Line) -> String {
    let said = |id: &str| Message::new(language, id);
    let mut parts = vec![format!(
        "{}: {}",
        format::moment(language, line.at),
        line.title
    )];
    parts.extend(line.part.clone());
    parts.push(if line.by.is_empty() {
        said("activity-by-staff").to_string()
    } else {
        said("access-by").with("by", &line.by).to_string()
    });
    parts.extend(line.program.as_ref().map(|name| {
        if name.is_empty() {
            said("access-program").to_string()
        } else {
            said("access-program-named").with("name", name).to_string()
        }
    }));
    let ticket = line.ticket.as_ref();
    parts
        .extend(ticket.map(|(number, _)| said("access-ticket").with("number", number).to_string()));
    parts.extend(line.purpose.clone());
    format!("- {}", parts.join(" · "))
}

/// One line for each, as far as the reader may know it.
///
/// # Errors
/// A fault of the database.
pub async fn access_lines(
    (recorder, language): (&Recorder, Language),
    (tx, scope): (&mut Tx, &Scope),
    all: Vec<Seen>,
) -> Result<Vec<String>, Refusal> {
    let (mut names, mut lines) = (Names::default(), Vec::new());
    for seen in all {
        let place = (&mut *tx, scope);
        let line = line((recorder, language), place, &mut names, seen).await?;
        lines.push(written(language, &line));
    }
    Ok(lines)
}
