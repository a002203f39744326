//! `parlor bench` against `parlor serve`: both ends of everything, over real sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

const KEY: &str = "key";
const SECRET: &str = "a secret of thirty-two characters";

struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    fn start_with(folder: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_parlor"))
            .env_clear()
            .env("PARLOR_API_KEYS", format!("{KEY}: {SECRET}"))
            .args(["serve", "--data", folder.to_str().unwrap(), "--listen", "127.0.0.1:0", "--media-port", "0"])
            .args(["--media-address", "127.0.0.1", "--media-threads", "1", "--log", "error"])
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.by_ref().find_map(|line| Some(line.ok()?.strip_prefix("Open ")?.to_owned())).unwrap();
        Self { child, url: address.trim_end_matches('/').to_owned() }
    }

    fn bench(&self, secret: &str, more: &[&str]) -> (Option<i32>, serde_json::Value) {
        self.bench_trusting(Path::new("/dev/null"), secret, more)
    }

    fn bench_trusting(&self, trusted: &Path, secret: &str, more: &[&str]) -> (Option<i32>, serde_json::Value) {
        let output = Command::new(env!("CARGO_BIN_EXE_parlor"))
            .env_clear()
            .env("SSL_CERT_FILE", trusted)
            .args(["bench", "--url", &self.url, "--key", KEY, "--secret", secret, "--json"])
            .args(more)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), serde_json::from_slice(&output.stdout).expect(&text))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn people_made_of_nothing_meet_without_loss() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let (code, report) = server.bench(SECRET, &["--publishers", "3", "--subscribers", "1", "--seconds", "2"]);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(report["joined"], 4);
    assert_eq!(report["packets"]["lost"], 0);
    // Three microphones with 100 packets each and three cameras with 30 frames each, to three receivers.
    assert!(report["packets"]["expected"].as_u64().is_some_and(|n| n > 9 * 120), "{report:#}");

    let (code, report) =
        server.bench(SECRET, &["--publishers", "2", "--layers", "3", "--audio", "0", "--seconds", "2"]);
    assert_eq!(code, Some(0), "simulcast: {report:#}");
    assert!(report["packets"]["received"].as_u64().is_some_and(|n| n > 2 * 15), "{report:#}");

    let (code, report) = server.bench("another secret", &["--publishers", "1", "--seconds", "1"]);
    assert_eq!(code, Some(1), "{report:#}");
    assert_eq!(report["joined"], 0);
    assert!(report["failed"][0].as_str().is_some_and(|why| why.contains("401")), "{report:#}");
}

#[test]
fn cameras_publish_in_every_codec_with_and_without_layers() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let check = &|codec: &str| {
        let people = ["--publishers", "1", "--subscribers", "2", "--audio", "0", "--seconds", "2"];
        let camera = ["--codec", codec, "--room", codec];
        let (code, report) = server.bench(SECRET, &[&people[..], &camera].concat());
        assert_eq!(code, Some(0), "{codec}: {report:#}");
        // 30 frames, to each of two.
        assert!(report["packets"]["received"].as_u64().is_some_and(|n| n >= 2 * 30), "{codec}: {report:#}");

        // Several packets in a frame.
        let layers = ["--layers", "3", "--bitrate", "600", "--fps", "20"];
        let (code, report) = server.bench(SECRET, &[&people[..], &camera, &layers].concat());
        assert_eq!(code, Some(0), "{codec} in layers: {report:#}");
        assert!(report["packets"]["received"].as_u64().is_some_and(|n| n >= 2 * 40), "{codec} in layers: {report:#}");
    };
    std::thread::scope(|scope| {
        for codec in ["vp8", "h264", "vp9", "av1"] {
            scope.spawn(move || check(codec));
        }
    });
}

/// An authority, and a certificate for this machine that is signed by it: both as PEM, then the key.
fn certified() -> [String; 3] {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    [authority, own.pem(), key.serialize_pem()]
}

#[test]
fn with_tls_the_servers_authority_has_to_be_known() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    let [authority, certificate, key] = certified();
    let (known, stranger) = (file("ca.pem", &authority), file("stranger.pem", &certified()[0]));
    let (certificate, key) = (file("c.pem", &certificate), file("k.pem", &key));
    let files = ["--tls-certificate", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let mut server = Server::start_with(&folder.path().join("data"), &files);
    assert!(server.url.starts_with("https://"), "{}", server.url);

    let (code, report) = server.bench_trusting(&stranger, SECRET, &["--publishers", "1", "--seconds", "1"]);
    assert_eq!((code, &report["joined"]), (Some(1), &0.into()), "{report:#}");
    assert!(report["failed"][0].as_str().is_some_and(|why| why.contains("SSL_CERT_FILE")), "{report:#}");

    for scheme in ["https", "wss"] {
        server.url = format!("{scheme}://{}", server.url.split_once("://").unwrap().1);
        let (code, report) = server.bench_trusting(&known, SECRET, &["--publishers", "2", "--seconds", "1"]);
        assert_eq!((code, &report["packets"]["lost"]), (Some(0), &0.into()), "{report:#}");
        assert_eq!(report["joined"], 2);
        assert!(report["server"]["packets_given_up"].is_number(), "{report:#}");
        // Its counts were read, over TLS too.
        assert!(report["server"]["packets_forwarded"].as_f64().is_some_and(|n| n > 0.0), "{report:#}");
    }
}
