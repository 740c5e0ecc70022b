//! The authority that issues certificates: whether it answers, and what time it is there.

use crate::config::Config;
use crate::doctor::Finding;
use crate::system::SystemClock;
use std::sync::Arc;
use wabe_drivers::acme::{Asked, reach};
use wabe_drivers::fetch::Dns;
use wabe_kernel::{Clock, Fault, Timestamp};

const ANSWERS: &str = "authority of certificates answers";
const CLOCK: &str = "clock is right";
/// Seconds by which clocks may differ before it is told, and before it is wrong: codes of authenticator apps last 30.
const WARN_SECONDS: i64 = 10;
const WRONG_SECONDS: i64 = 60;

/// How this machine's clock differs from somebody else's, who rounds to seconds.
fn clock(ours: Timestamp, theirs: Timestamp) -> Finding {
    let seconds = ours.0.saturating_sub(theirs.0) / 1_000_000;
    let apart = seconds.saturating_abs();
    let word = if seconds > 0 { "ahead" } else { "behind" };
    let said = format!("it is {apart} s {word} of the authority's");
    let mend = "apt-get install systemd-timesyncd; timedatectl set-ntp true";
    if apart > WRONG_SECONDS {
        Finding::bad(CLOCK, said).mend(mend)
    } else if apart > WARN_SECONDS {
        Finding::odd(CLOCK, said).mend(mend)
    } else {
        Finding::fine(CLOCK)
    }
}

async fn asked(config: &Config, directory: &str) -> Result<Option<Timestamp>, String> {
    let chain = |fault: Fault| fault.chain();
    let time: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let asked = Asked {
        directory,
        root: config.acme.root.as_deref(),
        resolver: Arc::new(Dns::system().map_err(chain)?),
        clock: time,
    };
    reach(asked).await
}

/// Asks the authority for its directory, where one is configured.
pub(super) async fn examine(config: &Config) -> Vec<Finding> {
    let Some(directory) = &config.acme.directory else {
        return Vec::new();
    };
    match asked(config, directory).await {
        Ok(date) => {
            let clock = date.map(|theirs| clock(SystemClock::default().now(), theirs));
            [Finding::fine(ANSWERS)].into_iter().chain(clock).collect()
        }
        Err(why) => {
            let mend = "mend acme.directory, acme.root or the way there; certificates are good for a while yet";
            vec![Finding::bad(ANSWERS, format_args!("{directory}: {why}")).mend(mend)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::clock;
    use wabe_kernel::Timestamp;

    #[test]
    fn clocks_may_differ_by_seconds() {
        let at = |seconds: i64| Timestamp(1_000_000_000_000 + seconds * 1_000_000);
        let shown = |ours| clock(at(ours), at(0)).to_string();
        assert!(shown(9).starts_with("ok ") && shown(-10).starts_with("ok "));
        assert!(shown(30).contains("30 s ahead") && shown(30).starts_with("warn "));
        assert!(shown(-61).starts_with("WRONG ") && shown(-61).contains("61 s behind"));
    }
}
