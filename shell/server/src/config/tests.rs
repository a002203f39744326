use std::io::Write as _;

use super::{
    raw::{Addresses, Names},
    *,
};

fn home(name: &str) -> Option<String> {
    (name == "HOME").then(|| "/home/ann".to_owned())
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn without_any_setting_it_works_on_a_laptop() {
    let config = Config::load(Raw::default(), None, home).unwrap();
    assert_eq!(config.data, Path::new("/home/ann/.local/share/parlor"));
    assert_eq!(config.listen.to_string(), "127.0.0.1:7880");
    assert_eq!(config.transport, Transport::Plain);
    assert_eq!(config.media.port, 7882);
    assert!(config.media.threads >= 1);
    assert!(config.warnings().is_empty());
}

#[test]
fn a_flag_goes_before_a_variable_and_a_variable_before_the_file() {
    let file = file("media_port = 1\nlog = \"error\"\nlisten = \"127.0.0.1:1\"\npublic_address = \"192.0.2.1\"");
    let flags = Raw { media_port: Some(3), ..Raw::default() };
    let variable = |name: &str| match name {
        "PARLOR_MEDIA_PORT" => Some("2".to_owned()),
        "PARLOR_LOG" => Some("debug".to_owned()),
        other => home(other),
    };
    let config = Config::load(flags, Some(file.path()), variable).unwrap();
    assert_eq!(config.media.port, 3);
    assert_eq!(config.log, "debug");
    assert_eq!(config.listen.port(), 1);
    assert_eq!(config.media.public, ["192.0.2.1".parse::<IpAddr>().unwrap()]);
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let file = file("data = \"/tmp\"\n\nlistn = \"0.0.0.0:1\"\n");
    let error = Config::load(Raw::default(), Some(file.path()), home).unwrap_err().to_string();
    assert!(error.contains("line 3") && error.contains("listn"), "{error}");
    assert!(!error.contains('\n'));
}

#[test]
fn what_cannot_be_used_is_named() {
    let load = |name: &'static str, value: &'static str| {
        let variable = move |asked: &str| if asked == name { Some(value.to_owned()) } else { home(asked) };
        Config::load(Raw::default(), None, variable).unwrap_err().to_string()
    };
    for (name, value) in [
        ("PARLOR_LISTEN", "localhost"),
        ("PARLOR_MEDIA_PORT", "70000"),
        ("PARLOR_MEDIA_THREADS", "many"),
        ("PARLOR_PUBLIC_ADDRESS", "home"),
        ("PARLOR_BEHIND_PROXY", "maybe"),
        ("PARLOR_METRICS", "nobody"),
        ("PARLOR_LOG_FORMAT", "xml"),
        ("PARLOR_RINGS", "long"),
        ("PARLOR_API_KEYS", "no-secret-here"),
        ("PARLOR_API_KEYS", ""),
        ("PARLOR_DATA", ""),
        ("PARLOR_TLS_NAMES", "talk lan"),
        ("PARLOR_ACME_NAMES", "192.0.2.1"),
        ("PARLOR_ACME_NAMES", "-a.example"),
        ("PARLOR_ACME_CONTACT", "nobody"),
    ] {
        let error = load(name, value);
        assert!(error.contains(name), "{error}");
    }
    assert!(load("PARLOR_MEDIA_THREADS", "0").contains("media_threads"));
    for seconds in ["4", "121"] {
        assert!(load("PARLOR_RINGS", seconds).contains("from 5 to 120"));
    }
    assert!(load("PARLOR_TLS_KEY", "/key").contains("belong together"));
    assert!(!load("PARLOR_API_KEYS", "hunter2hunter2").contains("hunter2"), "a secret is never repeated");
    assert!(matches!(Config::load(Raw::default(), None, |_| None), Err(ConfigError::NoHome)));
    assert!(matches!(Config::load(Raw::default(), Some(Path::new("/nowhere")), home), Err(ConfigError::Read { .. })));
}

#[test]
fn beyond_loopback_there_is_tls_unless_somebody_insists() {
    let listen = Some("0.0.0.0:7880".parse().unwrap());
    let transport = |raw: Raw| Config::load(Raw { listen, ..raw }, None, home).unwrap();
    assert_eq!(transport(Raw::default()).transport, Transport::Own);
    assert_eq!(transport(Raw { behind_proxy: Some(true), ..Raw::default() }).transport, Transport::Plain);
    let insisting = transport(Raw { insecure_http: Some(true), ..Raw::default() });
    assert_eq!(insisting.transport, Transport::Plain);
    assert_eq!(insisting.warnings().len(), 1);
    let own = Raw { tls_certificate: Some("/c".into()), tls_key: Some("/k".into()), ..Raw::default() };
    assert!(matches!(transport(own).transport, Transport::Certificate { .. }));
}

#[test]
fn certificates_are_asked_for_once_everything_is_said() {
    let names = |text: &str| toml::from_str::<Raw>(&format!("acme_names = {text}")).unwrap();
    let load = |raw: Raw| Config::load(raw, None, home);
    let agreed = Raw { acme_accept_terms: Some(true), ..names("[\"Meet.Example.org\", \"a.example\"]") };
    let Transport::Acme(settings) = load(agreed.clone()).unwrap().transport else {
        panic!("asked for, also on loopback")
    };
    assert_eq!(settings.names, ["meet.example.org", "a.example"]);
    assert_eq!(settings.directory, LETS_ENCRYPT);
    assert!(matches!(load(names("\"meet.example.org\"")), Err(ConfigError::AcmeTerms)));
    let with = |change: fn(&mut Raw)| {
        let mut raw = agreed.clone();
        change(&mut raw);
        load(raw).unwrap_err()
    };
    for error in [
        with(|raw| raw.behind_proxy = Some(true)),
        with(|raw| raw.insecure_http = Some(true)),
        with(|raw| raw.tls_certificate = Some("/c".into())),
    ] {
        assert!(matches!(error, ConfigError::AcmeAnd(_)), "{error}");
    }
    assert!(matches!(with(|raw| raw.acme_directory = Some("http://a.example".into())), ConfigError::AcmeDirectory));
    assert!(matches!(with(|raw| raw.acme_names = Some(Names(vec!["talk".to_owned()]))), ConfigError::AcmeName(_)));
    let mut raw = Raw::default();
    KEYS.iter().find(|key| key.name == "acme_contact").unwrap().set(&mut raw, "ann@a.example").unwrap();
    assert_eq!(raw.acme_contact.unwrap().0, "ann@a.example");
}

#[test]
fn api_keys_come_in_lines_or_with_commas_and_print_as_dots() {
    let mut raw = Raw::default();
    let key = KEYS.iter().find(|key| key.name == "api_keys").unwrap();
    key.set(&mut raw, "ann: one:two\nbob:secret, cy : three").unwrap();
    let keys = raw.api_keys.clone().unwrap().0;
    assert_eq!(keys["ann"], "one:two");
    assert_eq!(keys["bob"], "secret");
    assert_eq!(keys["cy"], "three");
    assert!(!key.flag);
    let config = Config::load(raw.clone(), None, home).unwrap();
    assert!(!format!("{raw:?}{config:?}").contains("secret"));
}

#[test]
fn addresses_are_one_or_many() {
    let raw: Raw = toml::from_str("public_address = [\"192.0.2.1\", \"2001:db8::1\"]").unwrap();
    assert_eq!(raw.public_address.unwrap().0.len(), 2);
    let mut raw = Raw::default();
    KEYS.iter().find(|key| key.name == "public_address").unwrap().set(&mut raw, "192.0.2.1, ::1").unwrap();
    assert_eq!(raw.public_address, Some(Addresses(vec!["192.0.2.1".parse().unwrap(), "::1".parse().unwrap()])));
}
