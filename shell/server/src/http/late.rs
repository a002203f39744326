//! Ends requests that take too long, with a [`Fault`] like every other.

use std::time::Duration;

use axum::{
    extract::Request,
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::time::timeout;

use super::problem::Fault;

/// Waits for the answer, but not for ever. A socket that is upgraded has its answer; what it carries takes as long as it takes.
pub async fn answer_in_time(request: Request, next: Next) -> Response {
    let limit = within(request.method(), request.uri().path());
    timeout(limit, next.run(request)).await.unwrap_or_else(|_| Fault::TimedOut.into_response())
}

/// How long an answer to this may take.
fn within(method: &Method, path: &str) -> Duration {
    if *method == Method::POST && path.ends_with("/files") { UPLOAD } else { ANSWER }
}

/// How long an answer may take. Only a database that hangs takes longer.
const ANSWER: Duration = Duration::from_secs(30);
/// How long a file may be on its way: the largest one over the slowest line that carries a call, 350 kbit/s.
const UPLOAD: Duration = Duration::from_secs(600);

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware, routing::any};
    use tokio::time::Instant;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_told_by_a_problem() {
        let hangs = any(async || std::future::pending::<()>().await);
        let router = Router::new()
            .route("/api/v1/rooms", hangs.clone())
            .route("/api/v1/rooms/a/files", hangs)
            .layer(middleware::from_fn(answer_in_time));
        for (method, path, seconds) in [
            ("GET", "/api/v1/rooms", 30),
            ("POST", "/api/v1/rooms", 30),
            ("GET", "/api/v1/rooms/a/files", 30),
            ("POST", "/api/v1/rooms/a/files", 600),
        ] {
            let began = Instant::now();
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(began.elapsed().as_secs(), seconds, "{method} {path}");
            assert_eq!(
                (answer.status().as_u16(), &answer.headers()["content-type"]),
                (503, &"application/json".parse().unwrap())
            );
            let body = axum::body::to_bytes(answer.into_body(), 1_000).await.unwrap();
            let problem: proto::api::Problem = serde_json::from_slice(&body).unwrap();
            assert_eq!(problem.code, "timed_out");
        }
    }
}
