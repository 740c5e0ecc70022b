//! Many runs at once: nobody's are in the way of others'.

use crate::guests::handler;
use crate::{ASK, ASKING, Folder, Panel, order};
use wabe_package::limits::{LimitName, Limits};
use wabe_package::wire::{Ending, FromSandbox, ToSandbox};

#[test]
fn a_thousand_waiting_runs_of_one_installation_keep_nobody_else_waiting() {
    let folder = Folder::new();
    let artifact = folder.add(&handler(ASKING, ASK));
    let mut panel = Panel::start(&folder, 8);
    for run in 0..1_000 {
        panel.run(order(run, &artifact, "ins_a"));
    }
    // Four of them get a place, ask, and are never answered.
    let mut asked = Vec::new();
    while asked.len() < 4 {
        if let FromSandbox::Call { run, .. } = panel.hear() {
            asked.push(run);
        }
    }
    panel.run(order(5_000, &artifact, "ins_b"));
    let FromSandbox::Call { run, call, .. } = panel.hear() else {
        panic!("no call");
    };
    assert_eq!(run, 5_000, "a fifth run of the crowd has a place");
    panel.answer(run, call);
    assert!(matches!(panel.end(5_000), Ending::Done { .. }));
    for run in asked {
        panel.say(&ToSandbox::Cancel { run });
        assert_eq!(panel.end(run), Ending::Cancelled);
    }
}

#[test]
fn loops_on_every_worker_leave_room_for_others() {
    let folder = Folder::new();
    let looping = folder.add(&handler("", "(loop $on (br $on))"));
    let healthy = folder.add(&handler(ASKING, ASK));
    let mut panel = Panel::start(&folder, 64);
    for run in 0..40 {
        panel.run(order(run, &looping, &format!("ins_{}", run / 4)));
    }
    for run in 100..120 {
        panel.run(order(run, &healthy, "ins_healthy"));
        assert!(matches!(panel.end(run), Ending::Done { .. }));
    }
    for run in 0..40 {
        panel.say(&ToSandbox::Cancel { run });
        assert_eq!(panel.end(run), Ending::Cancelled);
    }
}

#[test]
fn whoever_finds_no_place_in_time_is_told_which_limit_it_was() {
    let folder = Folder::new();
    let artifact = folder.add(&handler(ASKING, ASK));
    let mut panel = Panel::start(&folder, 1);
    panel.run(order(1, &artifact, "ins_a"));
    assert!(matches!(panel.hear(), FromSandbox::Call { .. }));
    let mut late = order(2, &artifact, "ins_b");
    late.limits = Limits {
        wall_ms: 10,
        ..late.limits
    };
    panel.run(late);
    let Ending::Limit { limit, message } = panel.end(2) else {
        panic!("no limit");
    };
    assert_eq!(limit, LimitName::Wall);
    assert!(message.contains("no place"), "{message}");
}
