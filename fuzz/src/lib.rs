//! Everything that reads from the network, as functions from bytes to nothing that must never panic.
//!
//! The fuzz targets beside this crate are two lines over one of these each. The test `shell/server/tests/hostile.rs`
//! includes this file as well and runs the same functions over the seeds and random changes of them, so that they are
//! exercised without a nightly toolchain too.

mod bytes;
mod sfu_talk;

/// A target: its name, which is also that of its folder of seeds, and the function.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("access_token", server::fuzzing::access_token),
    ("api_body", server::fuzzing::api_body),
    ("event_ask", server::fuzzing::event_ask),
    ("feeds", server::fuzzing::feeds),
    ("file", server::fuzzing::file),
    ("join_request", server::fuzzing::join_request),
    ("signal_request", server::fuzzing::signal_request),
    ("tcp_frames", server::fuzzing::tcp_frames),
    ("vcards", server::fuzzing::vcards),
    ("hub_calls", hub::fuzzing::calls),
    ("hub_invitations", hub::fuzzing::invitations),
    ("hub_messages", hub::fuzzing::messages),
    ("hub_conversation", hub::fuzzing::conversation),
    ("sfu_budgets", sfu::fuzzing::budgets),
    ("sfu_candidates", sfu::fuzzing::candidates),
    ("sfu_data", sfu::fuzzing::data_packet),
    ("sfu_descriptor", sfu::fuzzing::descriptors),
    ("sfu_estimate", sfu::fuzzing::estimates),
    ("sfu_handshake", sfu::fuzzing::handshake),
    ("sfu_negotiate", sfu::fuzzing::negotiate),
    ("sfu_offer", sfu::fuzzing::offer),
    ("sfu_payload", sfu::fuzzing::payload),
    ("sfu_reports", sfu::fuzzing::reports),
    ("sfu_stun", sfu::fuzzing::stun),
    ("sfu_talk", sfu_talk::run),
    ("turn_framing", turn::fuzzing::framing),
    ("turn_message", turn::fuzzing::message),
    ("turn_session", turn::fuzzing::session),
];

/// Runs the target of this name.
///
/// # Panics
/// When there is none of that name, which only a mistake in the target's file can cause, and when it found something.
pub fn run(name: &str, data: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).expect("the target is listed in TARGETS");
    target(data);
}
