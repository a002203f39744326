//! `/api/v1/server`, `/settings`, `/branding`: the server as a whole.

pub mod change;
pub mod forget_logo;
pub mod logo;
pub mod put_logo;
pub mod view;
