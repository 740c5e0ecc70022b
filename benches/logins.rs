//! Logins in a second, beside the password function alone.

use crate::client::Visit;
use crate::installation::Folder;
use crate::report::{Outcome, Row};
use argon2::{Algorithm, Argon2, Params, Version};
use std::time::Instant;
use tokio::task::JoinSet;
use wabe_identity::Cost;

/// People at a time: six for each customer of the demo. Staff have a code to type as well, once each.
const PEOPLE: usize = 12;
const EACH: usize = 5;

/// Hashes in a second with as many threads as cores.
fn raw() -> Outcome<f64> {
    let threads = std::thread::available_parallelism()?.get();
    let begun = Instant::now();
    let results: Vec<Outcome<()>> = std::thread::scope(|scope| {
        let working: Vec<_> = (0..threads).map(|_| scope.spawn(hash_some)).collect();
        let ended = |thread: std::thread::ScopedJoinHandle<'_, Outcome<()>>| match thread.join() {
            Ok(result) => result,
            Err(_panicked) => Err("a thread ended early".into()),
        };
        working.into_iter().map(ended).collect()
    });
    results.into_iter().collect::<Outcome<Vec<()>>>()?;
    let hashes = u32::try_from(threads * PEOPLE * EACH / 2)?;
    Ok(f64::from(hashes) / begun.elapsed().as_secs_f64())
}

fn hash_some() -> Outcome<()> {
    let Cost {
        memory_kib,
        passes,
        lanes,
    } = Cost::POLICY;
    let wrong = |error: argon2::Error| error.to_string();
    let params = Params::new(memory_kib, passes, lanes, Some(32)).map_err(wrong)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    for _ in 0..PEOPLE * EACH / 2 {
        let mut tag = [0; 32];
        argon2
            .hash_password_into(b"two words and a number 7", &[7; 16], &mut tag)
            .map_err(wrong)?;
    }
    Ok(())
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let folder = Folder::new().await?;
    let running = std::sync::Arc::new(folder.start("serve").await?);
    let begun = Instant::now();
    let mut people = JoinSet::new();
    for number in 0..PEOPLE {
        let (running, account) = (running.clone(), folder.account(number % 2)?.clone());
        people.spawn(async move {
            let mut connection = running.connect().await?;
            let visit = Visit::from(number)?;
            for _ in 0..EACH {
                running.log_in(&mut connection, &account, &visit).await?;
            }
            Outcome::Ok(())
        });
    }
    while let Some(person) = people.join_next().await {
        person??;
    }
    let logins = f64::from(u32::try_from(PEOPLE * EACH)?) / begun.elapsed().as_secs_f64();
    drop(running);
    let alone = tokio::task::spawn_blocking(raw).await??;
    let row = Row::new(
        format!("logins, {PEOPLE} people at a time"),
        format!("{logins:.1}/s"),
    );
    Ok(vec![row.beside(
        format!("argon2id alone, 64 MiB, 3 passes: {alone:.1}/s"),
        logins / alone,
    )])
}
