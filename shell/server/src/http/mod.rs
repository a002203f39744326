//! Everything that is asked over HTTP: one table of routes, one file per endpoint.
//!
//! Nothing here decides about rooms or people; that is the hub's. What holds for every request (who asks, security
//! headers, the refusal of foreign pages, limits) stands in `caller`, `headers`, `csrf`, `limit`.

mod body;
mod caller;
mod csrf;
mod headers;
mod health;
pub mod limit;
mod metrics;
mod problem;
pub mod rooms;
pub mod rtc;
mod web;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{any, get, post},
};
use store::Store;

use crate::{config::Audience, control::Control, keys::Keys, media, tasks::Tasks};

pub use body::{BODY, api_body};
pub use caller::{Caller, Connection};
pub use problem::Fault;

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
    /// Where sessions are started.
    pub tasks: Tasks,
    /// Whether a reverse proxy stands in front.
    pub behind_proxy: bool,
    /// Who may read `/metrics`.
    pub metrics: Audience,
    /// Who may ask how often.
    pub limits: limit::Limits,
    /// How many requests were answered how.
    pub answered: metrics::Answered,
}

/// The routes, all of them.
pub fn routes(app: Arc<App>) -> Router {
    let api = Router::new()
        .route("/rooms", post(rooms::create::handle))
        .route("/rooms/{code}", get(rooms::view::handle))
        .route("/rooms/{code}/join", post(rooms::join::handle))
        .fallback(problem::no_such_endpoint)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn_with_state(app.clone(), csrf::refuse_foreign_pages))
        .layer(DefaultBodyLimit::max(BODY));
    Router::new()
        .nest("/api/v1", api)
        .route("/api", any(problem::no_such_endpoint))
        .route("/api/", any(problem::no_such_endpoint))
        .route("/api/{*rest}", any(problem::no_such_endpoint))
        .route("/rtc/v1", get(rtc::join::handle))
        .route("/rtc/v1/validate", get(rtc::validate::handle).options(rtc::validate::preflight))
        .route("/rtc", any(rtc::not_here))
        .route("/rtc/", any(rtc::not_here))
        .route("/rtc/{*rest}", any(rtc::not_here))
        .route("/healthz", get(health::handle))
        .route("/metrics", get(metrics::handle))
        .fallback(web::handle)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn_with_state(app.clone(), headers::add))
        .layer(middleware::from_fn_with_state(app.clone(), metrics::count))
        .with_state(app)
}

/// How long an answer may take. Only a database that hangs takes longer.
pub const ANSWER: Duration = Duration::from_secs(30);
