//! How often memory is asked for, by threads that carry media and by all others.
//!
//! Nothing is counted unless the binary's allocator calls [`count`], which only a build for measuring does (the feature
//! `counted`): one counter for all threads would be a line of memory that they fight for.

use std::{
    cell::Cell,
    sync::atomic::{AtomicU64, Ordering},
};

/// One more. Called by an allocator, so it must not allocate.
pub fn count() {
    // A thread that ends has no cell any more, and carries no media any more either.
    let counter = if MEDIA.try_with(Cell::get).unwrap_or(false) { &OF_MEDIA } else { &OF_OTHERS };
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Says that the thread which calls it carries media.
pub(crate) fn begin_media() {
    MEDIA.set(true);
}

/// Allocations of media threads and of all others; `None` where nobody counts.
pub(crate) fn counted() -> Option<[u64; 2]> {
    let counted = [&OF_MEDIA, &OF_OTHERS].map(|counter| counter.load(Ordering::Relaxed));
    // Whatever runs has allocated.
    (counted != [0, 0]).then_some(counted)
}

thread_local! {
    static MEDIA: Cell<bool> = const { Cell::new(false) };
}

static OF_MEDIA: AtomicU64 = AtomicU64::new(0);
static OF_OTHERS: AtomicU64 = AtomicU64::new(0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_count_for_their_kind() {
        let counted_by = |media: bool| {
            let work = move || {
                if media {
                    begin_media();
                }
                count();
            };
            std::thread::spawn(work).join().unwrap();
            counted().unwrap()
        };
        assert!(counted().is_none(), "no allocator of tests counts");
        assert_eq!(counted_by(false), [0, 1]);
        assert_eq!(counted_by(true), [1, 1]);
    }
}
