//! Sees through what somebody began, though they have gone: what was written in a chat, and telling the others of it, is one thing.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::{sync::oneshot, time::timeout};

use super::problem::Fault;
use crate::tasks::Tasks;

/// Runs what changes a conversation, a chat, a mailbox, a call or a webhook, and what somebody answers, in a task of its own. A
/// request ends where its asker hangs up, and that may be between the database and the others: they would miss the line until they
/// look again, a message that was spoken would be lost, and a call that was declined would ring on.
pub async fn see_through(State(tasks): State<Tasks>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || !is_told(request.uri().path()) {
        return next.run(request).await;
    }
    let (done, answer) = oneshot::channel();
    tasks.spawn("request", &tasks.cut, async move {
        // Nobody may be waiting any more. One that never ends, as a body that drips, is left all the same.
        if let Ok(answer) = timeout(MOST, next.run(request)).await {
            let _ = done.send(answer);
        }
    });
    answer.await.unwrap_or_else(|_| Fault::Internal.into_response())
}

/// How long it may take altogether: twice what its asker waits at most.
const MOST: Duration = Duration::from_secs(60);

/// Whether others are told of what is done there.
fn is_told(path: &str) -> bool {
    path.strip_prefix("/api/v1/").is_some_and(|path| {
        let mut parts = path.split('/');
        match parts.next() {
            Some("calls" | "conversations" | "hooks" | "voicemail") => true,
            Some("people") => parts.nth(1) == Some("awaited"),
            Some("rooms") => matches!(parts.nth(1), Some("invitation" | "messages")),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::{Router, body::Body, middleware, routing::any};
    use futures_util::FutureExt as _;
    use tokio::sync::Notify;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn what_was_begun_is_done_though_nobody_waits_for_it() {
        for (method, path, done) in [
            ("POST", "/api/v1/conversations/RM_1/leave", true),
            ("PATCH", "/api/v1/rooms/bolu-kesi-dafo/messages/MS_1", true),
            ("POST", "/api/v1/voicemail/VM_1/send", true),
            ("POST", "/api/v1/hooks", true),
            ("PATCH", "/api/v1/hooks/HK_1", true),
            ("DELETE", "/api/v1/hooks/HK_1", true),
            ("GET", "/api/v1/hooks", false),
            ("POST", "/api/v1/calls/CL_1/acts", true),
            ("POST", "/api/v1/rooms/bolu-kesi-dafo/invitation", true),
            ("PUT", "/api/v1/people/AC_1/awaited", true),
            ("POST", "/api/v1/rooms", false),
            ("GET", "/api/v1/conversations", false),
        ] {
            let (written, told, tasks) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Tasks::default());
            let (goes_on, tells) = (written.clone(), told.clone());
            let handler = any(async move || {
                goes_on.notified().await;
                tells.notify_one();
            });
            let layer = middleware::from_fn_with_state(tasks.clone(), see_through);
            let router = Router::new().fallback_service(handler).layer(layer);
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let mut asked = Box::pin(router.oneshot(request));
            assert!(asked.as_mut().now_or_never().is_none());
            tokio::task::yield_now().await;
            drop(asked);
            written.notify_one();
            assert!(tasks.drain(std::time::Duration::from_secs(30)).await);
            assert_eq!(told.notified().now_or_never().is_some(), done, "{method} {path}");
        }
    }

    #[tokio::test]
    async fn a_handler_that_breaks_is_a_fault_of_this_server() {
        let handler = any(async || -> () { panic!("on purpose") });
        let layer = middleware::from_fn_with_state(Tasks::default(), see_through);
        let router = Router::new().fallback_service(handler).layer(layer);
        let request = Request::builder().method("POST").uri("/api/v1/conversations").body(Body::empty()).unwrap();
        assert_eq!(router.oneshot(request).await.unwrap().status().as_u16(), 500);
    }
}
