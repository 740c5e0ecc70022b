//! Bar 3.10 T3: 10 000 random mutations, 10 000 detected.

use crate::tests::bench::{Bench, Seeded};
use crate::{verify_export, verify_log};

const MUTATIONS: usize = 10_000;

/// The input with one thing changed: a bit, a byte, a piece, a line, or a value taken from elsewhere.
fn mutate(input: &str, rng: &Seeded) -> Vec<u8> {
    let mut bytes = input.as_bytes().to_vec();
    let mut lines: Vec<&str> = input.split_inclusive('\n').collect();
    let (at, line, other) = (
        rng.below(bytes.len()),
        rng.below(lines.len()),
        rng.below(lines.len()),
    );
    match rng.below(10) {
        0..3 => bytes[at] ^= 1 << rng.below(8),
        3 => bytes.insert(at, u8::try_from(rng.below(256)).unwrap()),
        4 => {
            let end = (at + 1 + rng.below(40)).min(bytes.len());
            bytes.drain(at..end);
        }
        5 => bytes.truncate(at),
        6 => {
            return [&lines[..line], &lines[line + 1..]]
                .concat()
                .concat()
                .into_bytes();
        }
        7 => {
            lines.insert(line, lines[other]);
            return lines.concat().into_bytes();
        }
        8 => {
            lines.swap(line, other);
            return lines.concat().into_bytes();
        }
        _ => return exchange(&lines, line, other, rng).into_bytes(),
    }
    bytes
}

/// One field of `line` gets the value that the same field has in `other`.
fn exchange(lines: &[&str], line: usize, other: usize, rng: &Seeded) -> String {
    let parse = |line: &str| -> serde_json::Map<String, serde_json::Value> {
        serde_json::from_str(line).unwrap()
    };
    let (mut fields, others) = (parse(lines[line]), parse(lines[other]));
    let name = fields.keys().nth(rng.below(fields.len())).unwrap().clone();
    if let Some(value) = others.get(&name) {
        fields.insert(name, value.clone());
    }
    let changed = serde_json::to_string(&fields).unwrap() + "\n";
    lines
        .iter()
        .enumerate()
        .map(|(at, text)| if at == line { &changed } else { *text })
        .collect()
}

fn all_are_found(input: &str, seed: u64, is_sound: impl Fn(&[u8]) -> bool) {
    assert!(is_sound(input.as_bytes()));
    let rng = Seeded::new(seed);
    let mut done = 0;
    while done < MUTATIONS {
        let mutated = mutate(input, &rng);
        if mutated == input.as_bytes() {
            continue;
        }
        done += 1;
        assert!(
            !is_sound(&mutated),
            "seed {seed}, {done}: {}",
            String::from_utf8_lossy(&mutated)
        );
    }
}

#[tokio::test]
async fn ten_thousand_mutations_of_an_export_are_found() {
    let bench = Bench::new().await;
    bench.write(1, 4).await;
    let known = bench.sign().await;
    bench.write(4, 7).await;
    bench.sign().await;
    let export = bench.export(Some(known.size)).await;
    let key = bench.key();
    all_are_found(&export, 42, |bytes| {
        verify_export(bytes, &key, Some(&known.note)).is_ok()
    });
}

#[tokio::test]
async fn ten_thousand_mutations_of_a_log_are_found() {
    let bench = Bench::new().await;
    bench.write(1, 4).await;
    bench.sign().await;
    bench.write(4, 6).await;
    let known = [bench.sign().await.note];
    let (dump, key) = (bench.dump().await, bench.key());
    all_are_found(&dump, 43, |bytes| verify_log(bytes, &key, &known).is_ok());
}
