//! Many requests: at a given pace, or as fast as they are answered.

use crate::client::{Connection, Place, Visit};
use crate::report::Outcome;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How long each took, shortest first.
#[derive(Debug, Clone)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// From any order.
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// With those of another turn.
    pub(crate) fn join(&mut self, other: Self) {
        self.0.extend(other.0);
        self.0.sort_unstable();
    }

    /// The time that so many hundredths stay under, in milliseconds.
    pub(crate) fn at(&self, percent: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let place = (self.0.len() * percent)
            .div_ceil(100)
            .saturating_sub(1)
            .min(last);
        self.0
            .get(place)
            .map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }

    /// `p50 / p95` as a cell of the table.
    pub(crate) fn cell(&self, high: usize) -> String {
        format!("p50 {:.2} ms, p{high} {:.2} ms", self.at(50), self.at(high))
    }
}

/// One visitor with a connection.
pub(crate) struct Caller {
    pub(crate) connection: Connection,
    pub(crate) visit: Visit,
    place: Place,
}

impl Caller {
    /// Connects.
    pub(crate) async fn new(place: &Place, visit: Visit) -> Outcome<Self> {
        let connection = Connection::open(place).await?;
        Ok(Self {
            connection,
            visit,
            place: place.clone(),
        })
    }

    /// A fresh connection, used once: servers close those that were idle while others were measured.
    async fn refresh(&mut self, path: &str) -> Outcome<()> {
        self.connection = Connection::open(&self.place).await?;
        self.ask(path).await
    }

    async fn ask(&mut self, path: &str) -> Outcome<()> {
        self.connection.get(path, &self.visit).await?.expect(200)?;
        Ok(())
    }
}

/// What many requests gave.
pub(crate) struct Load {
    pub(crate) callers: Vec<Caller>,
    pub(crate) times: Times,
    pub(crate) per_second: f64,
}

/// `count` requests, `rate` of them begun in each second whether or not earlier ones are answered; a
/// request that had to wait for its connection counts from when it was due.
pub(crate) async fn paced(
    callers: Vec<Caller>,
    path: &'static str,
    rate: u32,
    count: u32,
) -> Outcome<Load> {
    let step = u32::try_from(callers.len())?;
    each(path, callers, move |caller, mine, start| {
        Box::pin(async move {
            let mut times = Vec::new();
            for turn in (u32::try_from(mine)?..count).step_by(usize::try_from(step)?) {
                let due = start + Duration::from_secs(1) * turn / rate;
                let mut begun = due;
                if Instant::now() < due {
                    tokio::time::sleep_until(due.into()).await;
                    begun = Instant::now();
                }
                caller.ask(path).await?;
                times.push(begun.elapsed());
            }
            Ok(times)
        })
    })
    .await
}

/// `count` requests of each caller, one after the other.
pub(crate) async fn flat_out(
    callers: Vec<Caller>,
    path: &'static str,
    count: u32,
) -> Outcome<Load> {
    each(path, callers, move |caller, _, _| {
        Box::pin(async move {
            let mut times = Vec::new();
            for _ in 0..count {
                let begun = Instant::now();
                caller.ask(path).await?;
                times.push(begun.elapsed());
            }
            Ok(times)
        })
    })
    .await
}

type Asking<'a> = std::pin::Pin<Box<dyn Future<Output = Outcome<Vec<Duration>>> + Send + 'a>>;

async fn each<F>(path: &str, mut callers: Vec<Caller>, ask: F) -> Outcome<Load>
where
    F: for<'a> Fn(&'a mut Caller, usize, Instant) -> Asking<'a> + Clone + Send + 'static,
{
    for caller in &mut callers {
        caller.refresh(path).await?;
    }
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for (place, mut caller) in callers.into_iter().enumerate() {
        let ask = ask.clone();
        tasks.spawn(async move {
            let times = ask(&mut caller, place, start).await?;
            Outcome::Ok((caller, times))
        });
    }
    let (mut callers, mut times) = (Vec::new(), Vec::new());
    while let Some(done) = tasks.join_next().await {
        let (caller, taken) = done??;
        callers.push(caller);
        times.extend(taken);
    }
    let per_second = f64::from(u32::try_from(times.len())?) / start.elapsed().as_secs_f64();
    Ok(Load {
        callers,
        times: Times::new(times),
        per_second,
    })
}
