//! Which layer of a simulcast track a subscriber should see.

use proto::media::{Layer, Quality, Wish};

/// All layers, lowest first; a layer's place here is its place in every per-layer array.
pub(crate) const LAYERS: [Quality; 3] = [Quality::Low, Quality::Medium, Quality::High];

/// The layer for `wish`: the best that sends and is not more than wanted, else the lowest that sends.
///
/// `None` when nothing sends: then whatever flowed last may as well stay the aim.
pub(crate) fn choose(wish: &Wish, announced: &[Layer], sending: [bool; 3]) -> Option<Quality> {
    let most = most_wanted(wish, announced);
    let sends = |layer: &Quality| sending[*layer as usize];
    LAYERS.into_iter().rev().filter(|l| *l <= most).find(sends).or_else(|| LAYERS.into_iter().find(sends))
}

/// The spatial layer for `wish` inside a stream that holds several: they are announced as layers of a simulcast are, the
/// lowest first.
pub(crate) fn inside(wish: &Wish, announced: &[Layer]) -> u8 {
    match most_wanted(wish, announced) {
        Quality::Low => 0,
        Quality::Medium => 1,
        Quality::High => u8::MAX,
    }
}

/// The highest layer that makes a difference: the smallest which fills the size shown, capped by the quality asked for.
///
/// The short sides are compared, so that a turned telephone gets what an upright one would.
pub(crate) fn most_wanted(wish: &Wish, announced: &[Layer]) -> Quality {
    let Some((width, height)) = wish.size else {
        return wish.quality;
    };
    let shown = width.min(height);
    let fills = announced.iter().filter(|l| l.width.min(l.height) >= shown).map(|l| l.quality).min();
    fills.unwrap_or(Quality::High).min(wish.quality)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(quality: Quality, size: Option<(u32, u32)>, sending: &str, expected: Option<Quality>) {
        let announced = [(Quality::Low, 320, 180), (Quality::Medium, 640, 360), (Quality::High, 1280, 720)]
            .map(|(quality, width, height)| Layer { quality, width, height });
        let sending = ['q', 'h', 'f'].map(|rid| sending.contains(rid));
        let wish = Wish { quality, size, ..Wish::default() };
        assert_eq!(choose(&wish, &announced, sending), expected, "{wish:?} of {sending:?}");
    }

    #[test]
    fn the_quality_asked_for_is_a_cap() {
        check(Quality::High, None, "qhf", Some(Quality::High));
        check(Quality::Medium, None, "qhf", Some(Quality::Medium));
        check(Quality::Low, None, "qhf", Some(Quality::Low));
    }

    #[test]
    fn a_small_picture_gets_a_small_layer() {
        check(Quality::High, Some((200, 150)), "qhf", Some(Quality::Low));
        check(Quality::High, Some((320, 180)), "qhf", Some(Quality::Low));
        check(Quality::High, Some((321, 181)), "qhf", Some(Quality::Medium));
        check(Quality::High, Some((360, 640)), "qhf", Some(Quality::Medium));
        check(Quality::High, Some((4000, 3000)), "qhf", Some(Quality::High));
        check(Quality::Low, Some((4000, 3000)), "qhf", Some(Quality::Low));
    }

    #[test]
    fn a_layer_that_sends_nothing_is_not_chosen() {
        check(Quality::High, None, "qh", Some(Quality::Medium));
        check(Quality::High, None, "q", Some(Quality::Low));
        check(Quality::Low, None, "hf", Some(Quality::Medium));
        check(Quality::Low, None, "f", Some(Quality::High));
        check(Quality::Medium, None, "", None);
    }

    #[test]
    fn without_announced_sizes_the_size_shown_says_nothing() {
        let wish = Wish { size: Some((10, 10)), ..Wish::default() };
        assert_eq!(choose(&wish, &[], [true; 3]), Some(Quality::High));
    }
}
