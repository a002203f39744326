//! `POST /api/v1/trials`: begins a connection test. Answers a [`Trial`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State};
use hub::Question;
use proto::{
    Refusal,
    api::{Certificate, Trial, TrialOver, TrialWay},
};

use crate::{
    clock,
    http::{App, Caller, TooSoon, place::Place, problem::Fault},
    token,
    trials::{self, LASTS, WAYS},
};

/// Begins one. Anybody may: whoever cannot get in anywhere needs it most.
#[utoipa::path(
    post, path = "/api/v1/trials", operation_id = "beginTrial", tag = "trials",
    summary = "Begin a connection test",
    security(()),
    extensions(("x-problems" = json!(["too_often", "server_full"]))),
    responses(
        (status = 200, description = "Tokens for a room of its own for each way that media may take.", body = Trial),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, caller: Caller, place: Place) -> Result<Json<Trial>, Fault> {
    app.limits.trials.take(Instant::now(), caller)?;
    let trial = app.trials.begin(Instant::now(), caller.group()).map_err(|full| match full {
        trials::Full::All => Fault::from(Refusal::ServerFull),
        trials::Full::OfOne(wait) => TooSoon::after(wait).into(),
    })?;
    let offered = app.trials.offered();
    let ways = WAYS.into_iter().map(|over| {
        let [sender, receiver] =
            trials::passes(&trial, over).map(|pass| token::sign(&app.keys, &pass, clock::unix(), LASTS));
        let addresses = match over {
            TrialOver::Tcp => &offered.tcp,
            TrialOver::Any | TrialOver::Udp | TrialOver::Relay => &offered.udp,
        };
        TrialWay {
            over,
            sender,
            receiver,
            addresses: addresses.iter().map(ToString::to_string).collect(),
            reach: trials::reach(addresses),
            offered: !(over == TrialOver::Relay && app.behind_proxy),
        }
    });
    // Asked anew each time: certificates change while the server runs, and another may be shown under another name.
    let facing = app.tls.as_ref().and_then(|tls| tls.facing(place.host()));
    let days = facing.map(|facing| facing.until.saturating_sub(clock::unix()) / DAY);
    let answer = Trial {
        seconds: u32::try_from(LASTS.as_secs()).unwrap_or(u32::MAX),
        certificate: match facing {
            None => Certificate::None,
            Some(facing) if facing.is_own => Certificate::Own,
            Some(_) => Certificate::Given,
        },
        certificate_days: days.map(|days| u32::try_from(days).unwrap_or(u32::MAX)),
        ways: ways.collect(),
    };
    app.tasks.spawn("trial", &app.tasks.stop, end(app.clone(), trial));
    Ok(Json(answer))
}

/// Ends its rooms when its time is up, whoever is still in.
async fn end(app: Arc<App>, trial: String) {
    tokio::time::sleep(LASTS).await;
    for over in WAYS {
        // Without a hub there is no room either.
        let _ = app.control.ask(Question::End { room: trials::room(&trial, over), person: None }).await;
    }
}

/// In seconds.
const DAY: u64 = 24 * 60 * 60;
