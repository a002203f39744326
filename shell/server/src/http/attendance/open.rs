//! `GET /attendance/?...`: the socket of a program that attends. Everything in its query is shown as a detail.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{
        RawQuery, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    response::Response,
};
use proto::{Refusal, api::Detail};

use super::Program;
use crate::{
    account::views,
    attendants::{Card, Full, socket},
    clock,
    http::{App, Caller, Connection, csrf::OwnPage, problem::Fault},
    listen::Place,
};

/// Checks from where and who, and only then upgrades: browsers let every page open sockets, and send along what they know.
#[expect(clippy::too_many_arguments, reason = "each is something that the request is asked for")]
pub async fn handle(
    State(app): State<Arc<App>>,
    place: Option<Extension<Place>>,
    connection: Option<Extension<Connection>>,
    caller: Caller,
    program: Program,
    _: OwnPage,
    RawQuery(query): RawQuery,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Fault> {
    let upgrade = upgrade.map_err(|_| Fault::BadRequest)?;
    if app.tasks.stop.is_cancelled() {
        return Err(Refusal::Stopping.into());
    }
    let Program { account, device, by } = program;
    let card = Card {
        user: views::account(&account),
        device,
        details: details(query.as_deref().unwrap_or_default())?,
        since: clock::unix_ms(),
        address: caller.0,
        port: None,
    };
    let card = card.from_port(connection.map(|Extension(connection)| connection.peer));
    let seat = app.attendants.enter(card).map_err(|full| match full {
        Full::All => Refusal::ServerFull,
        Full::OfOne => Refusal::TooMany,
    })?;
    let upgrade = upgrade
        .max_message_size(socket::LARGEST)
        .max_frame_size(socket::LARGEST)
        .write_buffer_size(0)
        .read_buffer_size(socket::LARGEST);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let carry = async move |app: Arc<App>| {
            socket::run(socket, seat, account.id, by, &app).await;
            drop(place);
        };
        app.tasks.spawn("attendant", &app.tasks.cut, carry(app.clone()));
    }))
}

/// What stands in a query, name by name.
fn details(query: &str) -> Result<Vec<Detail>, Refusal> {
    let mut details = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let readable = |text: &str, most| text.chars().count() <= most && !text.chars().any(char::is_control);
        if name.is_empty() || !readable(&name, NAME) || !readable(&value, VALUE) {
            return Err(Refusal::BadText);
        }
        if details.len() >= DETAILS {
            return Err(Refusal::TooMany);
        }
        details.push(Detail { name: name.into_owned(), value: value.into_owned() });
    }
    Ok(details)
}

/// Details of one attendant: a card that can be looked over.
const DETAILS: usize = 32;
/// The longest name of a detail, in characters.
const NAME: usize = 64;
/// The longest value of a detail, in characters: a line or two.
const VALUE: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_a_detail() {
        let of = |query: &str| {
            details(query)
                .map(|details| details.into_iter().map(|Detail { name, value }| (name, value)).collect::<Vec<_>>())
        };
        let pairs = |pairs: &[(&str, &str)]| {
            Ok(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        assert_eq!(of(""), pairs(&[]));
        assert_eq!(of("my_id=7&room=Hall%20%C3%BCber&up"), pairs(&[("my_id", "7"), ("room", "Hall über"), ("up", "")]));
        assert_eq!(of("a=1&a=2"), pairs(&[("a", "1"), ("a", "2")]), "both, in their order");
        assert_eq!(of("a=%FF"), pairs(&[("a", "\u{fffd}")]));
        for wrong in ["=1", "a=%0A", "%00=1", &format!("{}=1", "x".repeat(65)), &format!("a={}", "x".repeat(257))] {
            assert_eq!(of(wrong), Err(Refusal::BadText), "{wrong}");
        }
        assert_eq!(of(&vec!["a=1"; 32].join("&")).unwrap().len(), 32);
        assert_eq!(of(&vec!["a=1"; 33].join("&")), Err(Refusal::TooMany));
    }
}
