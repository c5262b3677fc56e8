use super::ClassId;

/// Some classes, one bit for each.
#[derive(Clone, Debug, Default)]
pub struct ClassSet(Vec<u64>);

impl ClassSet {
    /// Takes a class in.
    pub fn insert(&mut self, class: ClassId) {
        let (word, bit) = place(class);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= bit;
    }

    /// Whether the class is among them.
    pub fn contains(&self, class: ClassId) -> bool {
        let (word, bit) = place(class);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Leaves none.
    pub fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Whether no class is in it.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    /// The classes that are in both, in order.
    pub fn common(&self, other: &Self) -> impl Iterator<Item = ClassId> {
        (0u16..).zip(self.0.iter().zip(&other.0)).flat_map(|(word, (a, b))| {
            let mut left = a & b;
            std::iter::from_fn(move || {
                let bit = u16::try_from(left.trailing_zeros()).ok().filter(|bit| *bit < 64)?;
                left &= left - 1;
                Some(ClassId(word * 64 + bit))
            })
        })
    }
}

impl FromIterator<ClassId> for ClassSet {
    fn from_iter<T: IntoIterator<Item = ClassId>>(classes: T) -> Self {
        let mut set = Self::default();
        classes.into_iter().for_each(|class| set.insert(class));
        set
    }
}

fn place(class: ClassId) -> (usize, u64) {
    (usize::from(class.0 / 64), 1 << (class.0 % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_both_comes_in_order() {
        let set = |numbers: &[u16]| numbers.iter().map(|&number| ClassId(number)).collect::<ClassSet>();
        let (a, b) = (set(&[300, 3, 64, 63, 5]), set(&[63, 5, 64, 299, 7]));
        assert_eq!(a.common(&b).map(|class| class.0).collect::<Vec<_>>(), [5, 63, 64]);
        assert!(a.contains(ClassId(300)) && !b.contains(ClassId(300)) && !a.contains(ClassId(6000)));
    }
}
