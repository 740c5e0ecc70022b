//! Whether a directory can be reached, for whoever looks after a node.

use http::Method;
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;
use wabe_kernel::{Clock, Timestamp};

use crate::acme::client::Client;
use crate::acme::{host_of, roots};
use crate::fetch::{Resolver, native_roots};

/// Whom to ask, and how to get there.
pub struct Asked<'a> {
    /// The address of the directory.
    pub directory: &'a str,
    /// A file with the authority that signs the directory's own certificate, where the public ones do not.
    pub root: Option<&'a Path>,
    /// Resolves the directory's name.
    pub resolver: Arc<dyn Resolver>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// When an answer was made, as its head says.
fn date_of(headers: &[(String, String)]) -> Option<Timestamp> {
    let (_, date) = headers.iter().find(|(name, _)| name == "date")?;
    let since = httpdate::parse_http_date(date).ok()?;
    let since = since.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp(i64::try_from(since.as_micros()).ok()?))
}

/// Asks for the directory as an order would, and orders nothing; the time it is there, where the answer tells.
///
/// # Errors
/// Why it was not reached, for the operator.
pub async fn reach(asked: Asked<'_>) -> Result<Option<Timestamp>, String> {
    let host = host_of(asked.directory).ok_or("the address names no host")?;
    let roots = match asked.root {
        Some(file) => Arc::new(roots(file).map_err(|fault| fault.chain())?),
        None => native_roots(),
    };
    let place = (host, asked.root.is_some());
    let client = Client::new(place, asked.resolver, roots, asked.clock);
    let client = client.map_err(|fault| fault.chain())?;
    let question = (Method::GET, asked.directory.to_owned());
    let answer = client.ask(question, Vec::new(), Vec::new()).await?;
    match answer.status {
        200 => Ok(date_of(&answer.headers)),
        status => Err(format!("the directory answered {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::date_of;
    use wabe_kernel::Timestamp;

    #[test]
    fn the_time_of_an_answer_is_read_where_it_is_told() {
        let head = |date: &str| {
            vec![
                ("server".to_owned(), "x".to_owned()),
                ("date".to_owned(), date.to_owned()),
            ]
        };
        let told = date_of(&head("Sat, 21 Nov 2026 10:00:00 GMT"));
        assert_eq!(told, Some(Timestamp(1_795_255_200_000_000)));
        assert_eq!((date_of(&head("yesterday")), date_of(&[])), (None, None));
    }
}
