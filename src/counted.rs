//! The system's allocator, counted: for the row "allocations" of `cargo xtask bench`, and in no other build.

#![expect(unsafe_code, reason = "an allocator is unsafe by its nature; this one passes everything on as it came")]

use std::alloc::{GlobalAlloc, Layout, System};

use server::allocations::count;

#[global_allocator]
static ALLOCATOR: Counted = Counted;

struct Counted;

// SAFETY: each call is the same call of the system's allocator.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of `realloc`, and what it holds came from the system's allocator.
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`, and what it holds came from the system's allocator.
        unsafe { System.dealloc(memory, layout) }
    }
}
