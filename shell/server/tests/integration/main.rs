//! The real server on free ports with a temporary folder, asked over real sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod accounts;
mod accounts_admin;
mod accounts_floods;
mod accounts_passkeys;
mod accounts_pictures;
mod acme;
mod api;
mod attendance;
mod calls;
mod calls_awaited;
mod calls_forwarded;
mod chat;
mod contacts;
mod conversations;
mod docs;
mod events;
mod files;
mod harness;
mod hooks;
mod inviting;
mod matrix;
mod matrix_messages;
mod news;
mod pages;
mod people;
mod push;
mod quality;
mod rooms;
mod rooms_kept;
mod rooms_left;
mod rtc;
mod scene;
mod seat;
mod session;
mod silence;
mod sockets;
mod start;
mod tls;
mod trials;
mod turn;
mod voicemail;
mod wire;
