//! Making the files with everything of a customer's, by a job.

use serde_json::Value;
use std::sync::Arc;
use wabe_identity::Identity;
use wabe_identity::export::model::JOB;
use wabe_jobs::queue::{Handler, JobFailure};
use wabe_kernel::id::ExportId;

/// Makes those that were asked for.
pub struct MakeExport(pub Arc<Identity>);

impl Handler for MakeExport {
    const KIND: &'static str = JOB;
    // A large one takes several: each goes on where the last was cut off.
    const ATTEMPTS_MAX: i64 = 24;

    async fn run(&self, payload: Value) -> Result<(), JobFailure> {
        let id = payload.get("export").and_then(Value::as_str);
        let id = id.and_then(|id| id.parse().ok());
        let id: ExportId = id.ok_or(JobFailure::never("no-export"))?;
        Box::pin(self.0.make_export(id)).await?;
        Ok(())
    }
}
