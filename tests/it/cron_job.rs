//! Cron jobs: what may be one, when it runs, what is left out, and who hears of it.

use crate::on_both_engines;
use crate::told::told;
use serde_json::{Value, json};
use std::sync::Arc;
use wabe_access::{Limit, Mode, Refusal, Role, Scope};
use wabe_hosting::cron_job::{self, CronJob, CronRun, Due};
use wabe_kernel::cron::{CronEnded, RUN_SECONDS_MAX};
use wabe_kernel::id::{CronJobId, CronRunId};
use wabe_kernel::{Clock as _, CronOutcome, Timestamp};
use wabe_store::Statement;
use wabe_testkit::{House, Tenant};

on_both_engines!(
    what_is_no_cron_job_is_refused_at_its_field,
    a_job_runs_at_its_time_and_not_before,
    the_later_run_is_left_out_while_one_goes_on,
    a_time_that_passed_is_made_up_for_once_within_an_hour,
    a_clock_that_goes_back_runs_nothing_twice,
    nothing_runs_for_who_is_switched_off_or_paused,
    the_first_failure_and_the_recovery_are_told,
    a_run_that_was_lost_is_given_up,
    a_hundred_runs_are_kept_for_thirty_days,
    output_is_content_without_secrets,
    a_deleted_job_comes_back_by_undo_and_counts_against_the_plan,
    jobs_of_others_are_not_there,
    a_run_keeps_its_place_when_its_job_is_deleted,
    many_jobs_of_one_customer_keep_nobody_waiting,
);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A customer with a webspace, on a morning in November.
async fn shop(house: &House, name: &str) -> (Tenant, String) {
    let tenant = house.tenant(name).await;
    let made = house.run_json(&tenant.owner, "webspace.create", json!({ "name": "shop" }));
    let webspace = made.await.unwrap().object;
    house.settle().await;
    house.clock.set(at("2027-11-29T08:00:00Z"));
    (tenant, webspace)
}

/// The customer as whoever owns it does it now.
async fn own(house: &House, tenant: &Tenant, name: &str, input: Value) -> Result<String, Refusal> {
    let done = house.run_json(&tenant.owner, name, input).await;
    done.map(|done| done.object)
}

async fn job(house: &House, tenant: &Tenant, webspace: &str) -> CronJobId {
    job_at(house, (tenant, webspace), "*/30 * * * *").await
}

async fn job_at(house: &House, (tenant, webspace): (&Tenant, &str), schedule: &str) -> CronJobId {
    let input = json!({
        "webspace_id": webspace, "name": "Newsletter", "schedule": schedule, "command": "./send --all",
    });
    let made = own(house, tenant, "cron_job.create", input).await;
    made.unwrap().parse().unwrap()
}

async fn loaded(house: &House, tenant: &Tenant, id: CronJobId) -> CronJob {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let found = cron_job::load(&mut tx, &Scope::system(tenant.id), id).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

async fn history(house: &House, tenant: &Tenant, id: CronJobId) -> Vec<CronRun> {
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let found = cron_job::runs(&mut tx, &Scope::system(tenant.id), id).await;
    tx.rollback().await.unwrap();
    found.unwrap()
}

/// The outcomes of a job, the latest first.
async fn outcomes(house: &House, tenant: &Tenant, id: CronJobId) -> Vec<CronOutcome> {
    let runs = history(house, tenant, id).await;
    runs.iter().map(|run| run.outcome).collect()
}

async fn begun(house: &House) -> Vec<Due> {
    begun_beside(house, 8, &[]).await
}

/// What begins in so many places while these still run.
async fn begun_beside(house: &House, slots: usize, ours: &[Arc<Due>]) -> Vec<Due> {
    cron_job::begin_due(&house.gate, slots, ours).await.unwrap()
}

fn ended(outcome: CronOutcome, output: &str) -> CronEnded {
    CronEnded {
        outcome,
        reason: None,
        exit: Some(i32::from(outcome != CronOutcome::Ok)),
        signal: None,
        memory_bytes: Some(1 << 20),
        output: output.to_owned(),
        cut: false,
    }
}

/// Ends a run, and tells whom it concerns.
async fn end(house: &House, due: &Due, outcome: CronOutcome) {
    let ended = ended(outcome, "");
    let noted = cron_job::end(&house.gate, due, &ended).await.unwrap();
    let said = wabe_panel::told::cron_job(&house.gate, due, (noted, outcome));
    said.await.unwrap();
}

async fn what_is_no_cron_job_is_refused_at_its_field(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let good = json!({
        "webspace_id": webspace, "name": "Newsletter", "schedule": "*/30 * * * *", "command": "./send",
    });
    for (field, value, code) in [
        ("schedule", "* * * *", "cron-fields"),
        ("schedule", "*/4 * * * *", "cron-too-often"),
        ("schedule", "0 3 30 2 *", "cron-never"),
        ("command", "php send.php", "command-without-php"),
        ("command", "./send | mail", "command-pipe"),
        ("command", "sh -c id", "command-program"),
        ("command", "../../other/files/send", "path-leaves-folder"),
    ] {
        let mut input = good.clone();
        input[field] = json!(value);
        let refused = own(&house, &tenant, "cron_job.create", input).await;
        let Err(Refusal::Invalid(errors)) = refused else {
            panic!("{value}: {refused:?}");
        };
        assert_eq!(errors.0[field].code, code, "{value}");
    }
    let php = json!({ "id": webspace, "php": "8.2" });
    own(&house, &tenant, "webspace.set_php", php).await.unwrap();
    let mut input = good;
    input["command"] = json!("php send.php");
    own(&house, &tenant, "cron_job.create", input)
        .await
        .unwrap();
}

async fn a_job_runs_at_its_time_and_not_before(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let id = job(&house, &tenant, &webspace).await;
    house.clock.set(at("2027-11-29T08:29:59Z"));
    assert!(begun(&house).await.is_empty());
    house.clock.set(at("2027-11-29T08:30:00Z"));
    let due = begun(&house).await;
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].order.command.to_string(), "./send --all");
    assert!(begun(&house).await.is_empty());
    end(&house, &due[0], CronOutcome::Ok).await;
    let found = loaded(&house, &tenant, id).await;
    assert_eq!(found.next_at, Some(at("2027-11-29T09:00:00Z")));
    assert_eq!(found.last.unwrap().outcome, CronOutcome::Ok);
    let run = history(&house, &tenant, id).await.remove(0);
    assert_eq!(run.due_at, at("2027-11-29T08:30:00Z"));
    assert!(!run.by_hand && run.exit_code == Some(0));
    // By hand, beside the schedule, and not twice.
    let ask = json!({ "id": id });
    own(&house, &tenant, "cron_job.run", ask.clone())
        .await
        .unwrap();
    let twice = own(&house, &tenant, "cron_job.run", ask.clone()).await;
    assert!(matches!(twice, Err(Refusal::Conflict("cron-running"))));
    let due = begun(&house).await;
    let twice = own(&house, &tenant, "cron_job.run", ask).await;
    assert!(matches!(twice, Err(Refusal::Conflict("cron-running"))));
    end(&house, &due[0], CronOutcome::Ok).await;
    assert!(
        history(&house, &tenant, id)
            .await
            .iter()
            .any(|run| run.by_hand)
    );
    assert_eq!(loaded(&house, &tenant, id).await.next_at, found.next_at);
}

async fn the_later_run_is_left_out_while_one_goes_on(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let id = job(&house, &tenant, &webspace).await;
    house.clock.set(at("2027-11-29T08:30:00Z"));
    let due = begun(&house).await;
    house.clock.set(at("2027-11-29T09:00:00Z"));
    assert!(begun(&house).await.is_empty());
    let both = [CronOutcome::Overlap, CronOutcome::Running];
    assert_eq!(outcomes(&house, &tenant, id).await, both);
    end(&house, &due[0], CronOutcome::Ok).await;
    house.clock.set(at("2027-11-29T09:30:00Z"));
    assert_eq!(begun(&house).await.len(), 1);
    // Where there is no place, it stays due.
    let second = job(&house, &tenant, &webspace).await;
    house.clock.set(at("2027-11-29T10:00:00Z"));
    assert!(begun_beside(&house, 0, &[]).await.is_empty());
    assert!(outcomes(&house, &tenant, second).await.is_empty());
    assert_eq!(begun(&house).await.len(), 1);
}

async fn a_time_that_passed_is_made_up_for_once_within_an_hour(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let id = job(&house, &tenant, &webspace).await;
    let daily = json!({ "id": id, "schedule": "0 10 * * *" });
    own(&house, &tenant, "cron_job.set_schedule", daily)
        .await
        .unwrap();
    // Ten o'clock in Germany, half an hour ago.
    house.clock.set(at("2027-11-29T09:30:00Z"));
    let due = begun(&house).await;
    assert_eq!(due.len(), 1);
    end(&house, &due[0], CronOutcome::Ok).await;
    // Three days later, and two hours late.
    house.clock.set(at("2027-12-02T11:00:00Z"));
    assert!(begun(&house).await.is_empty());
    let found = loaded(&house, &tenant, id).await;
    assert_eq!(found.next_at, Some(at("2027-12-03T09:00:00Z")));
    let both = [CronOutcome::Missed, CronOutcome::Ok];
    assert_eq!(outcomes(&house, &tenant, id).await, both);
    // Every half hour, after three hours: once.
    let often = json!({ "id": id, "schedule": "*/30 * * * *" });
    own(&house, &tenant, "cron_job.set_schedule", often)
        .await
        .unwrap();
    house.clock.set(at("2027-12-02T14:10:00Z"));
    let due = begun(&house).await;
    assert_eq!(due.len(), 1);
    assert!(begun(&house).await.is_empty());
    let runs = history(&house, &tenant, id).await;
    let run = runs.iter().find(|run| run.outcome == CronOutcome::Running);
    assert_eq!(run.unwrap().due_at, at("2027-12-02T14:00:00Z"));
}

/// As a panel leaves a job whose clock is half an hour ahead of ours.
const AHEAD: Statement = Statement {
    name: "test.cron_job.ahead",
    sql: "UPDATE cron_job SET last_at = $1, next_at = $2 WHERE id = $3",
};

async fn a_clock_that_goes_back_runs_nothing_twice(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let id = job(&house, &tenant, &webspace).await;
    let (last, next) = (at("2027-11-29T08:30:00Z"), at("2027-11-29T09:00:00Z"));
    let mut tx = house.write().await;
    let query = AHEAD.bind(last).bind(next).bind(id);
    query.execute_one(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    // Nor does another schedule, or a pause, bring it again.
    let often = json!({ "id": id, "schedule": "*/15 * * * *" });
    own(&house, &tenant, "cron_job.set_schedule", often)
        .await
        .unwrap();
    for enabled in [false, true] {
        let input = json!({ "id": id, "enabled": enabled });
        own(&house, &tenant, "cron_job.set_enabled", input)
            .await
            .unwrap();
    }
    for minute in ["08:00", "08:15", "08:30"] {
        house.clock.set(at(&format!("2027-11-29T{minute}:00Z")));
        assert!(begun(&house).await.is_empty(), "{minute}");
    }
    house.clock.set(at("2027-11-29T08:45:00Z"));
    assert_eq!(begun(&house).await.len(), 1);
    // On the night when clocks on walls go back, half past two comes twice, and runs once.
    let night = json!({
        "webspace_id": webspace, "name": "Nacht", "schedule": "30 2 * * *", "command": "./night",
    });
    house.clock.set(at("2028-10-28T12:00:00Z"));
    let night = own(&house, &tenant, "cron_job.create", night)
        .await
        .unwrap();
    let night: CronJobId = night.parse().unwrap();
    for time in ["2028-10-29T00:30:00Z", "2028-10-29T01:30:00Z"] {
        house.clock.set(at(time));
        for due in begun(&house).await {
            end(&house, &due, CronOutcome::Ok).await;
        }
    }
    assert_eq!(outcomes(&house, &tenant, night).await, [CronOutcome::Ok]);
}

async fn nothing_runs_for_who_is_switched_off_or_paused(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let id = job(&house, &tenant, &webspace).await;
    let off = json!({ "id": webspace, "reason": "holiday" });
    own(&house, &tenant, "webspace.suspend", off).await.unwrap();
    house.clock.set(at("2027-11-29T08:30:00Z"));
    assert!(begun(&house).await.is_empty());
    let asked = own(&house, &tenant, "cron_job.run", json!({ "id": id })).await;
    assert!(matches!(asked, Err(Refusal::Conflict("cron-webspace-off"))));
    let on = json!({ "id": webspace });
    own(&house, &tenant, "webspace.resume", on).await.unwrap();
    assert_eq!(begun(&house).await.len(), 1);
    let pause = json!({ "id": id, "enabled": false });
    own(&house, &tenant, "cron_job.set_enabled", pause)
        .await
        .unwrap();
    assert_eq!(loaded(&house, &tenant, id).await.next_at, None);
    house.clock.set(at("2027-11-29T10:00:00Z"));
    assert!(begun(&house).await.is_empty());
}

async fn the_first_failure_and_the_recovery_are_told(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let id = job(&house, &tenant, &webspace).await;
    let mut hour = at("2027-11-29T08:30:00Z");
    for (outcome, kinds) in [
        (CronOutcome::Ok, vec![]),
        (CronOutcome::Failed, vec!["cron-failing"]),
        (CronOutcome::Timeout, vec!["cron-failing"]),
        (CronOutcome::Ok, vec!["cron-recovered", "cron-failing"]),
        (CronOutcome::Ok, vec!["cron-recovered", "cron-failing"]),
    ] {
        house.clock.set(hour);
        let due = begun(&house).await;
        end(&house, &due[0], outcome).await;
        assert_eq!(told(&house, &tenant).await, kinds);
        hour = hour.plus_seconds(1_800);
    }
    assert_eq!(loaded(&house, &tenant, id).await.failures, 0);
}

async fn a_run_that_was_lost_is_given_up(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let id = job(&house, &tenant, &webspace).await;
    house.clock.set(at("2027-11-29T08:30:00Z"));
    let due = begun(&house).await;
    house.clock.advance(RUN_SECONDS_MAX);
    assert_eq!(cron_job::sweep(&house.gate).await.unwrap(), 0);
    house.clock.advance(121);
    assert_eq!(cron_job::sweep(&house.gate).await.unwrap(), 1);
    assert_eq!(outcomes(&house, &tenant, id).await, [CronOutcome::Lost]);
    // Whoever comes back with it later changes nothing any more.
    end(&house, &due[0], CronOutcome::Failed).await;
    assert_eq!(outcomes(&house, &tenant, id).await, [CronOutcome::Lost]);
    assert!(told(&house, &tenant).await.is_empty());
}

async fn a_hundred_runs_are_kept_for_thirty_days(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let id = job(&house, &tenant, &webspace).await;
    let mut time = at("2027-11-29T08:30:00Z");
    for _ in 0..103 {
        house.clock.set(time);
        let due = begun(&house).await;
        end(&house, &due[0], CronOutcome::Ok).await;
        time = time.plus_seconds(1_800);
    }
    let kept = history(&house, &tenant, id).await;
    assert_eq!(kept.len(), 100);
    assert_eq!(kept[0].due_at, time.plus_seconds(-1_800));
    house.clock.set(time.plus_days(31));
    let mut tx = house.write().await;
    cron_job::forget(&mut tx, house.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(history(&house, &tenant, id).await.is_empty());
}

async fn output_is_content_without_secrets(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let id = job(&house, &tenant, &webspace).await;
    house.clock.set(at("2027-11-29T08:30:00Z"));
    let due = begun(&house).await;
    let said = ended(CronOutcome::Ok, "password=hunter2hunter2\nall is well\0\n");
    cron_job::end(&house.gate, &due[0], &said).await.unwrap();
    let run = due[0].order.run;
    let viewer = house.member(tenant.id, Role::Viewer).await;
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &viewer).await.unwrap();
    assert_eq!(cron_job::runs(&mut tx, &scope, id).await.unwrap().len(), 1);
    let refused = cron_job::output(&mut tx, &scope, (id, run)).await;
    assert!(matches!(refused, Err(Refusal::Forbidden)));
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let output = cron_job::output(&mut tx, &scope, (id, run)).await.unwrap();
    assert!(output.contains("all is well"), "{output}");
    assert!(!output.contains("hunter2hunter2"), "{output}");
    let other = CronRunId::new(house.clock.now(), house.rng.as_ref());
    let missing = cron_job::output(&mut tx, &scope, (id, other)).await;
    assert!(matches!(missing, Err(Refusal::NotFound)));
    tx.rollback().await.unwrap();
}

async fn taken(house: &House, tenant: &Tenant) -> i64 {
    let all = house.usage(tenant.id).await;
    let found = all.into_iter().find(|one| one.limit == Limit::CronJobs);
    found.unwrap().used
}

async fn a_deleted_job_comes_back_by_undo_and_counts_against_the_plan(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    let id = job(&house, &tenant, &webspace).await;
    house.clock.set(at("2027-11-29T08:30:00Z"));
    let due = begun(&house).await;
    end(&house, &due[0], CronOutcome::Ok).await;
    assert_eq!(taken(&house, &tenant).await, 1);
    let gone = house.run_json(&tenant.owner, "cron_job.delete", json!({ "id": id }));
    let gone = gone.await.unwrap();
    assert_eq!(taken(&house, &tenant).await, 0);
    let back = house.gate.undo(&tenant.owner, gone.change, Mode::Commit);
    let back = back.await.unwrap();
    assert_eq!(taken(&house, &tenant).await, 1);
    let again = loaded(&house, &tenant, back.object.parse().unwrap()).await;
    assert_eq!(again.command.to_string(), "./send --all");
    assert!(again.enabled && again.last.is_none());
    // The trash of its webspace holds it, and the plan has room meanwhile.
    let id = json!({ "id": webspace });
    own(&house, &tenant, "webspace.delete", id.clone())
        .await
        .unwrap();
    assert_eq!(taken(&house, &tenant).await, 0);
    house.clock.set(at("2027-11-29T12:00:00Z"));
    assert!(begun(&house).await.is_empty());
    own(&house, &tenant, "webspace.restore", id).await.unwrap();
    assert_eq!(taken(&house, &tenant).await, 1);
}

async fn jobs_of_others_are_not_there(house: House) {
    let (mine, webspace) = shop(&house, "Sonne").await;
    let (theirs, _) = shop(&house, "Mond").await;
    let id = job(&house, &mine, &webspace).await;
    for (name, input) in [
        ("cron_job.run", json!({ "id": id })),
        ("cron_job.delete", json!({ "id": id })),
        (
            "cron_job.set_enabled",
            json!({ "id": id, "enabled": false }),
        ),
        (
            "cron_job.set_command",
            json!({ "id": id, "command": "./mine" }),
        ),
        (
            "cron_job.set_schedule",
            json!({ "id": id, "schedule": "0 3 * * *" }),
        ),
        (
            "cron_job.create",
            json!({
                "webspace_id": webspace, "name": "x", "schedule": "0 3 * * *", "command": "./mine",
            }),
        ),
    ] {
        let refused = own(&house, &theirs, name, input).await;
        assert!(
            matches!(refused, Err(Refusal::NotFound)),
            "{name}: {refused:?}"
        );
    }
    let mut tx = house.db.store.read_for(theirs.id).await.unwrap();
    let scope = Scope::system(theirs.id);
    let refused = cron_job::load(&mut tx, &scope, id).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    assert!(
        cron_job::runs(&mut tx, &scope, id)
            .await
            .unwrap()
            .is_empty()
    );
    tx.rollback().await.unwrap();
    assert!(loaded(&house, &mine, id).await.enabled);
}

async fn a_run_keeps_its_place_when_its_job_is_deleted(house: House) {
    let (tenant, webspace) = shop(&house, "Sonne").await;
    for _ in 0..3 {
        job(&house, &tenant, &webspace).await;
    }
    house.clock.set(at("2027-11-29T08:30:00Z"));
    let mut ours: Vec<Arc<Due>> = begun(&house).await.into_iter().map(Arc::new).collect();
    assert_eq!(ours.len(), 2);
    for due in &ours {
        let gone = json!({ "id": due.job });
        own(&house, &tenant, "cron_job.delete", gone).await.unwrap();
        assert!(history(&house, &tenant, due.job).await.is_empty());
    }
    assert!(begun_beside(&house, 8, &ours).await.is_empty());
    let ended = ours.pop().unwrap();
    end(&house, &ended, CronOutcome::Ok).await;
    assert_eq!(begun_beside(&house, 8, &ours).await.len(), 1);
}

/// A job like another.
const ALIKE: Statement = Statement {
    name: "test.cron_job.alike",
    sql: "INSERT INTO cron_job (id, customer_id, webspace_id, name, schedule, command, enabled, next_at, failures, \
          created_at) SELECT $1, customer_id, webspace_id, name, schedule, command, enabled, next_at, failures, \
          created_at FROM cron_job WHERE id = $2",
};

async fn many_jobs_of_one_customer_keep_nobody_waiting(house: House) {
    let (many, webspace) = shop(&house, "Sonne").await;
    let first = job(&house, &many, &webspace).await;
    let mut tx = house.write().await;
    for _ in 0..250 {
        let id = CronJobId::new(house.clock.now(), house.rng.as_ref());
        let query = ALIKE.bind(id).bind(first);
        query.execute_one(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    let (early, webspace) = shop(&house, "Mond").await;
    job_at(&house, (&early, &webspace), "35 * * * *").await;
    let (late, webspace) = shop(&house, "Stern").await;
    job_at(&house, (&late, &webspace), "40 * * * *").await;
    let customers = |begun: &[Due]| begun.iter().map(|due| due.customer).collect::<Vec<_>>();
    house.clock.set(at("2027-11-29T08:35:00Z"));
    let begun = begun_beside(&house, 2, &[]).await;
    assert_eq!(customers(&begun), [many.id, early.id]);
    // Who has nothing running comes before whoever waits longer and has.
    house.clock.set(at("2027-11-29T08:40:00Z"));
    let begun = begun_beside(&house, 1, &[]).await;
    assert_eq!(customers(&begun), [late.id]);
    // And still nobody has more than two at once.
    let begun = begun_beside(&house, 8, &[]).await;
    assert_eq!(customers(&begun), [many.id]);
}
