//! `DELETE /api/v1/me/avatar`: do without a picture. Answers the new [`Me`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::Me;
use store::AccountChange;

use crate::{
    account::pictures::Kind,
    http::{App, problem::Fault, who::Member},
};

/// Takes it away.
#[utoipa::path(
    delete, path = "/api/v1/me/avatar", operation_id = "forgetAvatar", tag = "me",
    summary = "Do without a picture",
    security(("session" = [])),
    responses(
        (status = 200, description = "The account now.", body = Me),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Me>, Fault> {
    let change = AccountChange { avatar: Some(None), ..AccountChange::default() };
    let changed = super::change(&app, me.account.id, change).await?;
    if let Some(old) = me.account.avatar {
        app.accounts.pictures.forget(Kind::Avatar, &old).await;
    }
    Ok(Json(changed))
}
