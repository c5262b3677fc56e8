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
    fn only_what_was_taken_in_is_in_it() {
        let set: ClassSet = [300, 3, 64, 63, 5].map(ClassId).into_iter().collect();
        assert!([3, 5, 63, 64, 300].iter().all(|&class| set.contains(ClassId(class))));
        assert!([0, 4, 62, 65, 299, 6000].iter().all(|&class| !set.contains(ClassId(class))));
    }
}
