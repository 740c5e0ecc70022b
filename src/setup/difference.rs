//! The lines in which two texts differ.

/// The longest texts that are compared line by line, in lines of both multiplied.
const WORK_MAX: usize = 4_000_000;

/// The lines that only one of them has, in order, marked with `-` and `+`; empty when they are equal.
#[must_use]
pub fn difference(before: &str, after: &str) -> String {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    if old.len().saturating_mul(new.len()) > WORK_MAX {
        return "they differ in too many lines to show\n".to_owned();
    }
    let lengths = shared(&old, &new);
    let length = |at: usize, by: usize| {
        let row = lengths.get(at);
        row.and_then(|row| row.get(by)).copied().unwrap_or(0)
    };
    let (mut text, mut at, mut by) = (String::new(), 0, 0);
    loop {
        match (old.get(at), new.get(by)) {
            (Some(left), Some(right)) if left == right => {
                at += 1;
                by += 1;
            }
            (Some(left), right) if right.is_none() || length(at + 1, by) >= length(at, by + 1) => {
                mark(&mut text, '-', left);
                at += 1;
            }
            (_, Some(right)) => {
                mark(&mut text, '+', right);
                by += 1;
            }
            (Some(_) | None, None) => return text,
        }
    }
}

fn mark(text: &mut String, sign: char, line: &str) {
    text.push(sign);
    text.push_str(line);
    text.push('\n');
}

/// How many lines the rests of both have in common, in order, for every pair of places.
fn shared(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut rows = vec![vec![0; new.len() + 1]];
    for line in old.iter().rev() {
        let mut row = vec![0];
        if let Some(below) = rows.last() {
            for (other, pair) in new.iter().zip(below.windows(2)).rev() {
                let [straight, across] = pair else { continue };
                let beside = row.last().copied().unwrap_or(0);
                let longest = if line == other {
                    across + 1
                } else {
                    beside.max(*straight)
                };
                row.push(longest);
            }
        }
        row.reverse();
        rows.push(row);
    }
    rows.reverse();
    rows
}
