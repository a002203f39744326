//! What the API is: a document for programs (`/api/v1/openapi.json`), and the same as a page for people (`/api`).
//!
//! Both are made out of the `#[utoipa::path]` that stands above each endpoint, once, when somebody first asks.

pub mod document;
pub mod openapi;
pub mod page;
mod render;
pub mod style;
mod types;
