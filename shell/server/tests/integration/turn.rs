//! The relay, with clients that are not ours.

use std::{net::SocketAddr, process::Stdio, time::Duration};

use proto::livekit::{IceServer, signal_response::Message as Response};
use tokio::{process::Command, time::timeout};

use crate::harness::{Server, Socket, token};

/// Joins, and keeps the socket: who leaves loses its credentials.
async fn join(server: &Server) -> (Socket, IceServer) {
    let mut socket = server.socket(&format!("access_token={}", token("r", "ann")), &[]).await.unwrap();
    let Some(Response::Join(join)) = socket.response().await else { panic!("no join") };
    let [relay] = join.ice_servers.as_slice() else { panic!("{:?}", join.ice_servers) };
    (socket, relay.clone())
}

/// Whether coturn's clients are here. `cargo xtask test` installs them, and says when they are missing.
fn has_clients() -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join("turnutils_uclient").exists()));
    if !found {
        assert!(std::env::var("CI").is_err(), "coturn's clients are missing");
        eprintln!("skipped: coturn's clients are missing");
    }
    found
}

/// What a client of coturn says, and whether it was content.
async fn run(program: &str, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(Duration::from_secs(60), command.output()).await.expect("it ends by itself").unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    (output.status.success(), said)
}

async fn uclient(web: SocketAddr, relay: &IceServer, more: &[&str]) -> (bool, String) {
    let (host, port) = (web.ip().to_string(), web.port().to_string());
    let mut arguments = vec!["-t", "-v", "-p", &port, "-u", &relay.username, "-w", &relay.credential];
    arguments.extend(more);
    arguments.push(&host);
    run("turnutils_uclient", &arguments).await
}

#[tokio::test]
async fn a_join_names_the_relay_at_the_address_that_the_client_came_by() {
    let server = Server::start().await;
    let (_socket, relay) = join(&server).await;
    assert_eq!(relay.urls, [format!("turn:{}?transport=tcp", server.web())]);
    assert!(!relay.username.is_empty() && !relay.credential.is_empty());
    server.stop().await;

    let behind = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    let mut socket = behind.socket(&format!("access_token={}", token("r", "ann")), &[]).await.unwrap();
    let Some(Response::Join(join)) = socket.response().await else { panic!("no join") };
    assert_eq!(join.ice_servers, [], "a proxy passes no TURN on");
    drop(socket);
    behind.stop().await;
}

#[tokio::test]
async fn coturns_client_is_served_where_real_peers_are_allowed() {
    if !has_clients() {
        return;
    }
    let server =
        Server::start_with(|raw| raw.turn_peers = Some("public,127.0.0.0/8".to_owned().try_into().unwrap())).await;
    let (_socket, relay) = join(&server).await;
    // Two clients that send to each other through two allocations, without and with channels.
    for how in [["-s", "-y"], ["-y", "-c"]] {
        let (content, said) = uclient(server.web(), &relay, &[&how[..], &["-c", "-n", "50", "-z", "2"]].concat()).await;
        let lost_none = said.contains("Total lost packets 0 (0.000000%)");
        assert!(content && lost_none, "{how:?}: {said}");
    }
    server.stop().await;
}

#[tokio::test]
async fn coturns_client_reaches_nobody_by_default_and_wrong_words_open_nothing() {
    if !has_clients() {
        return;
    }
    let server = Server::start().await;
    let (socket, relay) = join(&server).await;
    for peer in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "224.0.0.1", "8.8.8.8"] {
        let (_, said) = uclient(server.web(), &relay, &["-c", "-n", "1", "-e", peer]).await;
        assert!(said.contains("error 403 (Forbidden)"), "{peer}: {said}");
    }
    // Coturn's client never says 401: it asks again until it gives up.
    let is_served = async |relay: &IceServer| {
        uclient(server.web(), relay, &["-c", "-n", "1", "-e", "10.0.0.1"]).await.1.contains("Received relay addr")
    };
    assert!(is_served(&relay).await);
    let wrong = IceServer { credential: format!("{}x", relay.credential), ..relay.clone() };
    assert!(!is_served(&wrong).await);
    // Who has left makes no new allocation, although the credentials would last for minutes.
    drop(socket);
    let refused = async { while is_served(&relay).await {} };
    timeout(Duration::from_secs(60), refused).await.expect("its credentials end with its stay");
    server.stop().await;
}

#[tokio::test]
async fn coturns_stun_client_learns_its_address_at_the_media_port() {
    if !has_clients() {
        return;
    }
    let server = Server::start().await;
    let (port, address) = (server.started.media_port.to_string(), server.started.media_addresses[0].to_string());
    let (content, said) = run("turnutils_stunclient", &["-p", &port, "-L", &address, &address]).await;
    assert!(content && said.contains(&format!("UDP reflexive addr: {address}:")), "{said}");
    server.stop().await;
}
