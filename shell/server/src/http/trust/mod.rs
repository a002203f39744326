//! `GET /trust`: how to make a machine trust this server's own authority, and the authority's certificate to take along.
//!
//! Open to everybody, over TLS and over plain HTTP: the certificate is no secret, and what protects whoever takes it along is
//! the fingerprint, which the console prints too.

#![expect(clippy::disallowed_types, reason = "a page, and no part of the API")]

mod apple;
mod page;
mod words;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;

use super::{App, place::Place};
use crate::tls::authority::Known;

/// The routes, where there is an authority; none else.
pub fn routes(app: &App) -> Router<Arc<App>> {
    if known(app).is_none() {
        return Router::new();
    }
    Router::new()
        .route("/trust", get(page))
        .route("/trust/style.css", get(style))
        .route("/trust/parlor-ca.crt", get(der))
        .route("/trust/parlor-ca.pem", get(pem))
        .route("/trust/parlor-ca.mobileconfig", get(profile))
}

fn known(app: &App) -> Option<&Known> {
    app.tls.as_ref()?.known.as_deref()
}

#[derive(Deserialize)]
struct Asked {
    lang: Option<String>,
}

async fn page(State(app): State<Arc<App>>, place: Place, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    let Some(known) = known(&app) else { return StatusCode::NOT_FOUND.into_response() };
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let words = words::of(asked.lang.as_deref().unwrap_or(accepted));
    let headers = [(header::VARY, "accept-language"), (header::CONTENT_LANGUAGE, words.code)];
    (headers, Html(page::page(words, known, place.authority()))).into_response()
}

async fn style() -> impl IntoResponse {
    let text = concat!(
        include_str!("../../../../../web/src/look/tokens.css"),
        include_str!("../docs/page.css"),
        include_str!("trust.css")
    );
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], text)
}

/// DER, so that the sum of the file is the fingerprint.
async fn der(State(app): State<Arc<App>>) -> Response {
    let der = known(&app).map(|known| known.der.clone());
    file(der, "application/x-x509-ca-cert", "attachment; filename=\"parlor-ca.crt\"")
}

async fn pem(State(app): State<Arc<App>>) -> Response {
    let pem = known(&app).map(|known| known.pem.clone().into_bytes());
    file(pem, "application/x-pem-file", "attachment; filename=\"parlor-ca.pem\"")
}

async fn profile(State(app): State<Arc<App>>) -> Response {
    let profile = known(&app).map(|known| apple::profile(known).into_bytes());
    file(profile, "application/x-apple-aspen-config", "attachment; filename=\"parlor-ca.mobileconfig\"")
}

fn file(bytes: Option<Vec<u8>>, kind: &'static str, disposition: &'static str) -> Response {
    let headers: [(HeaderName, &str); 2] = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)];
    bytes.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |bytes| (headers, bytes).into_response())
}
