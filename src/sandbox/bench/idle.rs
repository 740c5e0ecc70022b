//! What plugins cost that are only there: many copies of one, each with a file of its own.

use crate::bench::Nobody;
use crate::bench::report::Idle;
use crate::run::{Artifacts, Host, Runner};
use std::path::Path;
use std::sync::Arc;
use wabe_package::seal::seal;
use wabe_package::wire::RunOrder;
use wasmtime::Engine;

/// What artifacts are sealed with here; they live as long as the measurement.
const KEY: &[u8] = b"of this measurement alone";

/// Artifacts that are all alike.
pub(super) struct Copies {
    artifacts: Arc<Artifacts>,
    names: Vec<String>,
    bytes: usize,
}

impl Copies {
    /// Puts copies of an artifact into a folder, sealed like those of the panel.
    #[expect(
        clippy::disallowed_methods,
        reason = "it measures files that it makes, where whoever measures wants them"
    )]
    pub(super) fn lay_out(
        folder: &Path,
        copies: u32,
        artifact: &[u8],
        engine: &Engine,
    ) -> Result<Self, String> {
        let artifacts = Artifacts::new(folder.to_path_buf(), KEY.to_vec(), engine.clone());
        let mut names = Vec::new();
        for number in 0..copies {
            let name = format!("{number:064x}-{}", artifacts.word());
            let path = |ending: &str| folder.join(format!("{name}.{ending}"));
            std::fs::write(path("cwasm"), artifact).map_err(|error| error.to_string())?;
            let sealed = seal(KEY, &name, artifact);
            std::fs::write(path("seal"), sealed).map_err(|error| error.to_string())?;
            names.push(name);
        }
        Ok(Self {
            artifacts: Arc::new(artifacts),
            names,
            bytes: artifact.len(),
        })
    }

    /// Loads and runs each once, and keeps all of them.
    pub(super) async fn load(
        self,
        runner: Arc<Runner>,
        order: Arc<RunOrder>,
    ) -> Result<Idle, String> {
        let host: Arc<dyn Host> = Arc::new(Nobody);
        let copies = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let (mut loaded, mut before) = (Vec::new(), (0, 0));
        for (place, name) in self.names.iter().enumerate() {
            let guest = self.artifacts.find(name).await;
            let guest = guest.map_err(|unloadable| format!("{unloadable:?}"))?;
            let never = std::future::pending();
            drop(runner.run(&guest, &order, Arc::clone(&host), never).await);
            loaded.push(guest);
            // The first one brings what all share.
            if place == 0 {
                before = resident()?;
            }
        }
        let after = resident()?;
        let others = u64::from(copies.saturating_sub(1).max(1));
        let each = |before: u64, after: u64| after.saturating_sub(before) / others;
        drop(loaded);
        Ok(Idle {
            copies,
            artifact_bytes: u64::try_from(self.bytes).unwrap_or(0),
            private_bytes: each(before.0, after.0),
            mapped_bytes: each(before.1, after.1),
        })
    }
}

/// Resident memory of this process without and with a file behind it, in bytes.
fn resident() -> Result<(u64, u64), String> {
    let text = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.unwrap_or_default().trim().trim_end_matches(" kB");
        kib.parse::<u64>().unwrap_or(0) << 10
    };
    Ok((of("RssAnon:"), of("RssFile:")))
}
