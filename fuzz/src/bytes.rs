//! Decisions drawn from fuzz input.

/// Reads numbers and pieces off the front; past the end everything is zero and empty.
pub struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    /// All decisions that `data` holds.
    pub fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    /// Whether nothing is left to decide.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u8) -> u8 {
        self.byte() % end
    }

    /// A yes or a no.
    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// A piece whose length comes first (two bytes, low one first).
    pub fn piece(&mut self) -> &'a [u8] {
        let length = usize::from(self.byte()) | usize::from(self.byte()) << 8;
        let (piece, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        piece
    }

    /// A piece as text.
    pub fn text(&mut self) -> String {
        String::from_utf8_lossy(self.piece()).into_owned()
    }

    /// One of these, or the default when there are none.
    pub fn choose<T: Clone + Default>(&mut self, from: &[T]) -> T {
        let at = usize::from(self.byte());
        if from.is_empty() { T::default() } else { from[at % from.len()].clone() }
    }
}
