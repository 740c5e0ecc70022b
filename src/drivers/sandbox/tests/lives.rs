//! What a child may say, and what it hears.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;
use wabe_package::entry::{Effect, Outcome};
use wabe_package::wire::{
    Answer, Ending, FRAME_BYTES, FromSandbox, HostCall, LogLine, Problem, ToSandbox, Usage,
};

use crate::sandbox::Down;
use crate::sandbox::health::Reason;
use crate::sandbox::life::{Frame, Heard, Life};
use crate::sandbox::tests::{ENGINE, order};

fn life() -> (Arc<Life>, UnboundedReceiver<Frame>) {
    Life::begin(ENGINE.to_owned(), Duration::from_mins(1))
}

fn said(frames: &mut UnboundedReceiver<Frame>) -> ToSandbox {
    let frame = frames.try_recv().unwrap();
    serde_json::from_slice(&frame.bytes[4..]).unwrap()
}

fn call(run: u64, call: u32) -> FromSandbox {
    let request = HostCall::KvGet {
        key: "k".to_owned(),
    };
    FromSandbox::Call { run, call, request }
}

fn ended(run: u64) -> FromSandbox {
    FromSandbox::Ended {
        run,
        ending: Ending::Cancelled,
        usage: Usage::default(),
        log: Vec::new(),
    }
}

fn is_nonsense(heard: &Result<(), Reason>) -> bool {
    matches!(heard, Err(Reason::Nonsense(_)))
}

#[tokio::test]
async fn a_run_asks_is_answered_and_ends() {
    let (life, mut frames) = life();
    let mut running = life.order(order(1_000)).await.unwrap();
    let ToSandbox::Run(ordered) = said(&mut frames) else {
        panic!("no order");
    };
    assert_eq!(ordered.artifact, format!("{}-{ENGINE}", "ab".repeat(32)));
    let run = ordered.run;
    for number in 1..=3 {
        life.hear(call(run, number)).unwrap();
        assert!(matches!(running.hear().await, Ok(Heard::Call { call, .. }) if call == number));
        running.answer(number, Ok(Answer::Nothing)).await.unwrap();
        assert!(matches!(said(&mut frames), ToSandbox::Answer { call, .. } if call == number));
    }
    life.hear(ended(run)).unwrap();
    assert!(matches!(running.hear().await, Ok(Heard::Ended(_))));
    // A run that has ended is not cancelled.
    drop(running);
    assert!(frames.try_recv().is_err());
}

#[tokio::test]
async fn what_cannot_be_is_nonsense() {
    let (life, _frames) = life();
    let running = life.order(order(1_000)).await.unwrap();
    let greeting = FromSandbox::Ready {
        engine: ENGINE.to_owned(),
    };
    assert!(is_nonsense(&life.hear(greeting)));
    for words in [call(2, 1), ended(2), call(0, 1)] {
        assert!(is_nonsense(&life.hear(words)));
    }
    life.hear(call(1, 1)).unwrap();
    assert!(is_nonsense(&life.hear(call(1, 2))));
    life.hear(ended(1)).unwrap();
    assert!(is_nonsense(&life.hear(ended(1))));
    drop(running);
}

#[tokio::test]
async fn an_end_keeps_to_the_limits_of_its_run() {
    let (life, _frames) = life();
    let mut small = order(1_000);
    small.limits.log_lines = 1;
    small.limits.effects = 1;
    let end = |lines: usize, effects: usize| FromSandbox::Ended {
        run: 1,
        ending: Ending::Done {
            outcome: Outcome {
                effects: vec![effect(); effects],
                ..Outcome::default()
            },
        },
        usage: Usage::default(),
        log: vec![line(); lines],
    };
    let running = life.order(small).await.unwrap();
    assert!(is_nonsense(&life.hear(end(2, 1))));
    assert!(is_nonsense(&life.hear(end(1, 2))));
    life.hear(end(1, 1)).unwrap();
    drop(running);
}

fn effect() -> Effect {
    Effect {
        kind: "mailbox.create".to_owned(),
        target: String::new(),
        args: "{}".to_owned(),
        key: String::new(),
    }
}

fn line() -> LogLine {
    LogLine {
        level: "info".to_owned(),
        message: String::new(),
        fields: String::new(),
        cut: false,
    }
}

#[tokio::test]
async fn a_run_that_is_given_up_is_cancelled_and_may_still_speak() {
    let (life, mut frames) = life();
    let running = life.order(order(1_000)).await.unwrap();
    said(&mut frames);
    drop(running);
    assert!(matches!(said(&mut frames), ToSandbox::Cancel { run: 1 }));
    life.hear(call(1, 1)).unwrap();
    life.hear(ended(1)).unwrap();
    assert!(is_nonsense(&life.hear(ended(1))));
}

#[tokio::test]
async fn what_fits_no_frame_is_told_as_a_limit() {
    let (life, mut frames) = life();
    let mut large = order(1_000);
    large.context.settings = "x".repeat(FRAME_BYTES);
    let mut running = life.order(large).await.unwrap();
    let Ok(Heard::Ended(ended)) = running.hear().await else {
        panic!("no end");
    };
    assert!(matches!(ended.ending, Ending::Limit { .. }));
    assert!(frames.try_recv().is_err());

    let mut running = life.order(order(1_000)).await.unwrap();
    said(&mut frames);
    life.hear(call(2, 1)).unwrap();
    running.hear().await.unwrap();
    let text = "x".repeat(FRAME_BYTES);
    running.answer(1, Ok(Answer::Text { text })).await.unwrap();
    let ToSandbox::Answer { answer, .. } = said(&mut frames) else {
        panic!("no answer");
    };
    assert!(matches!(answer, Err(Problem { code, .. }) if code == "limit"));
}

#[tokio::test]
async fn everybody_is_told_that_the_child_is_gone() {
    let (life, _frames) = life();
    let mut running = life.order(order(1_000)).await.unwrap();
    life.close();
    assert!(matches!(running.hear().await, Err(Down)));
    assert!(running.answer(1, Ok(Answer::Nothing)).await.is_err());
    assert!(life.order(order(1_000)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_run_is_overdue_when_it_waited_ran_and_had_its_margin() {
    let (life, _frames) = life();
    let running = life.order(order(5_000)).await.unwrap();
    tokio::time::advance(Duration::from_secs(70)).await;
    assert!(!life.is_overdue());
    tokio::time::advance(Duration::from_millis(1)).await;
    assert!(life.is_overdue());
    drop(running);
    life.hear(ended(1)).unwrap();
    assert!(!life.is_overdue());
    // One that was given up has to end within the margin.
    drop(life.order(order(600_000)).await.unwrap());
    tokio::time::advance(Duration::from_secs(61)).await;
    assert!(life.is_overdue());
}
