//! Certificates from an ACME server: Pebble, which Let's Encrypt tests its own clients with. It really connects and checks.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use proto::api::Certificate;
use rcgen::{CertificateParams, KeyPair};
use server::config::raw::{Contact, Names, Raw};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream, UdpSocket},
    process::{Child, Command},
    sync::watch,
    task::JoinSet,
    time::timeout,
};

use crate::{
    harness::{Server, ask},
    tls::{connect, connect_at, hang_up, metric, shown, told, until},
};

/// The name that certificates are asked for.
const NAME: &str = "meet.example.org";
/// As long as a busy machine may take for anything here.
const PATIENCE: Duration = Duration::from_secs(90);

/// Whether Pebble is here. `cargo xtask test` installs it, and says when it is missing.
fn has_pebble() -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join("pebble").exists()));
    if !found {
        assert!(std::env::var("CI").is_err(), "Pebble is missing");
        eprintln!("skipped: Pebble is missing");
    }
    found
}

/// An ACME server, the name service that it asks, and port 443 of the name.
struct World {
    folder: tempfile::TempDir,
    ports: [u16; 2],
    certificate: String,
    dns: SocketAddr,
    door: SocketAddr,
    behind_door: watch::Sender<Option<SocketAddr>>,
    _tasks: JoinSet<()>,
}

impl World {
    async fn new() -> Self {
        let mut tasks = JoinSet::new();
        let (behind_door, mut behind) = watch::channel(None);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let door = listener.local_addr().unwrap();
        tasks.spawn(async move {
            // Who is not open hangs up.
            while let Ok((mut near, _)) = listener.accept().await {
                let target = *behind.borrow_and_update();
                if let Some(target) = target {
                    tokio::spawn(async move {
                        let mut far = TcpStream::connect(target).await.unwrap();
                        drop(copy_bidirectional(&mut near, &mut far).await);
                    });
                }
            }
        });
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let dns = socket.local_addr().unwrap();
        tasks.spawn(async move {
            let mut query = [0; 512];
            while let Ok((length, from)) = socket.recv_from(&mut query).await {
                if let Some(answer) = answer(&query[..length]) {
                    socket.send_to(&answer, from).await.unwrap();
                }
            }
        });
        // Pebble wants to be told its ports; these were free a moment ago.
        let free = async || TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (one, other) = (free().await, free().await);
        let ports = [one, other].map(|listener| listener.local_addr().unwrap().port());
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap().pem();
        std::fs::write(folder.path().join("cert.pem"), &certificate).unwrap();
        std::fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
        Self { folder, ports, certificate, dns, door, behind_door, _tasks: tasks }
    }

    /// Starts the ACME server; its certificates are good for `life` seconds. It knows nothing of an earlier one.
    async fn pebble(&self, life: u32) -> Child {
        let path = |name: &str| self.folder.path().join(name);
        let [port, management] = self.ports.map(|port| format!("127.0.0.1:{port}"));
        let config = serde_json::json!({"pebble": {
            "listenAddress": port, "managementListenAddress": management,
            "certificate": path("cert.pem"), "privateKey": path("key.pem"),
            "httpPort": 1, "tlsPort": self.door.port(), "ocspResponderURL": "",
            "externalAccountBindingRequired": false, "certificateValidityPeriod": life,
        }});
        std::fs::write(path("config.json"), config.to_string()).unwrap();
        let mut command = Command::new("pebble");
        command.arg("-config").arg(path("config.json")).arg("-dnsserver").arg(self.dns.to_string());
        command.env("PEBBLE_VA_NOSLEEP", "1").env("PEBBLE_AUTHZREUSE", "0");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if line.contains("ACME directory available") {
                    // It says so a moment before it listens.
                    for port in self.ports {
                        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                            tokio::task::yield_now().await;
                        }
                    }
                    return;
                }
            }
            panic!("Pebble ended");
        };
        timeout(PATIENCE, ready).await.expect("Pebble starts");
        // What it says further must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        child
    }

    /// The root of the certificates that it gives.
    async fn root(&self) -> String {
        let stream = connect_at_pebble(self.ports[1], &self.certificate).await;
        ask(stream, "GET", "/roots/0", &[], "").await.body
    }

    fn settings(&self, raw: &mut Raw) {
        raw.acme_names = Some(Names(vec![NAME.to_owned()]));
        raw.acme_accept_terms = Some(true);
        raw.acme_contact = Some(Contact("admin@example.org".to_owned()));
        raw.acme_directory = Some(format!("https://127.0.0.1:{}/dir", self.ports[0]));
        raw.acme_roots = Some(PathBuf::from(self.folder.path()).join("cert.pem"));
    }

    /// Opens port 443 of the name to a server.
    fn open(&self, server: &Server) {
        self.behind_door.send_replace(Some(server.web()));
    }
}

async fn connect_at_pebble(port: u16, root: &str) -> tokio_rustls::client::TlsStream<TcpStream> {
    connect_at(port, root, "localhost").await.unwrap()
}

/// Says that every name is this machine (RFC 1035, section 4.1).
fn answer(query: &[u8]) -> Option<Vec<u8>> {
    let mut end = 12;
    while *query.get(end)? != 0 {
        end += usize::from(query[end]) + 1;
    }
    let question = query.get(12..end + 5)?;
    let is_address = question[question.len() - 4..] == [0, 1, 0, 1];
    let mut answer = [&query[..2], &[0x81, 0x80, 0, 1, 0, u8::from(is_address), 0, 0, 0, 0], question].concat();
    if is_address {
        answer.extend([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
        answer.extend(Ipv4Addr::LOCALHOST.octets());
    }
    Some(answer)
}

fn own_root(server: &Server) -> String {
    std::fs::read_to_string(server.folder.path().join("ca.pem")).unwrap()
}

#[tokio::test]
async fn a_certificate_is_got_once_the_name_leads_here_and_our_own_is_shown_meanwhile() {
    if !has_pebble() {
        return;
    }
    let world = World::new().await;
    let pebble = world.pebble(90 * 86_400).await;
    let server = Server::start_bare(|raw| world.settings(raw)).await;
    assert_eq!(server.started.awaited, [NAME]);
    assert_eq!(server.started.open[0], format!("https://{NAME}/"));
    let banner = server.started.to_string();
    assert!(
        banner.contains(&format!("A certificate for {NAME} is being asked for")) && banner.contains("/trust"),
        "{banner}"
    );

    // Port 443 leads nowhere yet: the check fails, and the listener answers as what it is.
    let own = own_root(&server);
    let wait = async { while metric(&server, &own, "localhost", "parlor_acme_failures_total ").await == "0" {} };
    timeout(PATIENCE, wait).await.expect("the check fails");
    assert_eq!(metric(&server, &own, "localhost", "parlor_acme_waiting ").await, "1");
    let reply = ask(connect(&server, &own, NAME).await.unwrap(), "GET", "/healthz", &[("host", NAME)], "").await;
    assert_eq!((reply.body.as_str(), reply.header("strict-transport-security")), ("ok\n", ""));

    assert_eq!(told(&server, &own, NAME).await.0, Certificate::Own);

    world.open(&server);
    hang_up();
    let root = world.root().await;
    let stream = timeout(PATIENCE, until(&server, &root, NAME, |_| true)).await.expect("a certificate comes");
    let (whose, days) = told(&server, &root, NAME).await;
    assert!(whose == Certificate::Given && (88..=90).contains(&days), "{whose:?}, {days} days");
    assert_eq!(told(&server, &own, "localhost").await.0, Certificate::Own, "by another name it is another");
    let first = shown(&stream);
    let reply = ask(stream, "GET", "/healthz", &[("host", NAME)], "").await;
    assert_eq!(reply.header("strict-transport-security"), "max-age=31536000");
    // Under another name our own certificate is shown, and that one may have to be clicked away after all.
    let stream = connect(&server, &own, "localhost").await.unwrap();
    let reply = ask(stream, "GET", "/healthz", &[("host", "localhost")], "").await;
    assert_eq!(reply.header("strict-transport-security"), "");
    assert_eq!(metric(&server, &root, NAME, "parlor_acme_waiting ").await, "0");
    // Who comes by an address is shown what is good for addresses.
    connect(&server, &own, "127.0.0.1").await.unwrap();
    #[cfg(unix)]
    for file in ["acme-certificate.json", "acme-account.json"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(server.folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }

    // Without the ACME server the certificate is still there after a restart.
    let (_, folder) = server.stop().await;
    drop(pebble);
    let again = Server::start_bare(|raw| {
        world.settings(raw);
        raw.data = Some(folder.path().to_owned());
    })
    .await;
    assert_eq!(again.started.awaited, [""; 0]);
    assert_eq!(shown(&connect(&again, &root, NAME).await.unwrap()), first);
    again.stop().await;
}

#[tokio::test]
async fn a_certificate_that_cannot_be_kept_is_shown_and_kept_later() {
    if !has_pebble() {
        return;
    }
    let world = World::new().await;
    let _pebble = world.pebble(86_400).await;
    let server = Server::start_bare(|raw| world.settings(raw)).await;
    let own = own_root(&server);
    let wait = async { while metric(&server, &own, "localhost", "parlor_acme_failures_total ").await == "0" {} };
    timeout(PATIENCE, wait).await.expect("the check fails, the name leads nowhere");
    // Nothing can be written in its place.
    let file = server.folder.path().join("acme-certificate.json");
    std::fs::create_dir_all(file.join("in the way")).unwrap();
    world.open(&server);
    hang_up();
    let root = world.root().await;
    timeout(PATIENCE, until(&server, &root, NAME, |_| true)).await.expect("a certificate is shown");
    std::fs::remove_dir_all(&file).unwrap();
    hang_up();
    let kept = async {
        while !file.is_file() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, kept).await.expect("it is kept after all");
    server.stop().await;
}

#[tokio::test]
async fn a_certificate_is_renewed_when_a_third_of_its_life_is_left() {
    if !has_pebble() {
        return;
    }
    let world = World::new().await;
    let _pebble = world.pebble(24).await;
    let root = world.root().await;
    let server = Server::start_bare(|raw| world.settings(raw)).await;
    world.open(&server);
    hang_up();
    let story = async {
        let first = shown(&until(&server, &root, NAME, |_| true).await);
        let (_, parsed) = x509_parser::parse_x509_certificate(&first).unwrap();
        let until_then = u64::try_from(parsed.validity().not_after.timestamp()).unwrap();
        until(&server, &root, NAME, |now| now != first).await;
        assert!(server::unix() <= until_then, "the next one is there before the first has ended");
    };
    timeout(PATIENCE, story).await.expect("it is renewed");
    server.stop().await;
}

#[tokio::test]
async fn an_acme_server_that_has_forgotten_us_is_asked_anew() {
    if !has_pebble() {
        return;
    }
    let world = World::new().await;
    let mut pebble = world.pebble(86_400).await;
    let server = Server::start_bare(|raw| world.settings(raw)).await;
    world.open(&server);
    hang_up();
    let root = world.root().await;
    timeout(PATIENCE, until(&server, &root, NAME, |_| true)).await.expect("a certificate comes");
    let (_, folder) = server.stop().await;
    std::fs::remove_file(folder.path().join("acme-certificate.json")).unwrap();
    pebble.kill().await.unwrap();
    let _anew = world.pebble(86_400).await;
    let root = world.root().await;
    let server = Server::start_bare(|raw| {
        world.settings(raw);
        raw.data = Some(folder.path().to_owned());
    })
    .await;
    world.open(&server);
    let own = std::fs::read_to_string(folder.path().join("ca.pem")).unwrap();
    let story = async {
        while metric(&server, &own, "localhost", "parlor_acme_failures_total ").await == "0" {}
        hang_up();
        until(&server, &root, NAME, |_| true).await;
    };
    timeout(PATIENCE, story).await.expect("a new account is made");
    server.stop().await;
}

#[tokio::test]
async fn what_makes_asking_hopeless_is_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut raw = crate::harness::settings(folder.path());
    raw.acme_names = Some(Names(vec![NAME.to_owned()]));
    raw.acme_accept_terms = Some(true);
    raw.acme_roots = Some("/nowhere.pem".into());
    let error = crate::harness::refusal(raw).await.to_string();
    assert!(error.contains("acme_roots") && error.contains("/nowhere.pem"), "{error}");
}
