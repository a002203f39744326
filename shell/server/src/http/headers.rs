//! Headers that every answer carries, so that a mistake in the page does less harm (R5).

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::{App, Connection, place::Place};

/// Adds them.
pub async fn add(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let secure = request.extensions().get::<Connection>().is_some_and(|connection| connection.secure);
    let place = Place::named_by(request.headers(), secure, app.behind_proxy);
    let mut response = next.run(request).await;
    add_to(response.headers_mut());
    let facing = app.tls.as_ref().filter(|_| secure).and_then(|tls| tls.facing(place.host()));
    if facing.is_some_and(|facing| !facing.is_own) {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    response
}

fn add_to(headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        // An answer that says something stricter of itself (a file of somebody) keeps that.
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// Browsers come by TLS alone for a year. Only where the certificate is one that they trust: after a warning that somebody
/// clicked away it would mean nothing, and a self-made one that is made anew could not be clicked away any more. Of what a
/// reverse proxy in front promises, that says itself.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// The page runs its own scripts and nobody else's, makes none out of texts (Trusted Types), shows no foreign frames and
/// is shown in none, and alone may ask for devices. `connect-src 'self'` covers our own WebSockets too (CSP level 3).
/// `wasm-unsafe-eval` lets WebAssembly of our own run (noise suppression, blur); scripts from texts stay forbidden.
const ALWAYS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; connect-src 'self'; font-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    (
        "permissions-policy",
        "camera=(self), microphone=(self), display-capture=(self), autoplay=(self), fullscreen=(self), \
         picture-in-picture=(self), screen-wake-lock=(self), geolocation=(), payment=(), usb=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];
