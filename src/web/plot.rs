//! Lines in charts, as the `d` of an SVG path.

/// A line chart's shapes in a box of `600 × 140`.
#[derive(Debug, Clone)]
pub struct Plot {
    /// The line.
    pub line: String,
    /// The area under it.
    pub area: String,
    /// The labels of the upright axis, from top to bottom.
    pub marks: [i64; 3],
}

const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 140.0;

impl Plot {
    /// A line through these values; `None` for fewer than two.
    #[must_use]
    pub fn of(values: &[i64]) -> Option<Self> {
        if values.len() < 2 {
            return None;
        }
        let top = ceiling(values.iter().copied().max().unwrap_or(0));
        let line = line(values, top, WIDTH, HEIGHT);
        let area = format!("{line}V{HEIGHT}H0Z");
        Some(Self {
            line,
            area,
            marks: [top, top / 2, 0],
        })
    }
}

/// A small line in a box of `100 × 28`, without axes.
#[must_use]
pub fn spark(values: &[i64]) -> String {
    line(
        values,
        values.iter().copied().max().unwrap_or(0).max(1),
        100.0,
        28.0,
    )
}

/// The next round number that is even in its leading digits.
fn ceiling(max: i64) -> i64 {
    let mut size = 1;
    loop {
        for step in [2, 4, 6, 10] {
            if max <= step * size {
                return step * size;
            }
        }
        if size > i64::MAX / 100 {
            return max;
        }
        size *= 10;
    }
}

fn line(values: &[i64], top: i64, width: f64, height: f64) -> String {
    let last = u32::try_from(values.len().saturating_sub(1))
        .unwrap_or(1)
        .max(1);
    let points = values.iter().zip(0_u32..).map(|(value, index)| {
        let x = width * f64::from(index) / f64::from(last);
        let y = height - height * share(*value, top);
        format!("{x:.1} {y:.1}")
    });
    format!("M{}", points.collect::<Vec<_>>().join("L"))
}

fn share(value: i64, top: i64) -> f64 {
    let thousandths = value.clamp(0, top).saturating_mul(1_000) / top.max(1);
    f64::from(i32::try_from(thousandths).unwrap_or(0)) / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_in_its_box() {
        let plot = Plot::of(&[0, 512, 290]).unwrap();
        assert_eq!(plot.marks, [600, 300, 0]);
        assert_eq!(plot.line, "M0.0 140.0L300.0 20.6L600.0 72.4");
        assert!(Plot::of(&[1]).is_none());
        assert_eq!(ceiling(0), 2);
    }
}
