//! `POST /api/v1/hooks/{id}/deliveries/{delivery}/again`: tell a webhook once more what is in its log. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::{DeliveryId, HookId, Person, Refusal};

use crate::http::{App, problem::Fault, who::Admin};

/// Queues it as it was, with the same id of its event, as soon as nothing is on its way there. What waits already is refused.
#[utoipa::path(
    post, path = "/api/v1/hooks/{id}/deliveries/{delivery}/again", operation_id = "tellHookAgain", tag = "hooks",
    summary = "Send a webhook once more what it was told",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["not_found", "bad_setting", "already_waiting", "too_many", "too_often"]))),
    params(
        ("id" = String, Path, description = "The webhook."),
        ("delivery" = String, Path, description = "What of its log."),
    ),
    responses(
        (status = 204, description = "On its way. The log says what became of it."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(admin): Admin,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    app.acts.take(Instant::now(), &Person::Account(admin.account.id))?;
    let id: HookId = id.parse().map_err(|_| Refusal::NotFound)?;
    let delivery: DeliveryId = delivery.parse().map_err(|_| Refusal::NotFound)?;
    app.hooks.again(id, delivery).await?;
    Ok(StatusCode::NO_CONTENT)
}
