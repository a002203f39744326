//! What a packet costs on its whole way through the engine, from the publisher's datagram to the trains of all who watch,
//! with the allocations that it makes. The ends are real str0m instances; their work is not counted.

mod meeting;

use std::cell::RefCell;

use divan::{AllocProfiler, Bencher, counter::ItemsCount};
use meeting::Meeting;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// One at a time, as when the machine is idle: each packet pays for everything that a batch would share.
#[divan::bench(args = [1, 50, 200], sample_size = 1, sample_count = 2000)]
fn packet(bencher: Bencher, subscribers: usize) {
    let meeting = RefCell::new(Meeting::of(subscribers));
    bencher
        .with_inputs(|| meeting.borrow_mut().packet())
        .input_counter(move |_| ItemsCount::new(subscribers))
        .bench_local_values(|datagram| meeting.borrow_mut().route(&datagram));
}
