//! Every query and every promise of the store, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test says that something failed by failing")]

mod accounts;
mod app_passwords;
mod calls;
mod chat;
mod contacts;
mod conversations;
mod files;
mod hooks;
mod links;
mod meetings;
mod opening;
mod people;
mod pushes;
mod quality;
mod rooms;
mod schema;
mod sessions;
mod support;
mod voicemail;
mod writing;
