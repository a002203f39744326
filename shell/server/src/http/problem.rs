//! Every answer of `/api/v1` that is not a success, each with its stable code.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use proto::{Refusal, api::Problem};

/// Why a request was not carried out, other than by the rules of rooms (those are [`Refusal`]s).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The world broke; it was logged where it did.
    #[error("Something went wrong on the server. Try again; if it stays, ask who runs this server.")]
    Internal,
    /// There is no such endpoint.
    #[error("There is no such endpoint.")]
    NoEndpoint,
    /// The endpoint does not know the method.
    #[error("This endpoint does not know that method.")]
    NoMethod,
    /// A page of another site asked for a change.
    #[error("Pages of other sites may not do that.")]
    ForeignPage,
    /// The body is not declared as JSON.
    #[error("Send JSON, with content type application/json.")]
    NotJson,
    /// The body is not what this endpoint takes.
    #[error("The request is not what this endpoint takes.")]
    BadRequest,
    /// The body is too large.
    #[error("The request is too large.")]
    TooLarge,
}

impl Fault {
    /// The stable code, which never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Internal => "internal",
            Self::NoEndpoint => "no_endpoint",
            Self::NoMethod => "no_method",
            Self::ForeignPage => "foreign_page",
            Self::NotJson => "not_json",
            Self::BadRequest => "bad_request",
            Self::TooLarge => "too_large",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Refused(Refusal::RoomUnknown | Refusal::NotFound) => StatusCode::NOT_FOUND,
            Self::Refused(Refusal::NotAllowed) => StatusCode::FORBIDDEN,
            Self::Refused(Refusal::BadName) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(Refusal::TooOften) => StatusCode::TOO_MANY_REQUESTS,
            Self::Refused(Refusal::RoomFull | Refusal::TooMany) => StatusCode::CONFLICT,
            Self::Refused(Refusal::ServerFull | Refusal::Stopping) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NoEndpoint => StatusCode::NOT_FOUND,
            Self::NoMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignPage => StatusCode::FORBIDDEN,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let problem = Problem { code: self.code().to_owned(), message: self.to_string() };
        let mut response = (self.status(), Json(problem)).into_response();
        if self == Self::Refused(Refusal::TooOften) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}

/// Any path below `/api` that is not in the table.
pub async fn no_such_endpoint() -> Fault {
    Fault::NoEndpoint
}

/// A path of the table, asked in a way that it does not know.
pub async fn no_such_method() -> Fault {
    Fault::NoMethod
}
