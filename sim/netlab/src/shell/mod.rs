//! What acts: namespaces, devices, the pump and the records of labs. Linux only.
//!
//! Here is a clock, and here are threads: one per lab that pumps, and short ones that enter a namespace to do one thing
//! there. All unsafe code is in `sys`.

pub mod janitor;
pub mod lab;
pub mod namespace;

mod device;
mod pump;
mod sys;
