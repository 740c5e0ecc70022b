//! Offering a plan.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wabe_access::command::Authority;
use wabe_access::plan::{self, Connections, Plan};
use wabe_access::{Command, Door, Limit, Object, Permission, Refusal};
use wabe_kernel::id::PlanId;
use wabe_kernel::{
    FieldErrors, Line, PhpCeiling, PhpChildren, PhpMemory, PhpSeconds, Problem, Quota, fields,
};

/// The most of anything but storage.
const COUNT_MAX: i64 = 1_000_000;
/// Connections to databases when nobody says otherwise.
const CONNECTIONS: Connections = Connections { each: 20, sum: 200 };
/// The most connections, to one database and to all of a customer.
const EACH_MAX: i64 = 500;
const SUM_MAX: i64 = 10_000;
/// What PHP takes at once at most, in bytes.
const UPLOAD_BYTES_MAX: i64 = 512 << 20;
/// Cron jobs where nobody said how many.
const CRON_JOBS: i64 = 10;
/// A day, in minutes.
const DAY_MINUTES: i64 = 1_440;

fields! {
    /// Offers a plan that customers can book.
    pub struct CreatePlan {
        /// Its name, as on the invoice.
        pub name: Line,
        /// Storage of webspaces, mailboxes and databases together.
        pub storage_bytes: Quota,
        /// Webspaces.
        pub webspaces: i64,
        /// Domains.
        pub domains: i64,
        /// Mailboxes.
        pub mailboxes: i64,
        /// Alias addresses.
        pub aliases: i64,
        /// Databases.
        pub databases: i64,
        /// Members beside the first owner.
        pub members: i64,
        /// Installations of plugins; none when absent.
        pub installations: Option<i64>,
        /// Whether its webspaces can have no PHP; they can when absent.
        pub without_php: Option<bool>,
        /// The most that visitors of its webspaces may upload at once, up to 512 MB; 256 MB when absent.
        pub upload_bytes_max: Option<Quota>,
        /// Cron jobs; ten when absent.
        pub cron_jobs: Option<i64>,
        /// The fewest minutes between two times of a cron job, 1 to 1440; 5 when absent.
        pub cron_minutes_min: Option<i64>,
        /// The most memory that PHP may take in one request; 256M when absent.
        pub php_memory: Option<PhpMemory>,
        /// How long a request to PHP may take at most, in seconds; 300 when absent.
        pub php_seconds: Option<PhpSeconds>,
        /// How many requests to the PHP of a webspace are worked on at the same time; 5 when absent.
        pub php_children: Option<PhpChildren>,
        /// Connections at once to one of its databases on servers, 1 to 500; 20 when absent.
        pub database_connections: Option<i64>,
        /// The same to all databases of a customer together, up to 10 000; 200 when absent.
        pub database_connections_sum: Option<i64>,
        /// Whether no programs elsewhere may come to its databases; they may when absent.
        pub without_database_remote: Option<bool>,
        /// Whether applications elsewhere may answer for its webspaces; they may not when absent.
        pub with_site_proxy: Option<bool>,
    }
}

/// A plan that was just made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanCreated {
    /// Its id.
    pub id: PlanId,
}

impl CreatePlan {
    /// The most that PHP may take.
    fn php_most(&self) -> PhpCeiling {
        let usual = PhpCeiling::default();
        PhpCeiling {
            memory: self.php_memory.unwrap_or(usual.memory),
            seconds: self.php_seconds.unwrap_or(usual.seconds),
            children: self.php_children.unwrap_or(usual.children),
        }
    }

    fn connections(&self) -> Result<Connections, Refusal> {
        let within = |name: &'static str, count: i64, max: i64| {
            let problem = Problem::new("out-of-range").with("min", 1);
            let problem = problem.with("max", max);
            let fits = (1..=max).contains(&count);
            fits.then_some(count)
                .ok_or_else(|| Refusal::field(name, problem))
        };
        let each = self.database_connections.unwrap_or(CONNECTIONS.each);
        let sum = self.database_connections_sum.unwrap_or(CONNECTIONS.sum);
        Ok(Connections {
            each: within("database_connections", each, EACH_MAX)?,
            sum: within("database_connections_sum", sum, SUM_MAX)?,
        })
    }

    fn limits(&self) -> Result<BTreeMap<Limit, i64>, FieldErrors> {
        let counts = [
            (Limit::Webspaces, self.webspaces),
            (Limit::Domains, self.domains),
            (Limit::Mailboxes, self.mailboxes),
            (Limit::Aliases, self.aliases),
            (Limit::Databases, self.databases),
            (Limit::Members, self.members),
            (Limit::Installations, self.installations.unwrap_or(0)),
            (Limit::CronJobs, self.cron_jobs.unwrap_or(CRON_JOBS)),
        ];
        let mut errors = FieldErrors::default();
        for (limit, count) in counts {
            if !(0..=COUNT_MAX).contains(&count) {
                let problem = Problem::new("out-of-range").with("min", 0);
                errors.add(limit.word(), problem.with("max", COUNT_MAX));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        if !(1..=DAY_MINUTES).contains(&self.cron_minutes_min.unwrap_or(1)) {
            let problem = Problem::new("out-of-range").with("min", 1);
            let problem = problem.with("max", DAY_MINUTES);
            return Err(FieldErrors::one("cron_minutes_min", problem));
        }
        let storage = (Limit::StorageBytes, self.storage_bytes.bytes());
        Ok(counts.into_iter().chain([storage]).collect())
    }
}

impl Command for CreatePlan {
    const NAME: &'static str = "plan.create";
    const PERMISSION: Permission = Permission::HosterWrite;
    const AUTHORITY: Authority = Authority::Hoster;
    type Output = PlanCreated;

    async fn apply(&self, door: &mut Door<'_>) -> Result<PlanCreated, Refusal> {
        let (limits, connections) = (self.limits()?, self.connections()?);
        let now = door.now();
        let new = Plan {
            id: PlanId::new(now, door.rng()),
            name: self.name.to_string(),
            limits,
        };
        if !plan::insert(door.tx(), &new, now).await? {
            return Err(Refusal::field("name", Problem::new("name-taken")));
        }
        let php = self.without_php != Some(true);
        if !php {
            plan::set_php(door.tx(), new.id, php).await?;
        }
        if let Some(most) = self.upload_bytes_max {
            if most.bytes() > UPLOAD_BYTES_MAX {
                let problem = Problem::new("out-of-range").with("min", 0);
                let problem = problem.with("max", UPLOAD_BYTES_MAX);
                return Err(Refusal::field("upload_bytes_max", problem));
            }
            plan::set_upload_bytes_max(door.tx(), new.id, most.bytes()).await?;
        }
        if let Some(minutes) = self.cron_minutes_min {
            plan::set_cron_minutes_min(door.tx(), new.id, minutes).await?;
        }
        let php_most = self.php_most();
        plan::set_php_ceiling(door.tx(), new.id, &php_most).await?;
        plan::set_connections(door.tx(), new.id, connections).await?;
        let remote = self.without_database_remote != Some(true);
        if !remote {
            plan::set_database_remote(door.tx(), new.id, remote).await?;
        }
        let proxy = self.with_site_proxy == Some(true);
        if proxy {
            plan::set_site_proxy(door.tx(), new.id, proxy).await?;
        }
        let object = Object {
            kind: "plan",
            id: new.id.to_string(),
            name: new.name.clone(),
        };
        let limits = new.limits.iter();
        let limits: serde_json::Map<String, Value> = limits
            .map(|(limit, max)| (limit.to_string(), (*max).into()))
            .collect();
        door.record(
            object,
            Value::Null,
            json!({
                "name": new.name, "limits": limits, "php": php,
                "upload_bytes_max": self.upload_bytes_max.map(Quota::bytes),
                "cron_minutes_min": self.cron_minutes_min,
                "php_memory": php_most.memory, "php_seconds": php_most.seconds,
                "php_children": php_most.children,
                "database_connections": connections.each,
                "database_connections_sum": connections.sum,
                "database_remote": remote, "site_proxy": proxy,
            }),
        );
        Ok(PlanCreated { id: new.id })
    }
}
