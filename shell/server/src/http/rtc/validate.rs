//! `GET /rtc/v1/validate`: would `/rtc/v1` let this token in? Clients ask after a failed upgrade, to tell people why.

#![expect(clippy::disallowed_types, reason = "as LiveKit refuses, in plain text")]

use std::sync::Arc;

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};

use super::{admit, furnish};
use crate::http::App;

/// The same checks as for the socket, and `success`. Pages of any origin may read the answer.
pub async fn handle(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Result<Query<super::Query>, QueryRejection>,
) -> (StatusCode, [(HeaderName, HeaderValue); 1], String) {
    let (status, text) = match query {
        Ok(Query(query)) => match admit(&app, &headers, &query) {
            Ok(join) => match furnish(&app, join).await {
                Ok(_) => (StatusCode::OK, "success".to_owned()),
                Err(fault) => (fault.status(), fault.to_string()),
            },
            Err(refused) => refused,
        },
        Err(_) => (StatusCode::BAD_REQUEST, "the query cannot be read".to_owned()),
    };
    (status, [ANY_ORIGIN], text)
}

/// A page that sends the token in a header asks first whether it may.
pub async fn preflight() -> (StatusCode, [(HeaderName, HeaderValue); 4]) {
    let allowed = [
        ANY_ORIGIN,
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type")),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400")),
    ];
    (StatusCode::NO_CONTENT, allowed)
}

const ANY_ORIGIN: (HeaderName, HeaderValue) = (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
