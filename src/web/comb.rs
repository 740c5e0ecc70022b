//! The honeycomb as a picture of services: one cell, one service.

/// One cell: where its corners are and what is in it.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The corners, as the `points` of an SVG polygon.
    pub points: String,
    /// The state, as `data-state`.
    pub state: String,
    /// The icon: of the kind when live, the state's sign otherwise.
    pub icon: &'static str,
    /// Whether the icon shows the kind.
    pub is_kind: bool,
    /// The icon's upper left corner.
    pub x: String,
    /// The icon's upper left corner.
    pub y: String,
}

/// A comb, ready for the macro `c::comb`.
#[derive(Debug, Clone)]
pub struct Comb {
    /// The `viewBox`.
    pub view_box: String,
    /// The cells, row by row.
    pub cells: Vec<Cell>,
}

/// Above so many services a comb says less than the counts beside it.
pub const CELLS_MAX: usize = 40;

const RADIUS: f64 = 20.0;
/// How much of its place a cell fills; the rest is the gap.
const FILL: f64 = 0.89;
const ICON: f64 = 16.0;

impl Comb {
    /// A comb of services, each with its state's word and the icon of its kind; `None` for no service
    /// and for more than [`CELLS_MAX`].
    #[must_use]
    pub fn of(services: &[(String, &'static str)]) -> Option<Self> {
        if services.is_empty() || services.len() > CELLS_MAX {
            return None;
        }
        let rows = if services.len() <= 5 {
            1
        } else {
            3.min(services.len().div_ceil(5))
        };
        let wide = if rows == 1 {
            services.len()
        } else {
            (services.len() + rows.div_ceil(2)).div_ceil(rows)
        };
        let mut cells = Vec::with_capacity(services.len());
        let (mut row, mut column) = (0_u32, 0_u32);
        for (state, icon) in services {
            let length = wide_of(wide, rows, row);
            if column >= length {
                row += 1;
                column = 0;
            }
            cells.push(cell(
                rows > 1 && row.is_multiple_of(2),
                (row, column),
                state,
                icon,
            ));
            column += 1;
        }
        let width = f64::from(u32::try_from(wide).unwrap_or(1)) * step() + 2.0;
        let height = f64::from(row) * RADIUS * 1.5 + RADIUS * 2.1;
        Some(Self {
            view_box: format!("0 0 {width:.0} {height:.0}"),
            cells,
        })
    }
}

/// From the middle of one cell to the middle of the next.
fn step() -> f64 {
    RADIUS * 3_f64.sqrt()
}

/// Even rows are one shorter and stand half a cell in, as bees build.
fn wide_of(wide: usize, rows: usize, row: u32) -> u32 {
    let wide = u32::try_from(wide).unwrap_or(1);
    if rows > 1 && row.is_multiple_of(2) {
        wide.saturating_sub(1).max(1)
    } else {
        wide
    }
}

fn cell(inner: bool, (row, column): (u32, u32), state: &str, icon: &'static str) -> Cell {
    let shift = if inner { step() } else { step() / 2.0 };
    let x = f64::from(column) * step() + shift + 1.0;
    let y = f64::from(row) * RADIUS * 1.5 + RADIUS * 1.05;
    let sign = match state {
        "live" => None,
        "failed" => Some("exclamation-mark"),
        "suspended" => Some("player-pause"),
        "deleting" => Some("x"),
        "pending" => Some("clock"),
        _ => Some("refresh"),
    };
    Cell {
        points: hexagon(x, y, RADIUS * FILL),
        state: state.to_owned(),
        icon: sign.unwrap_or(icon),
        is_kind: sign.is_none(),
        x: format!("{:.1}", x - ICON / 2.0),
        y: format!("{:.1}", y - ICON / 2.0),
    }
}

/// The corners of a hexagon that stands on a corner.
fn hexagon(x: f64, y: f64, radius: f64) -> String {
    let half = radius * 3_f64.sqrt() / 2.0;
    let corners = [
        (x, y - radius),
        (x + half, y - radius / 2.0),
        (x + half, y + radius / 2.0),
        (x, y + radius),
        (x - half, y + radius / 2.0),
        (x - half, y - radius / 2.0),
    ];
    corners.map(|(x, y)| format!("{x:.1},{y:.1}")).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_has_its_own_cell_inside_the_picture() {
        for count in 1..=CELLS_MAX {
            let services = vec![("live".to_owned(), "mail"); count];
            let comb = Comb::of(&services).unwrap();
            let mut seen: Vec<&str> = comb.cells.iter().map(|cell| cell.points.as_str()).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), count);
            let sizes: Vec<f64> = comb
                .view_box
                .split(' ')
                .map(|size| size.parse().unwrap())
                .collect();
            for corner in comb.cells.iter().flat_map(|cell| cell.points.split(' ')) {
                let (x, y) = corner.split_once(',').unwrap();
                let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
                assert!(
                    (0.0..=sizes[2] + 1.0).contains(&x),
                    "{count}: {corner} {}",
                    comb.view_box
                );
                assert!(
                    (0.0..=sizes[3] + 1.0).contains(&y),
                    "{count}: {corner} {}",
                    comb.view_box
                );
            }
        }
        assert!(Comb::of(&[]).is_none());
    }
}
