//! What is answered to plain HTTP where TLS is spoken: how to trust the certificate, since whoever does not yet is warned off
//! the same page over TLS; and to everybody else, that an `s` is missing.

use std::sync::Arc;

use axum::{
    Router,
    http::{StatusCode, header},
    middleware,
    response::IntoResponse,
};

use super::{App, headers, late, metrics, trust};

/// The routes, all of them.
pub fn plain_routes(app: Arc<App>) -> Router {
    Router::new()
        .merge(trust::routes(&app))
        .fallback(speaks_https)
        .method_not_allowed_fallback(speaks_https)
        .layer(middleware::from_fn(late::answer_in_time))
        .layer(middleware::from_fn_with_state(app.clone(), headers::add))
        .layer(middleware::from_fn_with_state(app.clone(), metrics::count))
        .with_state(app)
}

async fn speaks_https() -> impl IntoResponse {
    (StatusCode::BAD_REQUEST, [(header::CONNECTION, "close")], SPEAKS_HTTPS)
}

const SPEAKS_HTTPS: &str = "This server speaks HTTPS. Open the same address with https:// in front.\n";
