//! `PUT /api/v1/me/push`: wake this browser when it rings and no page of it is open. Answers 204.
//!
//! It is known by its session and goes with it. Where it is to be told, its person says, so that is not believed: see
//! [`crate::outgoing`].

use std::{sync::Arc, time::Instant};

use axum::{extract::State, http::StatusCode};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hyper::Uri;
use proto::{Person, Refusal, api::PutPush};
use store::{AddPushError, StoredPush};

use crate::{
    http::{App, body::Body, place::Place, problem::Fault, who::Member},
    push::Browser,
};

/// Keeps how.
#[utoipa::path(
    put, path = "/api/v1/me/push", operation_id = "putPush", tag = "me",
    summary = "Wake this browser for calls",
    security(("session" = [])),
    extensions(("x-problems" = json!(["bad_setting", "too_many", "too_often"]))),
    request_body = PutPush,
    responses(
        (status = 204, description = "It is woken from now on, until it is signed out."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    place: Place,
    Body(wanted): Body<PutPush>,
) -> Result<StatusCode, Fault> {
    app.acts.take(Instant::now(), &Person::Account(me.account.id))?;
    let PutPush { endpoint, p256dh, auth, device } = wanted;
    let (key, secret) = (bytes(&p256dh)?, bytes(&auth)?);
    Browser::read(&key, &secret).ok_or(Refusal::BadSetting)?;
    let uri: Uri = Some(&endpoint)
        .filter(|text| text.len() <= LONGEST)
        .ok_or(Refusal::BadSetting)?
        .parse()
        .map_err(|_| Refusal::BadSetting)?;
    if let Err(error) = app.push.outgoing.look_up(&uri).await {
        let host = uri.host().unwrap_or_default();
        tracing::info!(account.id = %me.account.id, host, "a push service was refused: {error}");
        return Err(Refusal::BadSetting.into());
    }
    let (session, account, host) = (me.session, me.account.id, place.authority().to_owned());
    let push = StoredPush { session, account, device, endpoint, key, secret, host };
    app.store.add_push(&push, MOST).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Some browsers write the signs that fill up at the end, and some do not.
fn bytes(text: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| Refusal::BadSetting)
}

impl From<AddPushError> for Fault {
    fn from(error: AddPushError) -> Self {
        match error {
            AddPushError::NoSession => Refusal::SignInFirst.into(),
            AddPushError::Full => Refusal::TooMany.into(),
            AddPushError::Write(error) => error.into(),
        }
    }
}

/// The most characters of an address of a push service: several times what browsers give.
const LONGEST: usize = 1_024;
/// The most browsers of one account that are woken: every call costs one request for each, to wherever its person says.
const MOST: u32 = 10;
