//! `/api/v1/invitations`: links with which people may make an account (R7).

pub mod check;
pub mod create;
pub mod delete;
pub mod list;

use std::time::Instant;

use proto::Refusal;
use store::Invitation;

use super::{App, Caller, problem::Fault};
use crate::{account::secret, clock};

/// The invitation behind a secret. One that is unknown, used up, taken back or too old is answered alike, and weighs on
/// the caller.
pub(super) async fn find(app: &App, caller: Caller, secret: &str) -> Result<Invitation, Fault> {
    app.limits.secrets.take(Instant::now(), caller)?;
    let found = app.store.invitation(&secret::hash(secret)).await?;
    let good = found.filter(|invitation| invitation.uses_left > 0 && clock::unix_ms() < invitation.expires_at);
    let invitation = good.ok_or(Refusal::BadLink)?;
    app.limits.secrets.give_back(caller);
    Ok(invitation)
}

/// An invitation without its secret.
fn view(invitation: Invitation) -> proto::api::Invitation {
    let Invitation { id, name, uses_left, expires_at, .. } = invitation;
    proto::api::Invitation { id, name, uses_left, expires_at }
}
