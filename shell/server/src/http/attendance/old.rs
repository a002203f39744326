//! The older names of the list and of messages, where the operator has them answered: `/online_attendants/` and
//! `/notify_ws/CHANNEL/?info=...`. They take app passwords alone.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::Method,
};
use serde::Serialize;

use super::{ByPassword, NotLetIn, Program, tell};
use crate::http::{App, csrf::OwnPage, problem::Fault};

/// One line of the list.
#[derive(Debug, Serialize)]
pub struct Line {
    channel: String,
    /// Both for administrators alone; the port where no proxy stands in between.
    address: Option<String>,
    port: Option<u16>,
    /// The name to sign in with.
    user: String,
    /// Of parameters with the same name the last.
    details: BTreeMap<String, String>,
}

/// What became of a message.
#[derive(Debug, Serialize)]
pub struct Sent {
    channel: String,
    sent: bool,
}

/// The list. A switch that is off is no endpoint, whoever asks.
pub async fn list(
    State(app): State<Arc<App>>,
    asked: Result<ByPassword, NotLetIn>,
) -> Result<Json<Vec<Line>>, NotLetIn> {
    let program = admitted(&app, asked)?;
    let admin = program.account.admin;
    let known = app.attendants.list(program.scope()).into_iter();
    let line = |(channel, card): (String, crate::attendants::Card)| Line {
        channel,
        address: admin.then(|| card.address.to_string()),
        port: card.port.filter(|_| admin),
        user: card.user.name,
        details: card.details.into_iter().map(|detail| (detail.name, detail.value)).collect(),
    };
    Ok(Json(known.map(line).collect()))
}

/// A message. It is asked for with `GET`, so that browsers would ask for it in the name of any page: only our own may. Whoever
/// only looks with `HEAD` sends none.
pub async fn notify(
    State(app): State<Arc<App>>,
    asked: Result<ByPassword, NotLetIn>,
    own: Result<OwnPage, Fault>,
    method: Method,
    Path(channel): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Sent>, NotLetIn> {
    let program = admitted(&app, asked)?;
    own?;
    if method == Method::HEAD {
        return Err(Fault::NoMethod.into());
    }
    let query = query.unwrap_or_default();
    let info = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "info");
    let info = info.map(|(_, info)| info.into_owned()).ok_or(Fault::BadRequest)?;
    tell(&app, &program, &channel, &info)?;
    Ok(Json(Sent { channel, sent: true }))
}

fn admitted(app: &App, asked: Result<ByPassword, NotLetIn>) -> Result<Program, NotLetIn> {
    if !app.old_attendance {
        return Err(Fault::NoEndpoint.into());
    }
    asked.map(|ByPassword(program)| program)
}
