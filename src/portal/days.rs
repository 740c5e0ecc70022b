//! Long lists, told day by day.

use wabe_kernel::{Language, Timestamp};
use wabe_web::format;

/// The lines of one day.
#[derive(Debug, Clone)]
pub(crate) struct Day<T> {
    /// A moment of it.
    pub(crate) at: Timestamp,
    /// Its lines, newest first.
    pub(crate) lines: Vec<T>,
}

/// Lines by day, in their order; `when` says the moment of one.
pub(crate) fn by_day<T>(
    language: Language,
    lines: impl IntoIterator<Item = T>,
    when: impl Fn(&T) -> Timestamp,
) -> Vec<Day<T>> {
    let mut days: Vec<(String, Day<T>)> = Vec::new();
    for line in lines {
        let at = when(&line);
        let name = format::day(language, at);
        match days.last_mut().filter(|(known, _)| *known == name) {
            Some((_, day)) => day.lines.push(line),
            None => days.push((
                name,
                Day {
                    at,
                    lines: vec![line],
                },
            )),
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

#[cfg(test)]
mod tests {
    use super::by_day;
    use crate::samples::NOW;
    use wabe_kernel::Language;

    #[test]
    fn lines_are_told_day_by_day() {
        let lines = [0, 0, 1, 3].map(|days: i64| NOW.plus_days(-days));
        let days = by_day(Language::De, lines, |at| *at);
        let counts: Vec<usize> = days.iter().map(|day| day.lines.len()).collect();
        assert_eq!(counts, [2, 1, 1]);
    }
}
