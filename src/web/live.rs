//! News for open pages: server-sent events of one customer's changes.
//!
//! A page is complete without them. A stream tells that something changed, never what: the page asks
//! again with its own rights. It ends when its session ends, which is looked up each minute.
//! Source: HTML, 9.2 (server-sent events).

use crate::extract::Member;
use crate::failure::Failure;
use crate::session::Visitor;
use crate::web::Incoming;
use axum::extract::FromRequestParts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::unfold;
use http::request::Parts;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior};
use wabe_access::{Change, Events};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{CustomerId, SessionId};

/// The most open streams of one session.
pub const STREAMS_MAX: usize = 6;
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const LOOK_UP: Duration = Duration::from_secs(30);
/// How often it is looked whether what is no change became another.
const WATCH: Duration = Duration::from_secs(3);

/// Looks at something that is shown and is no change, such as a log: another number once it became another,
/// nothing while it cannot be looked at.
pub type Watch = Box<dyn Fn() -> Working<'static, Option<u64>> + Send + Sync>;

/// How many streams each session has open.
#[derive(Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<SessionId, usize>>>);

/// One open stream; counts as long as it lives.
struct Place {
    open: Arc<Mutex<HashMap<SessionId, usize>>>,
    session: SessionId,
}

impl Streams {
    fn enter(&self, session: SessionId) -> Option<Place> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(session).or_default();
        if *count >= STREAMS_MAX {
            return None;
        }
        *count += 1;
        Some(Place {
            open: Arc::clone(&self.0),
            session,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.session);
            }
        }
    }
}

/// Opens a stream; an extractor, so that a face's handler is one line:
/// `async fn live(live: Live, State(s): State<App>) -> Response { live.follow(&s.events) }`.
/// The route must be [`endless`](crate::Routes::endless).
pub struct Live {
    incoming: Incoming,
    visitor: Arc<Visitor>,
    customer: CustomerId,
}

impl<S: Send + Sync> FromRequestParts<S> for Live {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Member {
            visitor, customer, ..
        } = Member::from_request_parts(parts, state).await?;
        let incoming = parts
            .extensions
            .get::<Incoming>()
            .cloned()
            .ok_or(Failure::NotFound)?;
        Ok(Self {
            incoming,
            visitor,
            customer: customer.id,
        })
    }
}

struct Following {
    live: Live,
    news: Receiver<Change>,
    beside: Option<Beside>,
    look_up: Interval,
    _place: Place,
}

/// What is looked at beside changes.
struct Beside {
    look: Watch,
    seen: Option<u64>,
    every: Interval,
}

impl Beside {
    fn new(look: Watch) -> Self {
        let mut every = tokio::time::interval(WATCH);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            look,
            seen: None,
            every,
        }
    }

    /// Returns once it has become another than it was when somebody first looked.
    async fn changed(&mut self) {
        loop {
            self.every.tick().await;
            let now = (self.look)().await;
            let before = self.seen;
            self.seen = now.or(before);
            if before.is_some() && self.seen != before {
                return;
            }
        }
    }
}

/// Returns when there is something beside, and it changed.
async fn changed(beside: &mut Option<Beside>) {
    match beside {
        Some(beside) => beside.changed().await,
        None => std::future::pending().await,
    }
}

impl Live {
    /// The stream of the customer's changes from now on. Event `change`, id the change sequence, data
    /// `{"object":…,"state":…}`; event `reload` when news were lost.
    #[must_use]
    pub fn follow(self, events: &Events) -> Response {
        self.follow_beside(events, None)
    }

    /// The same, and event `change` of no object whenever what is looked at became another.
    #[must_use]
    pub fn follow_beside(self, events: &Events, look: Option<Watch>) -> Response {
        let Some(place) = self.incoming.web.streams.enter(self.visitor.session) else {
            return Failure::TooMany(30).into_response();
        };
        let mut look_up = tokio::time::interval(LOOK_UP);
        look_up.reset();
        let news = events.subscribe();
        let following = Following {
            live: self,
            news,
            beside: look.map(Beside::new),
            look_up,
            _place: place,
        };
        Sse::new(stream(following))
            .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
            .into_response()
    }
}

fn stream(following: Following) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(following, |mut following| async move {
        let event = next(&mut following).await?;
        Some((Ok(event), following))
    })
}

/// The next event; `None` when the stream is over.
async fn next(following: &mut Following) -> Option<Event> {
    loop {
        let heard = tokio::select! {
            heard = following.news.recv() => Some(heard),
            _ = following.look_up.tick() => None,
            () = changed(&mut following.beside) => {
                let event = Event::default().event("change").data("{}");
                return stands(&following.live).await.then_some(event);
            }
        };
        let event = match heard {
            Some(Ok(change)) if change.customer == following.live.customer => Some(told(&change)),
            Some(Ok(_of_others)) => continue,
            Some(Err(RecvError::Lagged(_))) => Some(Event::default().event("reload").data("")),
            Some(Err(RecvError::Closed)) => return None,
            None => None,
        };
        if !stands(&following.live).await {
            return None;
        }
        if event.is_some() {
            return event;
        }
    }
}

async fn stands(live: &Live) -> bool {
    let alive = live.incoming.web.sessions.alive(live.visitor.session).await;
    alive.unwrap_or(false)
}

fn told(change: &Change) -> Event {
    let state = change.state.unwrap_or("");
    // Object ids and state words are plain; nothing in them needs escaping in JSON.
    let data = format!("{{\"object\":\"{}\",\"state\":\"{state}\"}}", change.object);
    Event::default()
        .event("change")
        .id(change.seq.to_string())
        .data(data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabe_kernel::macros::uuid::Uuid;

    #[test]
    fn a_session_has_six_streams_and_gets_places_back() {
        let streams = Streams::default();
        let session = SessionId::from_uuid(Uuid::nil());
        let mut places: Vec<Place> = (0..STREAMS_MAX)
            .map(|_| streams.enter(session).unwrap())
            .collect();
        assert!(streams.enter(session).is_none());
        places.pop();
        assert!(streams.enter(session).is_some());
        drop(places);
        assert!(streams.0.lock().unwrap().is_empty());
    }
}
