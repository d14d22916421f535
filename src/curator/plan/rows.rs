//! Rows: where the numerals of stations stand, so that none covers another and each can be touched.

/// A strip of the plan along which numerals are laid, metres.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Height of its middle line.
    pub y: f64,
    /// Least place.
    pub from: f64,
    /// Greatest place.
    pub to: f64,
}

/// Where the line from a station's spot ends in its numeral.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lead {
    /// Metres east.
    pub x: f64,
    /// Metres south.
    pub y: f64,
}

/// Places one numeral for each `(east, north)` in `top` or `bottom`, at least `gap` apart as long as the row is long enough.
///
/// A station clearly north of the axis goes to the top and one clearly south to the bottom; the others take turns.
pub(super) fn place(spots: &[(f64, f64)], top: Row, bottom: Row, gap: f64) -> Vec<Lead> {
    let mut order: Vec<usize> = (0..spots.len()).collect();
    order.sort_by(|a, b| spots[*a].0.total_cmp(&spots[*b].0));
    let (mut upper, mut lower) = (Vec::new(), Vec::new());
    for index in order {
        let north = spots[index].1;
        let up = if north.abs() > 3.0 { north > 0.0 } else { upper.len() <= lower.len() };
        if up { upper.push(index) } else { lower.push(index) }
    }
    let mut leads = vec![Lead { x: 0.0, y: 0.0 }; spots.len()];
    for (members, row) in [(upper, top), (lower, bottom)] {
        let wanted: Vec<f64> = members.iter().map(|index| spots[*index].0).collect();
        for (index, x) in members.iter().zip(spread(&wanted, row, gap)) {
            leads[*index] = Lead { x, y: row.y };
        }
    }
    leads
}

/// Moves rising places apart to at least `gap`, keeping them near where they want to be and within the row.
fn spread(wanted: &[f64], row: Row, gap: f64) -> Vec<f64> {
    let room = (row.to - row.from).max(0.0);
    let gap = if wanted.len() > 1 { gap.min(room / (wanted.len() - 1) as f64) } else { gap };
    let mut places: Vec<f64> = wanted.iter().map(|x| x.clamp(row.from, row.to.max(row.from))).collect();
    // Pushed apart to both sides by turns: crowded places settle around their common middle.
    for _ in 0..64 {
        for index in 1..places.len() {
            let lack = gap - (places[index] - places[index - 1]);
            if lack > 1e-6 {
                places[index - 1] -= lack / 2.0;
                places[index] += lack / 2.0;
            }
        }
        for (index, place) in places.iter_mut().enumerate() {
            let before = index as f64 * gap;
            let after = (wanted.len() - 1 - index) as f64 * gap;
            *place = place.clamp(row.from + before, (row.to - after).max(row.from + before));
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Row = Row { y: 0.0, from: -80.0, to: 80.0 };

    #[test]
    fn crowded_numerals_are_moved_apart_and_keep_their_order() {
        let places = spread(&[-72.0, -58.0, -55.0, 64.0], ROW, 22.0);
        for pair in places.windows(2) {
            assert!(pair[1] - pair[0] >= 22.0 - 0.01, "{places:?}");
        }
        assert!((places[3] - 64.0).abs() < 1e-9, "{places:?}");
    }

    #[test]
    fn a_row_that_is_too_short_is_shared_evenly() {
        let places = spread(&[0.0; 5], Row { y: 0.0, from: 0.0, to: 40.0 }, 22.0);
        assert_eq!(places, [0.0, 10.0, 20.0, 30.0, 40.0]);
    }

    #[test]
    fn stations_off_the_axis_are_led_to_their_own_side() {
        let top = Row { y: -30.0, ..ROW };
        let bottom = Row { y: 30.0, ..ROW };
        let leads = place(&[(-60.0, 8.0), (60.0, -9.0), (0.0, 0.0)], top, bottom, 22.0);
        assert!(leads[0].y < 0.0 && leads[1].y > 0.0);
        assert_eq!(leads.len(), 3);
    }

    #[test]
    fn no_station_at_all_is_no_numeral() {
        assert!(place(&[], ROW, ROW, 22.0).is_empty());
    }
}
