//! A place in a meeting as far as signalling goes: it publishes, so that there is something to speak of, and sends no media.

use std::{collections::BTreeMap, time::Instant};

use client::{Action, Client, Config, Event, Input, Output, wire};
use proto::{
    Source,
    livekit::{Ping, SessionDescription, signal_request::Message as Request, signal_response::Message as Response},
};
use tokio::time::timeout;

use crate::{
    harness::{Reply, Server, Socket},
    wire::{PATIENCE, track},
};

pub struct Seat {
    pub socket: Socket,
    /// The participant's id.
    pub sid: String,
    /// Its tracks: their ids.
    pub own: BTreeMap<Source, String>,
    /// The last that it offered.
    pub offer: SessionDescription,
    mark: i64,
}

impl Seat {
    /// Comes in and publishes these; the error is what the server answered instead of opening the socket.
    pub async fn take(server: &Server, token: &str, auto_subscribe: bool, sources: &[Source]) -> Result<Self, Reply> {
        let local = "127.0.0.1:9".parse().unwrap();
        let mut client = Client::new(Config { auto_subscribe, ..Config::new(local) }, Instant::now());
        let Some(Output::Connect(join)) = client.poll_output() else { panic!("a client begins with its join request") };
        let query = format!("access_token={token}&join_request={}", wire::join_parameter(&join));
        let socket = server.socket(&query, &[]).await?;
        let offer = join.publisher_offer.clone().unwrap();
        let mut seat = Self { socket, sid: String::new(), own: BTreeMap::new(), offer, mark: 0 };
        timeout(PATIENCE, seat.publish(&mut client, sources)).await.expect("what is published is answered");
        Ok(seat)
    }

    async fn publish(&mut self, client: &mut Client, sources: &[Source]) {
        let mut unanswered = 1;
        loop {
            match self.socket.response().await {
                None | Some(Response::Leave(_)) => panic!("sent away"),
                Some(response) => {
                    match &response {
                        Response::Join(join) => self.sid = join.participant.as_ref().unwrap().sid.clone(),
                        Response::Answer(_) => unanswered -= 1,
                        _ => {}
                    }
                    client.handle(Instant::now(), Input::Signal(Box::new(response)));
                }
            }
            while let Some(output) = client.poll_output() {
                match output {
                    Output::Request(request) => {
                        if let Request::Offer(offer) = request.as_ref() {
                            self.offer = offer.clone();
                            unanswered += 1;
                        }
                        self.socket.send(*request).await;
                    }
                    Output::Event(Event::Joined { .. }) => {
                        for source in sources {
                            client.handle(Instant::now(), Input::Do(Action::Publish(track(*source))));
                        }
                    }
                    Output::Event(Event::Published { cid, track: id }) => {
                        let source = sources.iter().find(|source| track(**source).cid == cid).unwrap();
                        self.own.insert(*source, id.to_string());
                    }
                    _ => {}
                }
            }
            if !self.sid.is_empty() && unanswered == 0 && self.own.len() == sources.len() {
                return;
            }
        }
    }

    /// Waits until it sees all these tracks of another, and has taken note of everything before that.
    pub async fn sees(&mut self, other: &Seat) {
        let seen = async {
            while let Some(response) = self.socket.response().await {
                if let Response::Update(update) = response
                    && update.participants.iter().any(|one| one.sid == other.sid && one.tracks.len() == other.own.len())
                {
                    return;
                }
            }
        };
        timeout(PATIENCE, seen).await.expect("what is published is announced");
    }

    /// What it was told before the answer to a ping; a socket that was closed says no more.
    pub async fn heard(&mut self) -> Vec<Response> {
        self.mark -= 1;
        let ping = Request::PingReq(Ping { timestamp: self.mark, rtt: 0 });
        // The server may have closed the socket.
        let _ = self.socket.message(tokio_tungstenite::tungstenite::Message::Binary(wire::encode(ping).into())).await;
        let mut heard = Vec::new();
        while let Some(response) = self.socket.response().await {
            match response {
                Response::PongResp(pong) if pong.last_ping_timestamp == self.mark => break,
                response => heard.push(response),
            }
        }
        heard
    }
}
