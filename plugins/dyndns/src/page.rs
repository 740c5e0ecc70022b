//! What the customer sees of it.

use crate::Last;
use wabe::Context;
use wabe::ui::{Cell, Table, Ui};

/// What a router appends to the installation's address, in the words of a FRITZ!Box.
const PARAMETERS: &str = "?hostname=<domain>&myip=<ipaddr>&myip6=<ip6addr>";

/// The hosts with their addresses, or how to set up a router.
pub(crate) fn draw(context: &Context, hosts: Vec<(String, Last)>) -> Ui {
    if hosts.is_empty() {
        return Ui::new().empty_state(
            context.text("Noch keine Adresse gemeldet", "No address reported yet"),
            context.text(
                "Tragen Sie im Router die Adresse dieser Erweiterung als Update-URL ein, und dahinter:",
                "Enter this plugin's address in your router as its update URL, followed by:",
            ),
            Ui::new().code(PARAMETERS),
        );
    }
    let columns = [
        context.text("Name", "Host"),
        context.text("Adresse", "Address"),
        context.text("Gemeldet", "Reported"),
    ];
    let caption = context.text("Gemeldete Adressen", "Reported addresses");
    let mut table = Table::new(caption, &columns);
    for (host, last) in hosts {
        let age = ago(context, context.now_ms.saturating_sub(last.set_at_ms));
        table = table.row([host.into(), Cell::code(last.addresses), age.into()]);
    }
    Ui::new().table(table)
}

/// How long ago, in one unit.
fn ago(context: &Context, ms: u64) -> String {
    let minutes = ms / 60_000;
    match (minutes, minutes / 60, minutes / 60 / 24) {
        (0, ..) => context.text("gerade eben", "just now").to_owned(),
        (minutes, 0, _) => either(context, ("vor", "Min.", ""), ("", "min", "ago"), minutes),
        (_, hours, 0) => either(context, ("vor", "Std.", ""), ("", "h", "ago"), hours),
        (.., 1) => context.text("gestern", "yesterday").to_owned(),
        (.., days) => either(context, ("vor", "Tagen", ""), ("", "days", "ago"), days),
    }
}

fn either(
    context: &Context,
    german: (&str, &str, &str),
    english: (&str, &str, &str),
    n: u64,
) -> String {
    let (before, unit, after) = if context.is_german() { german } else { english };
    format!("{before} {n} {unit} {after}").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(locale: &str) -> Context {
        Context {
            locale: locale.to_owned(),
            now_ms: 1_000_000_000,
            ..Context::default()
        }
    }

    #[test]
    fn ages_have_one_unit() {
        let de = context("de");
        let en = context("en");
        let minute = 60_000;
        assert_eq!(ago(&de, 59_999), "gerade eben");
        assert_eq!(ago(&de, 5 * minute), "vor 5 Min.");
        assert_eq!(ago(&en, 3 * 60 * minute), "3 h ago");
        assert_eq!(ago(&de, 30 * 60 * minute), "gestern");
        assert_eq!(ago(&en, 80 * 60 * minute), "3 days ago");
    }

    #[test]
    fn an_empty_page_says_how_to_begin() {
        let page = draw(&context("de"), Vec::new()).to_json();
        assert!(page.contains("myip6=<ip6addr>"));
    }
}
