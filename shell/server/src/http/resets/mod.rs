//! `/api/v1/resets`: a new password by an administrator's link.

pub mod take;
