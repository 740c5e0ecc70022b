//! Whose turn it is.

use crate::run::turns::{EACH, Turns};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// What a future gives without waiting.
async fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        Poll::Ready(match future.as_mut().poll(cx) {
            Poll::Ready(given) => Some(given),
            Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn one_installation_has_a_few_places_however_many_are_free() {
    let turns = Turns::new(100);
    let mut held = Vec::new();
    for _ in 0..EACH {
        held.push(now(turns.take("ins_a")).await.unwrap());
    }
    assert!(now(turns.take("ins_a")).await.is_none());
    let other = now(turns.take("ins_b")).await;
    assert!(other.is_some());
    held.pop();
    assert!(now(turns.take("ins_a")).await.is_some());
}

#[tokio::test]
async fn a_crowd_of_one_installation_does_not_keep_others_waiting() {
    let turns = Turns::new(2);
    let held = (turns.take("ins_a").await, turns.take("ins_a").await);
    let mut crowd: Vec<_> = (0..20).map(|_| Box::pin(turns.take("ins_a"))).collect();
    for waiting in &mut crowd {
        assert!(now(waiting.as_mut()).await.is_none());
    }
    let mut late = Box::pin(turns.take("ins_b"));
    assert!(now(late.as_mut()).await.is_none());
    drop(held);
    // Of the two places that are free now, the crowd has one.
    let late = now(late).await;
    assert!(late.is_some());
    let mut turn = now(crowd.remove(0)).await;
    assert!(turn.is_some());
    assert!(now(crowd[0].as_mut()).await.is_none());
    // All of the crowd come in their turn.
    for waiting in crowd {
        drop(turn.take());
        turn = now(waiting).await;
        assert!(turn.is_some());
    }
}

#[tokio::test]
async fn those_who_stop_waiting_take_nothing_with_them() {
    let turns = Turns::new(1);
    let held = turns.take("ins_a").await;
    for _ in 0..10 {
        assert!(now(turns.take("ins_b")).await.is_none());
    }
    drop(held);
    for name in ["ins_a", "ins_b", "ins_c"] {
        assert!(now(turns.take(name)).await.is_some());
    }
}
