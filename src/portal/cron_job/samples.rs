//! Samples of the pages of cron jobs, and that they are sound.

use wabe_hosting::cron_job::{CronJob, CronRun, LastRun};
use wabe_kernel::id::{CronJobId, CronRunId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::schedule::Zone;
use wabe_kernel::{CronOutcome, CronRuns, Language, State};
use wabe_web::check::check_samples;
use wabe_web::{Face, Sample, Visitor};

use crate::cron_job::create::CreatePage;
use crate::cron_job::delete::DeletePage;
use crate::cron_job::list::{ListPage, Row};
use crate::cron_job::show::{RunRow, ShowPage, Written};
use crate::cron_job::{picker, warning, words};
use crate::refused::Note;
use crate::samples::{NOW, conflict, errors, visitor};
use crate::webspace::samples::{frame, plan, samples};

fn job(last: Option<CronOutcome>) -> CronJob {
    let state = last.unwrap_or(CronOutcome::Running);
    CronJob {
        id: CronJobId::from_uuid(Uuid::from_u128(state as u128)),
        webspace_id: frame(State::Live, "cron").web.id,
        name: "Newsletter <der> Donaudampfschifffahrtsgesellschaft & Söhne"
            .parse()
            .unwrap(),
        schedule: "15 3 * * *".parse().unwrap(),
        zone: Zone::Berlin,
        command: "php bin/versand.php '--an=alle & jeden' '<script>'"
            .parse()
            .unwrap(),
        enabled: last.is_some(),
        next_at: last.map(|_| NOW.plus_days(1)),
        asked_at: last.is_none().then_some(NOW),
        last: last.map(|outcome| LastRun {
            outcome,
            started_at: NOW,
        }),
        failures: 0,
        created_at: NOW,
    }
}

fn run(outcome: CronOutcome) -> CronRun {
    let ended = outcome != CronOutcome::Running;
    let limit = outcome == CronOutcome::Limit;
    CronRun {
        id: CronRunId::from_uuid(Uuid::from_u128(outcome as u128)),
        job_id: job(None).id,
        due_at: NOW,
        by_hand: outcome == CronOutcome::Ok,
        started_at: NOW,
        ended_at: ended.then(|| NOW.plus_seconds(75)),
        outcome,
        reason: limit.then(|| "processes".to_owned()),
        exit_code: (outcome == CronOutcome::Failed).then_some(255),
        signal: (outcome == CronOutcome::Timeout).then_some(9),
        memory_bytes: ended.then_some(48_000_000),
        output_cut: limit,
    }
}

fn runs() -> Vec<CronRun> {
    CronOutcome::ALL.into_iter().map(run).collect()
}

samples!(ListPage => {
    let row = |last| Row::of(Language::De, job(last));
    let all = CronOutcome::ALL.into_iter().map(|outcome| row(Some(outcome)));
    vec![
        ListPage { frame: frame(State::Live, "cron"), rows: Vec::new(), warning: warning(CronRuns::Nothing) },
        ListPage { frame: frame(State::Pending, "cron"), rows: Vec::new(), warning: None },
        ListPage { frame: frame(State::Live, "cron"), rows: all.chain([row(None)]).collect(), warning: warning(CronRuns::Php) },
    ]
});

samples!(CreatePage => {
    let page = |form, note: Option<Note>| CreatePage {
        frame: frame(State::Live, "cron"),
        ways: picker::ways(Language::De),
        form,
        warning: warning(if note.is_some() { CronRuns::Nothing } else { CronRuns::All }),
        note,
        plan: plan(),
    };
    vec![
        page(picker::fresh(), None),
        page(errors("command", "command-no-script"), None),
        page(picker::fresh(), conflict()),
    ]
});

fn show(last: Option<CronOutcome>, runs: Vec<CronRun>, written: Option<&str>) -> ShowPage {
    let job = job(last);
    ShowPage {
        frame: frame(State::Live, "cron"),
        schedule: words::schedule(Language::De, &job.schedule),
        upcoming: job.schedule.upcoming(NOW, job.zone, 5),
        bars: words::bars(&runs),
        written: written.map(|output| Written {
            run: run(CronOutcome::Limit),
            output: output.to_owned(),
        }),
        runs: runs.into_iter().map(RunRow::of).collect(),
        sees_output: written.is_some(),
        ways: picker::ways(Language::De),
        form: picker::standing(wabe_kernel::FormState::new(), &job.schedule),
        note: conflict().filter(|_| last.is_none()),
        warning: warning(if last.is_none() {
            CronRuns::Php
        } else {
            CronRuns::All
        }),
        job,
    }
}

samples!(ShowPage => {
    let mut read_only = show(Some(CronOutcome::Ok), runs(), None);
    read_only.frame.may_write = false;
    vec![
        show(None, Vec::new(), None),
        show(Some(CronOutcome::Ok), runs(), Some("<b>eins</b>\nzwei")),
        show(Some(CronOutcome::Failed), runs(), Some("")),
        read_only,
    ]
});

samples!(DeletePage => {
    vec![DeletePage { frame: frame(State::Live, "cron"), job: job(None) }]
});

#[test]
fn the_pages_of_cron_jobs_are_sound() {
    let wrong = [
        check_samples::<ListPage>(),
        check_samples::<CreatePage>(),
        check_samples::<ShowPage>(),
        check_samples::<DeletePage>(),
    ];
    assert_eq!(wrong.concat(), Vec::<String>::new());
}
