//! `parlor doctor`: the exit code of each kind of finding, and sound through a server that runs.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Output, Stdio},
};

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use serde_json::Value;

use crate::running::{Running, parlor, run};

/// What depends on the machine that the test runs on.
const MACHINE: [&str; 4] = ["open files", "UDP buffers", "UDP segmentation", "disk"];

fn findings(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
}

#[track_caller]
fn find<'a>(json: &'a Value, about: &str) -> &'a Value {
    let all = json["findings"].as_array().unwrap();
    all.iter().find(|one| one["about"] == about).unwrap_or_else(|| panic!("nothing about {about} in {json:#}"))
}

/// Everything but what the machine gives is right, and the exit code says what was found.
#[track_caller]
fn well(output: &Output) -> Value {
    let json = findings(output);
    let bad: Vec<&Value> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["state"] != "right" && one["state"] != "skipped")
        .collect();
    let machine = bad.iter().all(|one| MACHINE.iter().any(|about| one["about"] == *about) && one["state"] == "warning");
    assert!(machine, "{bad:#?}");
    assert_eq!(output.status.code(), Some(i32::from(!bad.is_empty())), "{json:#}");
    json
}

fn doctor(data: &Path, more: &[&str]) -> Output {
    let common =
        ["doctor", "--json", "--data", data.to_str().unwrap(), "--media-address", "127.0.0.1", "--media-threads", "1"];
    run(&[&common, more].concat())
}

/// Settings with which nothing has to be free.
const ANY: [&str; 4] = ["--listen", "127.0.0.1:0", "--media-port", "0"];

/// The UDP port in a banner.
fn media_port(banner: &str) -> String {
    let rest = banner.split("UDP ").nth(1).unwrap();
    rest.chars().take_while(char::is_ascii_digit).collect()
}

#[test]
fn a_healthy_server_carries_sound_over_every_way() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    let (web, media) = (running.web.to_string(), media_port(&running.banner));
    let settings = ["--listen", &web, "--media-port", &media];
    let json = well(&doctor(folder.path(), &settings));
    for about in ["server", "media over UDP", "media over TCP", "media over TURN", "web port", "media port", "database"]
    {
        assert_eq!(find(&json, about)["state"], "right", "{about}: {json:#}");
    }
    assert!(find(&json, "web port")["seen"].as_str().unwrap().contains("the server listens"));
    running.stop();
    let stopped = well(&doctor(folder.path(), &settings));
    assert_eq!(find(&stopped, "server")["state"], "skipped");
    assert!(find(&stopped, "web port")["seen"].as_str().unwrap().contains("is free"));
}

#[test]
fn nothing_is_made_by_looking() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("not yet");
    well(&doctor(&data, &ANY));
    assert!(!data.exists());
}

#[test]
fn a_taken_port_is_critical_and_its_holder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = folder.path().to_str().unwrap();
    let output = run(&["doctor", "--data", data, "--listen", &address, "--media-port", "0"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains(&format!("critical  web port          TCP {address} is taken by")), "{text}");
    assert!(text.contains(&format!("(process {})", std::process::id())), "{text}");
    assert!(text.contains("-> Stop that program, or choose another port with --listen."), "{text}");
}

#[test]
fn a_low_limit_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let common = ["doctor", "--json", "--data", folder.path().to_str().unwrap(), "--media-address", "127.0.0.1"];
    let mut command = parlor(&[]);
    let program = command.get_program().to_owned();
    command = std::process::Command::new("/bin/sh");
    command.env_clear().args(["-c", "ulimit -Sn 256; exec \"$0\" \"$@\""]).arg(program).args(common).args(ANY);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let json = findings(&output);
    assert_eq!(find(&json, "open files")["state"], "warning");
    assert!(find(&json, "open files")["remedy"].as_str().unwrap().contains("LimitNOFILE"));
    assert_eq!(output.status.code(), Some(1), "{json:#}");
}

#[test]
fn what_cannot_be_found_out_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    // No system says anything about a name that is longer than names may be.
    let data = folder.path().join("x".repeat(300));
    let output = doctor(&data, &ANY);
    let json = findings(&output);
    assert_eq!(find(&json, "data folder")["state"], "unknown", "{json:#}");
    assert_eq!(json["state"], "unknown");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn private_addresses_alone_are_a_warning_where_others_come() {
    let folder = tempfile::tempdir().unwrap();
    let others = ["--listen", "0.0.0.0:0", "--media-port", "0", "--behind-proxy", "--public-address", "10.1.2.3"];
    let output = doctor(folder.path(), &others);
    let json = findings(&output);
    assert_eq!(find(&json, "addresses")["state"], "warning");
    assert!(find(&json, "addresses")["remedy"].as_str().unwrap().contains("--public-address"));
    assert_eq!(output.status.code(), Some(1), "{json:#}");
    let public = doctor(folder.path(), &[&others[..6], &["203.0.113.7"]].concat());
    assert_eq!(find(&findings(&public), "addresses")["state"], "right");
}

#[test]
fn what_is_wrong_with_the_settings_is_one_sentence() {
    let output = run(&["doctor", "--listen", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end().lines().count(), 1);
}

/// A certificate for this machine and its key, as files, good from 2020 until that year.
fn certificate(folder: &Path, until: i32) -> [String; 2] {
    let mut params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    let pair = KeyPair::generate().unwrap();
    let files = ["certificate", "key"].map(|name| folder.join(format!("{name}-{until}.pem")));
    std::fs::write(&files[0], params.self_signed(&pair).unwrap().pem()).unwrap();
    std::fs::write(&files[1], pair.serialize_pem()).unwrap();
    files.map(|file| file.to_str().unwrap().to_owned())
}

#[test]
fn a_certificate_that_has_ended_is_critical() {
    let folder = tempfile::tempdir().unwrap();
    let [old, key] = certificate(folder.path(), 2021);
    let output = doctor(folder.path(), &[&ANY[..], &["--tls-certificate", &old, "--tls-key", &key]].concat());
    let json = findings(&output);
    assert_eq!(find(&json, "certificate")["state"], "critical");
    assert!(find(&json, "certificate")["seen"].as_str().unwrap().contains("has ended"));
    assert_eq!(output.status.code(), Some(2));
}

/// A server that ends with the test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server, the address that it names first, and its media port.
fn serve(data: &Path, more: &[&str]) -> (Killed, String, String) {
    let common = ["serve", "--data", data.to_str().unwrap(), "--media-port", "0", "--log", "error"];
    let media = ["--media-address", "127.0.0.1", "--media-threads", "1"];
    let mut server = Killed(parlor(&common).args(media).args(more).stdout(Stdio::piped()).spawn().unwrap());
    let mut banner = String::new();
    let mut lines = BufReader::new(server.0.stdout.take().unwrap());
    while !banner.contains("Data lies in") {
        assert_ne!(lines.read_line(&mut banner).unwrap(), 0, "the server ended: {banner}");
    }
    let web = banner.split("Open https://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let media = media_port(&banner);
    (server, web, media)
}

#[test]
fn over_tls_the_relay_is_reached_and_another_certificate_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let [good, key] = certificate(folder.path(), 2099);
    let tls = ["--tls-certificate", &good, "--tls-key", &key];
    let (_server, web, media) = serve(&data, &[&["--listen", "127.0.0.1:0"][..], &tls].concat());
    let settings = ["--listen", &web, "--media-port", &media];
    let output = doctor(&data, &[&settings[..], &tls].concat());
    let json = findings(&output);
    for about in ["certificate", "media over UDP", "media over TCP", "media over TURN"] {
        assert_eq!(find(&json, about)["state"], "right", "{json:#}");
    }
    assert_eq!(find(&json, "set-up")["state"], "warning", "nobody has set it up");
    let [newer, key] = certificate(folder.path(), 2098);
    let renewed = doctor(&data, &[&settings[..], &["--tls-certificate", &newer, "--tls-key", &key]].concat());
    assert_eq!(find(&findings(&renewed), "certificate in use")["state"], "warning");
}

#[test]
fn the_servers_own_authority_is_named_and_what_is_asked_for_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let own = ["--listen", "0.0.0.0:0", "--media-port", "0"];
    let certificate = |output: &Output| find(&findings(output), "certificate").clone();
    let before = certificate(&doctor(&data, &own));
    assert!(before["seen"].as_str().unwrap().contains("will make an authority"), "{before}");
    assert!(!data.exists());

    let (_server, web, media) = serve(&data, &["--listen", "0.0.0.0:0"]);
    let port = web.rsplit_once(':').unwrap().1;
    let listen = format!("0.0.0.0:{port}");
    let settings = ["--listen", &listen, "--media-port", &media];
    let output = doctor(&data, &settings);
    let json = findings(&output);
    let authority = CertificateDer::from_pem_file(data.join("ca.pem")).unwrap();
    let seen = find(&json, "certificate")["seen"].as_str().unwrap();
    assert!(seen.contains(&server::tls::fingerprint(&authority)) && seen.contains("localhost"), "{seen}");
    assert!(find(&json, "certificate")["remedy"].as_str().unwrap().contains("/trust"));
    assert_eq!(find(&json, "media over TURN")["state"], "right", "{json:#}");
    assert!(json["findings"].as_array().unwrap().iter().all(|one| one["about"] != "certificate in use"), "{json:#}");

    let acme = ["--acme-names", "meet.example.org", "--acme-accept-terms", "true"];
    let asked = certificate(&doctor(&data, &[&settings[..], &acme].concat()));
    assert_eq!(asked["state"], "warning", "a server runs and has none: {asked}");
    let asked = certificate(&doctor(&data, &[&ANY[..], &acme].concat()));
    assert_eq!(asked["state"], "right", "{asked}");
    let roots = certificate(&doctor(&data, &[&ANY[..], &acme, &["--acme-roots", "/nowhere.pem"]].concat()));
    assert_eq!(roots["state"], "critical", "{roots}");
    std::fs::write(data.join("ca.pem"), "damaged").unwrap();
    let damaged = certificate(&doctor(&data, &own));
    assert_eq!(damaged["state"], "critical", "{damaged}");
}
