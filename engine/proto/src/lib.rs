//! The words that the rest of the program speaks: ids, units, rights, refusals, and the messages between its parts.
//!
//! Nothing here decides or does anything. Start with [`id`]; [`media`] is what the control plane and the media plane
//! say to each other, [`api`] what browsers say to `/api/v1`, and [`livekit`] the signalling messages of LiveKit's
//! client protocol, which media clients speak.

#![forbid(unsafe_code)]

pub mod api;
pub mod call;
pub mod id;
pub mod media;
pub mod memory;
pub mod person;
pub mod presence;
pub mod quality;
pub mod refusal;
pub mod rights;
pub mod role;
pub mod time;

/// LiveKit's client protocol, version 1: the protobuf messages as published.
pub use livekit_protocol as livekit;
/// The protobuf runtime which those messages are encoded and decoded with.
pub use prost;

pub use id::{
    AccountId, CallId, ContactId, DeliveryId, DeviceKey, FileId, HookId, Identity, LineId, MessageId, ParticipantId,
    RoomId, RoomName, SessionId, Shard, TrackId, VoicemailId,
};
pub use memory::Memory;
pub use person::Person;
pub use presence::Presence;
pub use refusal::Refusal;
pub use rights::{Rights, Source};
pub use role::{ChangePolicy, Lobby, Policy, Role};
