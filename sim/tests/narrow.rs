//! Lines that carry less than is wanted: what is given up, what is not, and how it comes back.

use std::time::Duration;

use proto::media::Kind;
use sim::{Bottleneck, Check, Conditions, Medium, Step, play};

use Step::{Afresh, Check as Expect, Conditions as Net, Join, Narrow, Publish, Quiet, Run, Widen};

const ARRIVAL: Step = Run(Duration::from_secs(4));

const fn seconds(n: u64) -> Step {
    Run(Duration::from_secs(n))
}

const fn layer(layer: u8) -> Step {
    Expect(Check::Layer { by: "bob", of: "ann", layer })
}

const FELL: Step = Expect(Check::AtMost { by: "bob", of: "ann", layer: 1 });

/// Ann speaks before a good camera, and bob sees the largest of its layers.
fn two() -> Vec<Step> {
    vec![
        Net(Conditions::PERFECT.delayed(Duration::from_millis(20))),
        Join("ann"),
        Join("bob"),
        ARRIVAL,
        Publish("ann", Medium::Microphone),
        Publish("ann", Medium::Sharp),
        seconds(8),
        layer(2),
    ]
}

fn holds(seeds: std::ops::Range<u64>, then: &[Step]) {
    let steps = [two(), then.to_vec()].concat();
    for seed in seeds {
        play(seed, &steps).unwrap_or_else(|failure| panic!("{failure}"));
    }
}

/// Sound that is late or lost is worse than a picture that is small. It may stand behind a burst that the line may be
/// filled with, and behind a probe.
const SOUND_HOLDS: [Step; 5] = [
    Quiet,
    Expect(Check::Gets { by: "bob", of: "ann", kind: Kind::Audio, missing: 0.005 }),
    Expect(Check::Delay(Kind::Audio, Duration::from_millis(250))),
    Expect(Check::Stood("bob", Duration::from_millis(200))),
    Afresh,
];

#[test]
fn the_layer_falls_within_two_seconds_and_climbs_back_within_fifteen() {
    let mut steps =
        vec![Narrow("bob", Bottleneck::kilobits(1_000)), seconds(2), FELL, seconds(1), Afresh, seconds(10), layer(1)];
    steps.extend(SOUND_HOLDS);
    steps.extend([Widen("bob"), seconds(15), layer(2)]);
    holds(1..6, &steps);
}

#[test]
fn a_very_narrow_line_carries_the_smallest_layer() {
    let mut steps = vec![Narrow("bob", Bottleneck::kilobits(400)), seconds(4), Afresh, seconds(10), layer(0)];
    steps.extend(SOUND_HOLDS);
    steps.extend([Widen("bob"), seconds(15), layer(2)]);
    holds(10..14, &steps);
}

#[test]
fn where_only_sound_fits_only_sound_is_sent() {
    let mut steps = vec![Narrow("bob", Bottleneck::kilobits(120)), seconds(6), Afresh, seconds(10)];
    steps.extend(SOUND_HOLDS);
    steps.extend([Expect(Check::Paused("bob", 1)), Widen("bob"), seconds(20), layer(2)]);
    holds(20..24, &steps);
}

/// What one person's line does is nobody else's concern.
#[test]
fn a_narrow_line_changes_nothing_for_others() {
    let steps = [
        Join("cy"),
        ARRIVAL,
        Narrow("cy", Bottleneck::kilobits(300)),
        seconds(5),
        Afresh,
        seconds(10),
        layer(2),
        Expect(Check::Layer { by: "cy", of: "ann", layer: 0 }),
        Quiet,
        Expect(Check::Gets { by: "bob", of: "ann", kind: Kind::Video, missing: 0.0 }),
        Expect(Check::Gets { by: "bob", of: "ann", kind: Kind::Audio, missing: 0.0 }),
    ];
    holds(30..33, &steps);
}

/// Loss by chance is no sign of a narrow line.
#[test]
fn random_loss_alone_does_not_cost_the_large_picture() {
    let lossy = Conditions::PERFECT.delayed(Duration::from_millis(30)).losing(0.03);
    holds(40..43, &[Net(lossy), seconds(20), layer(2), Afresh, seconds(10), layer(2)]);
}
