use super::bounds::Bounds;

/// Rows by which the value is found.
const SAMPLE: usize = 128;

/// A value that the rows of a table lead to, each on its own: the whole of which all are shares.
pub(super) struct Agreed {
    pub value: Bounds,
    /// How much it tells that they agree, in tenths of a digit.
    pub told: u32,
}

impl Agreed {
    /// The value that the most rows allow, by the values of each and whether it tells anything.
    pub fn of(rows: impl Iterator<Item = (Bounds, bool)> + Clone) -> Option<Self> {
        let sample = rows.take(SAMPLE);
        let agreeing = |at: f64| sample.clone().filter(move |(row, _)| row.contains(at));
        // The most intervals meet at the lower end of one of them.
        let at = sample.clone().map(|(row, _)| row.low).max_by_key(|at| agreeing(*at).count())?;
        let high = agreeing(at).map(|(row, _)| row.high).min_by(f64::total_cmp)?;
        let mut told: Vec<u32> =
            agreeing(at).filter(|(_, telling)| *telling).map(|(row, _)| row.tells(row)).collect();
        told.sort_unstable();
        // One row sets the value; each further one could have missed it.
        told.pop();
        Some(Self { value: Bounds::new(at, high), told: told.iter().sum() })
    }
}
