//! `/api/v1/trials`: the connection test.

pub mod begin;
