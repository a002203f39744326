//! How the bytes of one stream are spread over the layers inside it.

use crate::descriptor::structure::Layers;

/// Bytes of late by layer.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    bytes: [[u64; TEMPORAL]; SPATIAL],
    /// Whether anything came that is not of the lowest layer.
    several: bool,
}

impl Parts {
    /// Counts a packet of this many bytes. Layers beyond those of any mode in use count as the highest.
    pub(crate) fn count(&mut self, part: Layers, bytes: usize) {
        let (spatial, temporal) =
            (usize::from(part.spatial).min(SPATIAL - 1), usize::from(part.temporal).min(TEMPORAL - 1));
        self.several |= spatial + temporal > 0;
        self.bytes[spatial][temporal] += bytes as u64;
    }

    /// Lets what is older count less; to be called at even intervals.
    pub(crate) fn fade(&mut self) {
        if self.several {
            self.bytes.as_flattened_mut().iter_mut().for_each(|bytes| *bytes -= bytes.div_ceil(FADING));
        }
    }

    /// The part, in thousandths, up to each of the lower temporal layers; zero where there is only one.
    pub(crate) fn temporal(&self) -> [u16; 3] {
        if !self.several {
            return [0; 3];
        }
        let up_to = |layer: usize| self.bytes.iter().map(|of| of[..=layer].iter().sum::<u64>()).sum();
        [0, 1, 2].map(|layer| self.thousandths(up_to(layer)))
    }

    /// The part, in thousandths, up to each spatial layer, from the lowest to the highest that there is; that one is 1000.
    pub(crate) fn spatial(&self) -> [u16; SPATIAL] {
        let up_to = |layer: usize| self.bytes[..=layer].as_flattened().iter().sum();
        [0, 1, 2].map(|layer| self.thousandths(up_to(layer)))
    }

    fn thousandths(&self, bytes: u64) -> u16 {
        let all: u64 = self.bytes.as_flattened().iter().sum();
        (bytes * 1000).checked_div(all).unwrap_or(1000) as u16
    }
}

/// Spatial layers of the largest mode in use (L3T3).
const SPATIAL: usize = 3;
/// Temporal layers of VP8, of which it has most.
const TEMPORAL: usize = 4;
/// One in so many bytes is forgotten each time: pictures of the upper layers come many times a second, keyframes rarely.
const FADING: u64 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(packets: &[(u8, u8, usize)]) -> Parts {
        let mut parts = Parts::default();
        for (spatial, temporal, bytes) in packets {
            parts.count(Layers { spatial: *spatial, temporal: *temporal }, *bytes);
        }
        parts
    }

    #[test]
    fn one_layer_is_whole() {
        let parts = parts(&[(0, 0, 100), (0, 0, 300)]);
        assert_eq!((parts.temporal(), parts.spatial()), ([0; 3], [1000; 3]));
        assert_eq!(Parts::default().spatial(), [1000; 3]);
    }

    #[test]
    fn each_layer_includes_those_below() {
        let temporal = parts(&[(0, 0, 400), (0, 1, 200), (0, 2, 400)]);
        assert_eq!((temporal.temporal(), temporal.spatial()), ([400, 600, 1000], [1000; 3]));
        let both = parts(&[(0, 0, 50), (0, 1, 50), (1, 0, 100), (1, 1, 200), (2, 0, 300), (2, 1, 300)]);
        assert_eq!((both.temporal(), both.spatial()), ([450, 1000, 1000], [100, 400, 1000]));
    }

    #[test]
    fn a_layer_that_stopped_is_forgotten() {
        let mut parts = parts(&[(0, 0, 1000), (1, 0, 9000), (9, 9, 9000)]);
        for _ in 0..100 {
            parts.count(Layers::default(), 1000);
            parts.fade();
        }
        assert_eq!(parts.spatial(), [1000; 3]);
    }
}
