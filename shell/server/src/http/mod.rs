//! Everything that is asked over HTTP: one table of routes, one file per endpoint.
//!
//! Nothing here decides about rooms or people; that is the hub's. What holds for every request (who asks, security
//! headers, the refusal of foreign pages, limits, how long it may take) stands in `caller`, `who`, `place`, `headers`,
//! `csrf`, `limit`, `late`.

pub mod accounts;
pub mod attendance;
mod body;
mod caller;
pub mod calls;
pub mod chat;
pub mod contacts;
pub mod conversations;
mod csrf;
pub mod docs;
pub mod events;
pub mod files;
mod finished;
mod headers;
mod health;
pub mod hooks;
pub mod invitations;
mod late;
pub mod limit;
mod manifest;
pub mod me;
mod metrics;
pub mod news;
pub mod pace;
mod picture;
mod place;
mod plain;
mod problem;
mod query;
pub mod resets;
pub mod rooms;
pub mod rtc;
pub mod server;
pub mod session;
pub mod setup;
pub mod trials;
mod trust;
pub mod voicemail;
mod web;
pub mod who;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{any, delete, get, patch, post, put},
};
use store::Store;

use crate::{
    account::{Accounts, pictures, pool::Pool},
    config::Audience,
    control::Control,
    keys::Keys,
    media,
    tasks::Tasks,
    tls::Tls,
    turn::Relay,
};

pub use body::{BODY, api_body, is_shallow};
pub use caller::{Caller, Connection};
pub use place::Place;
pub use plain::plain_routes;
pub use problem::{Fault, TooSoon};

/// What the endpoints share.
#[derive(Debug)]
pub struct App {
    /// The way to the hub.
    pub control: Control,
    /// What is kept.
    pub store: Store,
    /// The API keys.
    pub keys: Keys,
    /// The media threads.
    pub media: Vec<media::Handle>,
    /// The relay for those whom media does not reach otherwise.
    pub relay: Relay,
    /// Where sessions are started.
    pub tasks: Tasks,
    /// Whether a reverse proxy stands in front.
    pub behind_proxy: bool,
    /// The connection tests that run.
    pub trials: crate::trials::Trials,
    /// Messages that are being spoken.
    pub voicemail: crate::voicemail::Voicemail,
    /// How many messages one person may have.
    pub mailboxes: crate::config::Mailboxes,
    /// The certificates, where TLS ends here.
    pub tls: Option<Tls>,
    /// Who may read `/metrics`.
    pub metrics: Audience,
    /// Who may ask how often.
    pub limits: limit::Limits,
    /// Who looks up rooms now.
    pub guesses: rooms::guess::Guesses,
    /// Whose policy or phone book is being changed now.
    pub changes: rooms::turns::Turns,
    /// How fast people write.
    pub writers: pace::Paces,
    /// How fast people act in meetings.
    pub acts: pace::Paces,
    /// How fast people call.
    pub calls: pace::Paces,
    /// Who was in which room of late.
    pub stays: rooms::stays::Stays,
    /// Files of chats.
    pub files: crate::files::Files,
    /// Passwords, sessions, passkeys, pictures, and the set-up.
    pub accounts: Accounts,
    /// Where heavy work is done.
    pub pool: Pool,
    /// Who is connected.
    pub crowd: crate::crowd::Crowd,
    /// How closed browsers are woken.
    pub push: crate::push::Push,
    /// Whose sessions end.
    pub endings: crate::events::endings::Endings,
    /// Programs and devices that attend.
    pub attendants: crate::attendants::Attendants,
    /// Whether they are asked about under their older paths too.
    pub old_attendance: bool,
    /// How fast people and programs send messages to programs.
    pub notices: pace::Paces,
    /// Webhooks.
    pub hooks: crate::hooks::Hooks,
    /// What feeds say.
    pub news: crate::news::News,
    /// The way to servers that others have named.
    pub outgoing: crate::outgoing::Outgoing,
    /// How many requests were answered how.
    pub answered: metrics::Answered,
}

/// The routes, all of them.
pub fn routes(app: Arc<App>) -> Router {
    let api = table()
        .fallback(problem::no_such_endpoint)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn(problem::refuse_unreadable_path))
        .layer(middleware::from_fn_with_state(app.clone(), setup::refuse_before))
        .layer(middleware::from_fn_with_state(app.clone(), csrf::refuse_foreign_pages))
        .layer(DefaultBodyLimit::max(BODY));
    Router::new()
        .nest("/api/v1", api)
        .route("/api", get(docs::page::handle).fallback(problem::no_such_endpoint))
        .route("/api/", get(docs::page::handle).fallback(problem::no_such_endpoint))
        .route("/api/style.css", get(docs::style::handle))
        .route("/api/{*rest}", any(problem::no_such_endpoint))
        .route("/rtc/v1", get(rtc::join::handle))
        .route("/rtc/v1/validate", get(rtc::validate::handle).options(rtc::validate::preflight))
        .route("/rtc", any(rtc::not_here))
        .route("/rtc/", any(rtc::not_here))
        .route("/rtc/{*rest}", any(rtc::not_here))
        .merge(attendance::routes())
        .route("/healthz", get(health::handle))
        .route("/metrics", get(metrics::handle))
        .route("/manifest.webmanifest", get(manifest::handle))
        .merge(trust::routes(&app))
        .fallback(web::handle)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn_with_state(app.tasks.clone(), finished::see_through))
        .layer(middleware::from_fn(late::answer_in_time))
        .layer(middleware::from_fn_with_state(app.clone(), headers::add))
        .layer(middleware::from_fn_with_state(app.clone(), metrics::count))
        .with_state(app)
}

/// All endpoints of `/api/v1`.
fn table() -> Router<Arc<App>> {
    let greeting = get(voicemail::greeting::view).post(voicemail::greeting::begin);
    let greeting = greeting.delete(voicemail::greeting::remove);
    let vcards = post(contacts::import::handle).layer(DefaultBodyLimit::max(contacts::import::LARGEST));
    Router::new()
        .merge(people())
        .route("/rooms", get(rooms::mine::handle).post(rooms::create::handle))
        .route("/rooms/now", get(rooms::now::handle))
        .route("/rooms/{code}", get(rooms::view::handle).patch(rooms::change::handle).delete(rooms::delete::handle))
        .route("/rooms/{code}/members", get(rooms::members::handle))
        .route("/rooms/{code}/members/{name}", put(rooms::set_member::handle).delete(rooms::remove_member::handle))
        .route("/rooms/{code}/bans", get(rooms::bans::handle))
        .route("/rooms/{code}/bans/{person}", delete(rooms::pardon::handle))
        .route("/rooms/{code}/join", post(rooms::join::handle))
        .route("/rooms/{code}/acts", post(rooms::act::handle))
        .route("/rooms/{code}/invitees", post(rooms::invite::handle))
        .route("/rooms/{code}/invitation", post(rooms::invited::handle))
        .route("/rooms/{code}/ratings", get(rooms::ratings::handle).post(rooms::rate::handle))
        .route("/rooms/{code}/measurements", post(rooms::measure::handle))
        .route("/rooms/{code}/report", get(rooms::report::handle))
        .route("/rooms/{code}/meetings", get(rooms::meetings::handle))
        .route("/rooms/{code}/meetings/{began}", get(rooms::minutes::handle))
        .route("/rooms/{code}/messages", get(chat::list::handle).post(chat::write::handle))
        .route("/rooms/{code}/messages/{id}", patch(chat::edit::handle).delete(chat::delete::handle))
        .route("/rooms/{code}/messages/{id}/reactions/{emoji}", put(chat::react::handle).delete(chat::unreact::handle))
        .route("/rooms/{code}/files", post(files::give::handle))
        .route("/rooms/{code}/files/{id}", get(files::fetch::handle))
        .route("/rooms/{code}/files/{id}/preview", get(files::preview::handle))
        .route("/conversations", get(conversations::list::handle).post(conversations::make::handle))
        .route("/conversations/lines", get(conversations::find::handle))
        .route("/conversations/{id}", get(conversations::view::handle).patch(conversations::rename::handle))
        .route("/conversations/{id}/people", post(conversations::add::handle))
        .route("/conversations/{id}/leave", post(conversations::leave::handle))
        .route("/conversations/{id}/read", put(conversations::read::handle))
        .route("/conversations/{id}/typing", post(conversations::typing::handle))
        .route("/people", get(contacts::list::handle))
        .route("/people/{id}/awaited", put(contacts::wait::handle).delete(contacts::wait_no_more::handle))
        .route("/contacts", get(contacts::book::handle).post(contacts::add::handle))
        .route("/contacts/import", vcards)
        .route("/contacts/export", get(contacts::export::handle))
        .route("/contacts/{id}", patch(contacts::change::handle).delete(contacts::remove::handle))
        .route("/calls", get(calls::history::handle).post(calls::place::handle))
        .route("/calls/missed", get(calls::missed::handle))
        .route("/calls/looked", post(calls::looked::handle))
        .route("/calls/{id}/acts", post(calls::act::handle))
        .route("/calls/{id}/voicemail", post(voicemail::begin::handle))
        .route("/voicemail", get(voicemail::list::handle))
        .route("/calls/{id}/greeting", get(voicemail::greeting::called))
        .route("/voicemail/greeting", greeting)
        .route("/voicemail/greeting/audio", get(voicemail::greeting::audio))
        .route("/voicemail/{id}", patch(voicemail::mark::handle).delete(voicemail::remove::handle))
        .route("/voicemail/{id}/audio", get(voicemail::audio::handle))
        .route("/voicemail/{id}/send", post(voicemail::send::handle))
        .route("/voicemail/{id}/stop", post(voicemail::stop::handle))
        .route("/events", get(events::handle))
        .route("/news", get(news::list::handle))
        .route("/news/feeds", get(news::feeds::handle).put(news::change::handle))
        .route("/attendance", get(attendance::list::handle))
        .route("/attendance/{channel}/notify", post(attendance::notify::handle))
}

/// The server itself, accounts, and how people come in.
fn people() -> Router<Arc<App>> {
    let avatar = put(me::put_avatar::handle).layer(DefaultBodyLimit::max(pictures::SENT));
    let logo = put(server::put_logo::handle).layer(DefaultBodyLimit::max(pictures::SENT));
    Router::new()
        .route("/openapi.json", get(docs::openapi::handle))
        .route("/server", get(server::view::handle))
        .route("/trials", post(trials::begin::handle))
        .route("/hooks", get(hooks::list::handle).post(hooks::create::handle))
        .route("/hooks/{id}", patch(hooks::change::handle).delete(hooks::delete::handle))
        .route("/hooks/{id}/test", post(hooks::test::handle))
        .route("/hooks/{id}/deliveries", get(hooks::deliveries::handle))
        .route("/hooks/{id}/deliveries/{delivery}/again", post(hooks::again::handle))
        .route("/settings", patch(server::change::handle))
        .route("/settings/logo", logo.delete(server::forget_logo::handle))
        .route("/branding/logo", get(server::logo::handle))
        .route("/setup", post(setup::finish::handle))
        .route("/setup/check", post(setup::check::handle))
        .route("/session", post(session::open::handle).delete(session::close::handle))
        .route("/session/passkey/begin", post(session::begin_passkey::handle))
        .route("/session/passkey/finish", post(session::finish_passkey::handle))
        .route("/me", get(me::view::handle).patch(me::change::handle))
        .route("/me/password", put(me::password::handle))
        .route("/me/avatar", avatar.delete(me::forget_avatar::handle))
        .route("/me/presence", get(me::presence::handle).put(me::choose::handle))
        .route("/me/visibility", get(me::visibility::handle).put(me::put_visibility::handle))
        .route("/me/calls", get(me::calls::handle).put(me::put_calls::handle))
        .route("/me/push", get(me::push::handle).put(me::put_push::handle).delete(me::forget_push::handle))
        .route("/me/devices", get(me::devices::handle))
        .route("/me/devices/{id}", delete(me::close_device::handle))
        .route("/me/passkeys", get(me::passkeys::handle))
        .route("/me/passkeys/begin", post(me::begin_passkey::handle))
        .route("/me/passkeys/finish", post(me::finish_passkey::handle))
        .route("/me/passkeys/{id}", delete(me::remove_passkey::handle))
        .route("/me/app-passwords", get(me::app_passwords::handle).post(me::make_app_password::handle))
        .route("/me/app-passwords/{id}", delete(me::remove_app_password::handle))
        .route("/accounts", post(accounts::sign_up::handle).get(accounts::list::handle))
        .route("/accounts/{id}", patch(accounts::change::handle))
        .route("/accounts/{id}/reset", post(accounts::reset::handle))
        .route("/accounts/{id}/avatar", get(accounts::avatar::handle))
        .route("/resets", post(resets::take::handle))
        .route("/invitations", get(invitations::list::handle).post(invitations::create::handle))
        .route("/invitations/{id}", delete(invitations::delete::handle))
        .route("/invitations/check", post(invitations::check::handle))
}
