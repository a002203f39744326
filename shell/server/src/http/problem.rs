//! Every answer of `/api/v1` that is not a success, each with its stable code.

use std::time::Duration;

use axum::{
    Json,
    extract::{RawPathParams, Request, rejection::RawPathParamsRejection},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use proto::{Refusal, api::Problem};

/// Why a request was not carried out, other than by the rules of rooms (those are [`Refusal`]s).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The same was tried too often of late.
    #[error(transparent)]
    TooSoon(#[from] TooSoon),
    /// The world broke; it was logged where it did.
    #[error("Something went wrong on the server. Try again; if it stays, ask who runs this server.")]
    Internal,
    /// The answer took too long; what was asked may have been done or not.
    #[error("The server took too long to answer. Look whether it was done, then try again.")]
    TimedOut,
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

/// One try too many, and after how many seconds there is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Too many tries. Try again in {0} s.")]
pub struct TooSoon(pub u32);

impl TooSoon {
    /// After this span, in whole seconds.
    pub fn after(span: Duration) -> Self {
        Self(u32::try_from(span.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX).max(1))
    }
}

impl Fault {
    /// What is said of it.
    pub fn problem(self) -> Problem {
        let wait = match self {
            Self::TooSoon(TooSoon(seconds)) => Some(seconds),
            Self::Refused(Refusal::TooOften) => Some(1),
            _ => None,
        };
        Problem { code: self.code().to_owned(), message: self.to_string(), wait }
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let own = [
            Self::Internal,
            Self::TimedOut,
            Self::NoEndpoint,
            Self::NoMethod,
            Self::ForeignPage,
            Self::NotJson,
            Self::BadRequest,
            Self::TooLarge,
        ];
        Refusal::ALL.into_iter().map(Self::Refused).chain(own)
    }

    /// The stable code, which never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::TooSoon(_) => Refusal::TooOften.code(),
            Self::Internal => "internal",
            Self::TimedOut => "timed_out",
            Self::NoEndpoint => "no_endpoint",
            Self::NoMethod => "no_method",
            Self::ForeignPage => "foreign_page",
            Self::NotJson => "not_json",
            Self::BadRequest => "bad_request",
            Self::TooLarge => "too_large",
        }
    }

    /// The status that it is answered with.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Refused(refusal) => status_of(refusal),
            Self::TooSoon(_) => status_of(Refusal::TooOften),
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TimedOut => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoEndpoint => StatusCode::NOT_FOUND,
            Self::NoMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignPage => StatusCode::FORBIDDEN,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }
}

/// Says it in the log; the one who asked is told no more than that something went wrong.
impl From<store::ReadError> for Fault {
    fn from(error: store::ReadError) -> Self {
        tracing::error!(%error, "something could not be read");
        Self::Internal
    }
}

/// Says it in the log, unless the database is only busy or closing.
impl From<store::WriteError> for Fault {
    fn from(error: store::WriteError) -> Self {
        match error {
            store::WriteError::Busy => Refusal::ServerFull.into(),
            store::WriteError::Closed => Refusal::Stopping.into(),
            error => {
                tracing::error!(%error, "something could not be written");
                Self::Internal
            }
        }
    }
}

fn status_of(refusal: Refusal) -> StatusCode {
    match refusal {
        Refusal::RoomUnknown | Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::SignInFirst | Refusal::WrongPassword | Refusal::PasskeyRefused => StatusCode::UNAUTHORIZED,
        Refusal::NotAllowed
        | Refusal::MembersOnly
        | Refusal::Locked
        | Refusal::Removed
        | Refusal::NotIn
        | Refusal::NotShown
        | Refusal::NotSetUp
        | Refusal::WrongCode
        | Refusal::BadLink => StatusCode::FORBIDDEN,
        Refusal::BadName
        | Refusal::BadAccountName
        | Refusal::WeakPassword
        | Refusal::BadText
        | Refusal::BadFile
        | Refusal::BadSetting
        | Refusal::OwnNumber => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::TooOften => StatusCode::TOO_MANY_REQUESTS,
        Refusal::RoomFull
        | Refusal::TooMany
        | Refusal::NameTaken
        | Refusal::LastAdmin
        | Refusal::AnsweredElsewhere
        | Refusal::CallOver
        | Refusal::AlreadyWaiting => StatusCode::CONFLICT,
        Refusal::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        Refusal::ServerFull | Refusal::Stopping => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let wait = problem.wait;
        let mut response = (self.status(), Json(problem)).into_response();
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
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

/// Refuses a path whose parts are no text once they are decoded, before any endpoint looks at them.
pub async fn refuse_unreadable_path(
    parts: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Response {
    match parts {
        Err(RawPathParamsRejection::InvalidUtf8InPathParam(_)) => Fault::BadRequest.into_response(),
        // Whether there are parts at all is the table's business.
        Ok(_) | Err(_) => next.run(request).await,
    }
}
