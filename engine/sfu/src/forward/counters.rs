//! The two counters in front of VP8 and VP9 payloads which what is left out, or a change of layers, must not disturb.

/// Where the counters of a payload stand and what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Places {
    pub(super) picture: Option<Picture>,
    pub(super) base: Option<Field>,
    /// Whether each picture's id has to follow on that of the one before. VP8 receivers wait for the missing ones; VP9
    /// counts on the ids for what its pictures refer to, so that those of pictures which are left out must be missing.
    pub(super) gapless: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) id: u16,
    pub(super) at: u8,
    /// Whether it has fifteen bits; otherwise seven.
    pub(super) long: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) value: u8,
    pub(super) at: u8,
}

/// The counters as a subscriber is to see them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    /// The picture id.
    pub(crate) picture: Option<u16>,
    /// The number of the last picture of the base layer (TL0PICIDX).
    pub(crate) base: Option<u8>,
}

impl Picture {
    /// Reads the picture id that begins at `at`.
    pub(super) fn read(payload: &[u8], at: usize) -> Option<Self> {
        let first = *payload.get(at)?;
        let long = first & LONG_PICTURE != 0;
        let id = match long {
            true => u16::from_be_bytes([first & !LONG_PICTURE, *payload.get(at + 1)?]),
            false => u16::from(first),
        };
        Some(Self { id, at: at as u8, long })
    }

    /// The bytes that it takes.
    pub(super) fn length(self) -> usize {
        if self.long { 2 } else { 1 }
    }
}

impl Places {
    /// What the counters say.
    pub(crate) fn counters(&self) -> Counters {
        Counters { picture: self.picture.map(|p| p.id), base: self.base.map(|b| b.value) }
    }

    /// Whether picture ids have to close up where pictures are left out.
    pub(crate) fn closes_up(&self) -> bool {
        self.gapless && self.picture.is_some()
    }

    /// The picture id and how many bits it has.
    pub(super) fn picture(&self) -> Option<(u16, u32)> {
        self.picture.map(|picture| (picture.id, if picture.long { 15 } else { 7 }))
    }

    /// Writes other counters into a copy of the payload that was read. A picture id of seven bits wraps earlier.
    pub(crate) fn write(&self, counters: Counters, payload: &mut [u8]) {
        if let (Some(Picture { at, long, .. }), Some(id)) = (self.picture, counters.picture) {
            let [high, low] = id.to_be_bytes();
            let at = usize::from(at);
            match long {
                true => payload[at..at + 2].copy_from_slice(&[high | LONG_PICTURE, low]),
                false => payload[at] = low & !LONG_PICTURE,
            }
        }
        if let (Some(Field { at, .. }), Some(value)) = (self.base, counters.base) {
            payload[usize::from(at)] = value;
        }
    }
}

/// M: the picture id has fifteen bits (RFC 7741, section 4.2; RFC 9628, section 4.2).
const LONG_PICTURE: u8 = 0x80;
