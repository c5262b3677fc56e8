//! Where in a long list, in order of place, the things of one stretch of the text stand.

/// Bytes of text that share one entry.
const PIECE: usize = 128;

/// For things in order of their starts: how many of them start before each piece of the text. What starts in one
/// stretch is found by looking at one piece instead of searching the whole list.
#[derive(Clone, Debug, Default)]
pub struct PlaceIndex {
    /// By piece; the last entry counts all.
    before: Vec<u32>,
}

impl PlaceIndex {
    /// The index of things that start at these bytes, in order.
    pub fn of(starts: impl Iterator<Item = usize>) -> Self {
        let mut before = Vec::new();
        let mut count = 0;
        for start in starts {
            while before.len() <= start / PIECE {
                before.push(count);
            }
            count += 1;
        }
        before.push(count);
        Self { before }
    }

    /// The number of the first of `things` that starts at `place` or behind it; `start` says where one starts.
    pub fn first_from<T>(&self, things: &[T], place: usize, start: impl Fn(&T) -> usize) -> usize {
        let piece = place / PIECE;
        let entry = |piece: usize| self.before.get(piece).map_or(things.len(), |count| *count as usize);
        let (from, to) = (entry(piece), entry(piece + 1));
        from + things[from..to].partition_point(|thing| start(thing) < place)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_what_a_search_finds(
            mut starts in prop::collection::vec(0_usize..2000, 0..60), place in 0_usize..2500
        ) {
            starts.sort_unstable();
            let index = PlaceIndex::of(starts.iter().copied());
            let found = index.first_from(&starts, place, |start| *start);
            prop_assert_eq!(found, starts.partition_point(|start| *start < place));
        }
    }
}
