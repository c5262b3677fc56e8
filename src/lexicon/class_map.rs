use super::{ClassId, ClassSet};

/// What each of some classes stands for, by its number.
#[derive(Clone, Debug)]
pub struct ClassMap<T>(Vec<Option<T>>);

impl<T> Default for ClassMap<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> ClassMap<T> {
    /// Says what a class stands for.
    pub fn insert(&mut self, class: ClassId, meant: T) {
        let place = usize::from(class.0);
        if place >= self.0.len() {
            self.0.resize(place + 1, None);
        }
        self.0[place] = Some(meant);
    }

    /// What the class stands for.
    pub fn get(&self, class: ClassId) -> Option<T> {
        self.0.get(usize::from(class.0)).copied().flatten()
    }

    /// The classes with what they stand for, in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (ClassId, T)> {
        (0_u16..).zip(&self.0).filter_map(|(class, meant)| Some((ClassId(class), (*meant)?)))
    }

    /// The classes that stand for something.
    pub fn classes(&self) -> ClassSet {
        self.iter().map(|(class, _)| class).collect()
    }
}

impl<T: Copy> FromIterator<(ClassId, T)> for ClassMap<T> {
    fn from_iter<I: IntoIterator<Item = (ClassId, T)>>(pairs: I) -> Self {
        let mut map = Self::default();
        pairs.into_iter().for_each(|(class, meant)| map.insert(class, meant));
        map
    }
}
