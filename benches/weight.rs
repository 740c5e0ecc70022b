//! What a browser fetches for the dashboard, in compressed bytes: at the first visit and later.

use crate::client::Visit;
use crate::installation::Folder;
use crate::report::{Outcome, Row};
use std::collections::BTreeSet;
use std::time::Duration;

const FIRST_BYTES: usize = 130_000;
const LATER_BYTES: usize = 15_000;
/// Assets are compressed in the background after the start.
const PACKED: Duration = Duration::from_secs(15);

/// The assets that a page or style sheet names. `icons.svg` is in every page by `<use>`; fonts of other
/// alphabets are named by style sheets but fetched by pages that need them only.
fn assets(text: &str) -> BTreeSet<String> {
    let starts = text.match_indices("/assets/").map(|(place, _)| place);
    let ends = |place: &usize| {
        let rest = text.get(*place..).unwrap_or_default();
        let end = rest.find(['"', '\'', ')', '#', ' ']).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default().to_owned()
    };
    starts.map(|place| ends(&place)).collect()
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let folder = Folder::new().await?;
    let running = folder.start("serve").await?;
    tokio::time::sleep(PACKED).await;
    let mut callers = running.visitors(folder.account(0)?, 1).await?;
    let caller = callers.first_mut().ok_or("nobody is logged in")?;
    let packed = caller
        .connection
        .get("/", &caller.visit)
        .await?
        .expect(200)?
        .body
        .len();
    let mut plain = caller.visit.clone();
    plain.0.retain(|(name, _)| name != "accept-encoding");
    let page = caller.connection.get("/", &plain).await?.expect(200)?;
    let (mut first, mut later) = (packed, packed);
    let mut raw = page.body.len();
    for path in assets(&String::from_utf8_lossy(&page.body)) {
        let found = caller
            .connection
            .get(&path, &Visit::from(1)?.packed()?)
            .await?
            .expect(200)?;
        first += found.body.len();
        let kept = found
            .headers
            .get("cache-control")
            .is_some_and(|how| how.to_str().is_ok_and(|how| how.contains("immutable")));
        later += if kept { 0 } else { found.body.len() };
        raw += caller
            .connection
            .get(&path, &Visit::default())
            .await?
            .expect(200)?
            .body
            .len();
    }
    running.end()?;
    let kilobytes = |bytes: usize| f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1_000.0;
    let [first_kb, later_kb, page_kb, raw_kb] = [first, later, page.body.len(), raw].map(kilobytes);
    Ok(vec![
        Row::new("dashboard, first visit", format!("{first_kb:.1} KB"))
            .beside(format!("uncompressed: {raw_kb:.1} KB"), first_kb / raw_kb)
            .target("≤ 130 KB", first <= FIRST_BYTES),
        Row::new("dashboard, later visits", format!("{later_kb:.1} KB"))
            .beside(format!("uncompressed: {page_kb:.1} KB"), later_kb / page_kb)
            .target("≤ 15 KB", later <= LATER_BYTES),
    ])
}
