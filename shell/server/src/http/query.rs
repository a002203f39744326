//! The query of a request to `/api/v1`.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use super::problem::Fault;

/// A query that is what the endpoint takes. One that is not gets a problem, as every answer of the API that refuses;
/// axum's own, which answers in plain text, is for what is no part of the API.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        #[expect(clippy::disallowed_types, reason = "this is what stands in for it")]
        let read = axum::extract::Query::try_from_uri(&parts.uri);
        read.map(|axum::extract::Query(query)| Self(query)).map_err(|_| Fault::BadRequest)
    }
}
