//! A lab and what happens to it, as a file.

use std::time::Duration;

use serde::Deserialize;

use crate::{
    Action, Impairment, Kind,
    topology::{Client, Topology},
    value::{self, Setting, Unreadable},
};

/// What a file says: a plan, and what is done when.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Who is there.
    pub topology: Topology,
    /// What is done, by its time since the start, earliest first.
    pub timeline: Vec<(Duration, Action)>,
}

/// Why a text is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no TOML, or has other keys.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// A value is not written as it should be. Says where.
    #[error("{place}: {error}")]
    Value {
        /// The key, or the line of the timeline.
        place: String,
        /// What is wrong with it.
        error: Unreadable,
    },
    /// No lab can be made of it.
    #[error(transparent)]
    Plan(#[from] crate::topology::Fault),
}

/// Exactly the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    /// Decides all chance; 1 without.
    #[serde(default = "one")]
    seed: u64,
    /// How many addresses the server has; 1 without.
    #[serde(default = "one")]
    server_addresses: u8,
    #[serde(default)]
    client: Vec<RawClient>,
    /// Such as `10s cut-udp phone`.
    #[serde(default)]
    timeline: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawClient {
    name: String,
    /// `none`, `full-cone`, `address-restricted`, `port-restricted` or `symmetric`; none without.
    #[serde(default)]
    nat: RawKind,
    /// How long the NAT remembers datagrams, such as `30s`.
    nat_timeout: Option<String>,
    /// Such as `delay=40ms loss=1%`.
    #[serde(default)]
    up: String,
    #[serde(default)]
    down: String,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawKind {
    #[default]
    None,
    FullCone,
    AddressRestricted,
    PortRestricted,
    Symmetric,
}

impl Scenario {
    /// Reads a file's text.
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        let raw: Raw = toml::from_str(text)?;
        let clients = raw.client.into_iter().map(RawClient::checked).collect::<Result<_, _>>()?;
        let topology = Topology { seed: raw.seed, server_addresses: raw.server_addresses, clients };
        topology.check()?;
        let mut timeline = Vec::new();
        for line in &raw.timeline {
            timeline.push(moment(line, &topology).map_err(at(format!("timeline, `{line}`")))?);
        }
        timeline.sort_by_key(|(time, _)| *time);
        Ok(Self { topology, timeline })
    }
}

impl RawClient {
    fn checked(self) -> Result<Client, ReadError> {
        let place = |key: &str| at(format!("client `{}`, {key}", self.name));
        let line = |text: &str| {
            let mut line = Impairment::PERFECT;
            Setting::parse_all(text)?.into_iter().for_each(|setting| setting.apply(&mut line));
            Ok(line)
        };
        let mut client = Client::new(&self.name)
            .nat(self.nat.into())
            .up(line(&self.up).map_err(place("up"))?)
            .down(line(&self.down).map_err(place("down"))?);
        if let Some(timeout) = &self.nat_timeout {
            client.timeouts.udp = value::duration(timeout).map_err(place("nat-timeout"))?;
        }
        Ok(client)
    }
}

impl From<RawKind> for Kind {
    fn from(kind: RawKind) -> Self {
        match kind {
            RawKind::None => Self::None,
            RawKind::FullCone => Self::FullCone,
            RawKind::AddressRestricted => Self::AddressRestricted,
            RawKind::PortRestricted => Self::PortRestricted,
            RawKind::Symmetric => Self::Symmetric,
        }
    }
}

fn moment(line: &str, topology: &Topology) -> Result<(Duration, Action), Unreadable> {
    let (time, action) = line.split_once(' ').ok_or_else(|| value::wrong(line, "a time and an action"))?;
    let action: Action = action.parse()?;
    if !topology.clients.iter().any(|client| client.name == action.client) {
        return Err(Unreadable(format!("there is no client `{}`", action.client)));
    }
    Ok((value::duration(time)?, action))
}

fn at(place: String) -> impl FnOnce(Unreadable) -> ReadError {
    |error| ReadError::Value { place, error }
}

fn one<T: From<u8>>() -> T {
    T::from(1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Scenario;
    use crate::{Kind, action::Act};

    #[test]
    fn the_example_is_one() {
        let train = Scenario::parse(include_str!("../scenarios/train.toml")).unwrap();
        assert_eq!(train.topology.clients[0].nat, Kind::Symmetric);
        assert!(train.timeline.iter().any(|(_, action)| action.act == Act::ChangeAddress));
    }

    #[test]
    fn a_timeline_is_sorted_and_defaults_are_plain() {
        let text = "timeline = ['20s heal a', '1.5s cut a']\n[[client]]\nname = 'a'\nnat-timeout = '5s'";
        let scenario = Scenario::parse(text).unwrap();
        let times: Vec<Duration> = scenario.timeline.iter().map(|(time, _)| *time).collect();
        assert_eq!(times, [Duration::from_millis(1500), Duration::from_secs(20)]);
        assert_eq!((scenario.topology.seed, scenario.topology.server_addresses), (1, 1));
        let client = &scenario.topology.clients[0];
        assert_eq!((client.nat, client.timeouts.udp), (Kind::None, Duration::from_secs(5)));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (text, place) in [
            ("colour = 1", "colour"),
            ("server-addresses = 0", "addresses"),
            ("[[client]]\nname = 'a'\nup = 'loss=7'", "client `a`, up: `7` is not a share"),
            ("[[client]]\nname = 'a'\nnat = 'cone'", "cone"),
            ("timeline = ['1s cut b']\n[[client]]\nname = 'a'", "timeline, `1s cut b`: there is no client `b`"),
            ("timeline = ['cut']", "timeline, `cut`"),
        ] {
            let error = Scenario::parse(text).map(|_| panic!("`{text}` was read")).unwrap_err();
            assert!(error.to_string().contains(place), "{error}");
        }
    }
}
