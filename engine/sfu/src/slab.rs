//! Numbered places for peers and tracks, so that the packet path indexes instead of searching.
//!
//! A key is a place and the generation of its occupant: a key that outlives its value finds nothing, never somebody
//! else. That is what makes it safe to write a peer's key into its ICE user name.

use std::{cmp::Ordering, fmt, marker::PhantomData};

/// Where a value lives, and which occupant of that place it is.
pub(crate) struct Key<T> {
    pub(crate) slot: u32,
    pub(crate) generation: u16,
    of: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    pub(crate) fn new(slot: u32, generation: u16) -> Self {
        Self { slot, generation, of: PhantomData }
    }
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

impl<T> PartialEq for Key<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Key<T> {}

impl<T> PartialOrd for Key<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Key<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.slot, self.generation).cmp(&(other.slot, other.generation))
    }
}

impl<T> fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.slot, self.generation)
    }
}

/// The values with their places.
pub(crate) struct Slab<T> {
    places: Vec<Place<T>>,
    free: Vec<u32>,
}

struct Place<T> {
    generation: u16,
    value: Option<T>,
}

impl<T> Slab<T> {
    pub(crate) fn new() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }

    pub(crate) fn insert(&mut self, value: T) -> Key<T> {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.places.push(Place { generation: 0, value: None });
            (self.places.len() - 1) as u32
        });
        let place = &mut self.places[slot as usize];
        place.value = Some(value);
        Key::new(slot, place.generation)
    }

    pub(crate) fn remove(&mut self, key: Key<T>) -> Option<T> {
        let place = self.places.get_mut(key.slot as usize).filter(|p| p.generation == key.generation)?;
        let value = place.value.take()?;
        place.generation = place.generation.wrapping_add(1);
        self.free.push(key.slot);
        Some(value)
    }

    pub(crate) fn get(&self, key: Key<T>) -> Option<&T> {
        self.places.get(key.slot as usize).filter(|p| p.generation == key.generation)?.value.as_ref()
    }

    pub(crate) fn get_mut(&mut self, key: Key<T>) -> Option<&mut T> {
        self.places.get_mut(key.slot as usize).filter(|p| p.generation == key.generation)?.value.as_mut()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (Key<T>, &mut T)> {
        self.places.iter_mut().enumerate().filter_map(|(slot, place)| {
            let key = Key::new(slot as u32, place.generation);
            place.value.as_mut().map(|value| (key, value))
        })
    }

    /// How many places there are; see [`Slab::key_at`].
    pub(crate) fn slots(&self) -> u32 {
        self.places.len() as u32
    }

    /// The key of whoever is at a place: for a look at all of them while any may go.
    pub(crate) fn key_at(&self, slot: u32) -> Option<Key<T>> {
        let place = self.places.get(slot as usize)?;
        place.value.as_ref().map(|_| Key::new(slot, place.generation))
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_key_does_not_find_the_next_occupant() {
        let mut slab = Slab::new();
        let ann = slab.insert("ann");
        assert_eq!(slab.remove(ann), Some("ann"));
        let bob = slab.insert("bob");
        assert_eq!(ann.slot, bob.slot);
        assert_eq!((slab.get(ann), slab.get(bob)), (None, Some(&"bob")));
        assert_eq!(slab.remove(ann), None);
        assert_eq!(slab.len(), 1);
    }
}
