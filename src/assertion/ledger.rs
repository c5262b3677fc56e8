use std::collections::BTreeMap;

use super::{Assertion, MeasureId};

/// All assertions of a document by what they measure, so that a fact stated twice meets itself.
#[derive(Debug, Default)]
pub struct Ledger {
    by_measure: BTreeMap<MeasureId, Vec<usize>>,
}

impl Ledger {
    /// Indexes assertions by their place in the list.
    pub(super) fn of(assertions: &[Assertion]) -> Self {
        let mut by_measure: BTreeMap<MeasureId, Vec<usize>> = BTreeMap::new();
        for (index, assertion) in assertions.iter().enumerate() {
            if let Some(measure) = assertion.measure {
                by_measure.entry(measure).or_default().push(index);
            }
        }
        Self { by_measure }
    }

    /// Indices of all assertions about a measure, in order of place.
    pub fn about(&self, measure: MeasureId) -> &[usize] {
        self.by_measure.get(&measure).map_or(&[], Vec::as_slice)
    }

    /// Indices of all assertions about any of these measures, in order of place.
    pub fn about_any(&self, measures: &[MeasureId]) -> Vec<usize> {
        let mut indices: Vec<usize> =
            measures.iter().flat_map(|measure| self.about(*measure)).copied().collect();
        indices.sort_unstable();
        indices
    }
}
