//! What one packet through TURN costs: time and allocations. `cargo bench -p turn`.

#[path = "../tests/common/mod.rs"]
mod common;

use common::*;
use divan::{AllocProfiler, Bencher, black_box};
use turn::*;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// A server with as many allocations as it may have, and one of them.
fn settled(bound: bool) -> (World, std::net::SocketAddr) {
    let limits = Limits { of_participant: 1_000, of_address: 1_000, streams: 10_000, ..Limits::default() };
    let mut world = World::new(Config { limits, ..config() });
    for number in 1..=255 {
        world.allocate(stream(number), number.into());
    }
    let (login, relayed) = world.allocate(datagram(1), 1);
    let code =
        if bound { world.bind(datagram(1), &login, 0x4000, MEDIA) } else { world.permit(datagram(1), &login, MEDIA) };
    assert_eq!(code, 0);
    (world, relayed)
}

const PAYLOAD: [u8; 1_100] = [7; 1_100];

/// As Chromium sends.
#[divan::bench]
fn channel_to_media(bencher: Bencher<'_, '_>) {
    let (mut world, _) = settled(true);
    let bytes = channel(0x4000, &PAYLOAD);
    bencher.bench_local(|| {
        let carried = world.turn.handle(world.now, Input::Message { client: datagram(1), bytes: black_box(&bytes) });
        assert!(carried.is_some());
    });
}

/// As Firefox sends, which binds no channels.
#[divan::bench]
fn send_to_media(bencher: Bencher<'_, '_>) {
    let (mut world, _) = settled(false);
    let bytes = world.send(MEDIA, &PAYLOAD);
    bencher.bench_local(|| {
        let carried = world.turn.handle(world.now, Input::Message { client: datagram(1), bytes: black_box(&bytes) });
        assert!(carried.is_some());
    });
}

/// To Chromium, and to Firefox; with the copy into a buffer that is used again.
#[divan::bench(args = [true, false])]
fn media_to_client(bencher: Bencher<'_, '_>, bound: bool) {
    let (mut world, relayed) = settled(bound);
    let mut buffer = Vec::with_capacity(2_048);
    bencher.bench_local(|| {
        let input = Input::FromMedia { relayed, media: at(MEDIA), payload: black_box(&PAYLOAD) };
        buffer.clear();
        let Some(Carried::ToClient { frame, .. }) = world.turn.handle(world.now, input) else { panic!("dropped") };
        frame.append_to(&mut buffer);
    });
}
