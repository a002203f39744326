//! What each piece of the way out costs, with the allocations that it makes: numbers, header, seal, history.

#![expect(clippy::disallowed_methods, reason = "a bench starts from a real instant")]

use std::{sync::Arc, time::Instant};

use divan::{AllocProfiler, Bencher, black_box, counter::ItemsCount};
use sfu::benching::{Heading, Keeping, Numbering, Sealing};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// One packet of 1,160 bytes, copied behind its header and sealed, as for one subscriber.
#[divan::bench(args = [128, 256])]
fn seal(bencher: Bencher, bits: usize) {
    let mut sealing = Sealing::new(bits);
    let mut out = Vec::with_capacity(2_048);
    let (header, payload) = ([0x80; 20], [7; PAYLOAD]);
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| sealing.packet(&header, black_box(&payload), &mut out));
}

/// The same with the keys of 200 subscribers in turn, none of which stays near the processor.
#[divan::bench(args = [128, 256])]
fn seal_for_200(bencher: Bencher, bits: usize) {
    let mut all: Vec<Sealing> = (0..200).map(|_| Sealing::new(bits)).collect();
    let mut out = Vec::with_capacity(2_048);
    let (header, payload) = ([0x80; 20], [7; PAYLOAD]);
    let mut at = 0;
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| {
        at = (at + 1) % all.len();
        all[at].packet(&header, black_box(&payload), &mut out);
    });
}

#[divan::bench]
fn header(bencher: Bencher) {
    let mut heading = Heading::new();
    let mut out = Vec::with_capacity(64);
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| heading.next(black_box(&mut out)));
}

/// Sequence number, timestamp and VP8's picture id.
#[divan::bench]
fn number(bencher: Bencher) {
    let mut numbering = Numbering::new(Instant::now());
    let payload = [&[0x90, 0x80, 0x81, 0x02][..], &[0; PAYLOAD - 4]].concat();
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| numbering.next(black_box(&payload)));
}

/// From a number in a NACK to the publisher's packet.
#[divan::bench]
fn origin(bencher: Bencher) {
    let mut numbering = Numbering::new(Instant::now());
    for _ in 0..1_000 {
        numbering.next(&[0; 10]);
    }
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| numbering.origin(black_box(40)));
}

/// What each packet that comes costs, once for all subscribers.
#[divan::bench]
fn keep(bencher: Bencher) {
    let mut keeping = Keeping::new(Instant::now());
    let payload = Arc::from([7; PAYLOAD]);
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| keeping.keep(black_box(&payload)));
}

#[divan::bench]
fn find(bencher: Bencher) {
    let mut keeping = Keeping::new(Instant::now());
    let payload = Arc::from([7; PAYLOAD]);
    (0..600).for_each(|_| keeping.keep(&payload));
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| keeping.find(black_box(200)));
}

/// As full as packets of pictures are.
const PAYLOAD: usize = 1_160;
