//! What acts.
