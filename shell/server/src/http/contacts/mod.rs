//! `/api/v1/people`: who can be called.

pub mod list;
