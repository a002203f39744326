//! Who is in a lab and by what lines: the plan that a [`Lab`](crate::Lab) is built from, and its addresses.
//!
//! | who | address |
//! |---|---|
//! | server | `10.77.0.1`, `10.77.0.2`, ... |
//! | the Nth client, itself | `10.77.N.2`, after a change of address `10.77.N.3`, ... |
//! | the router that it sees | `10.77.N.1` |
//! | its NAT, as the world sees it | `10.78.N.1`, after a change of address `10.78.N.2`, ... |

use std::{collections::BTreeSet, net::Ipv4Addr};

use crate::engine::{
    impairment::Impairment,
    nat::{Kind, Timeouts},
    router::Attachment,
};

/// One server side and several clients.
#[derive(Debug, Clone)]
pub struct Topology {
    /// Decides all chance.
    pub seed: u64,
    /// How many addresses the server has.
    pub server_addresses: u8,
    /// By what lines clients come.
    pub clients: Vec<Client>,
}

/// One client and its line.
#[derive(Debug, Clone)]
pub struct Client {
    /// What it is called in commands.
    pub name: String,
    /// What stands between it and the world.
    pub nat: Kind,
    /// How long that remembers.
    pub timeouts: Timeouts,
    /// How packets from it are treated.
    pub up: Impairment,
    /// How packets to it are treated.
    pub down: Impairment,
}

/// Why no lab can be made of a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No addresses, or more than the plan of addresses has.
    #[error("a server has 1 to {MOST_SERVER_ADDRESSES} addresses, not {0}")]
    ServerAddresses(u8),
    /// More than the plan of addresses has.
    #[error("a lab has at most {MOST_CLIENTS} clients, not {0}")]
    Clients(usize),
    /// Names stand in commands.
    #[error("`{0}` is no name: lower-case letters, digits and dashes, and not `{SERVER}`")]
    Name(String),
    /// Names tell clients apart.
    #[error("two clients are called `{0}`")]
    Twice(String),
}

impl Topology {
    /// A server with one address and nobody else.
    pub fn new(seed: u64) -> Self {
        Self { seed, server_addresses: 1, clients: Vec::new() }
    }

    /// The server has so many addresses.
    pub fn server_addresses(self, count: u8) -> Self {
        Self { server_addresses: count, ..self }
    }

    /// One client more.
    pub fn client(mut self, client: Client) -> Self {
        self.clients.push(client);
        self
    }

    /// Looks for what a lab cannot be made of.
    pub fn check(&self) -> Result<(), Fault> {
        if !(1..=MOST_SERVER_ADDRESSES).contains(&self.server_addresses) {
            return Err(Fault::ServerAddresses(self.server_addresses));
        }
        if self.clients.len() > MOST_CLIENTS {
            return Err(Fault::Clients(self.clients.len()));
        }
        let mut names = BTreeSet::new();
        for Client { name, .. } in &self.clients {
            let is_word = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
            if name.is_empty() || name == SERVER || !name.chars().all(is_word) {
                return Err(Fault::Name(name.clone()));
            }
            if !names.insert(name) {
                return Err(Fault::Twice(name.clone()));
            }
        }
        Ok(())
    }

    /// All addresses of the server.
    pub fn server(&self) -> Vec<Ipv4Addr> {
        (1..=self.server_addresses).map(|last| Ipv4Addr::new(10, 77, 0, last)).collect()
    }

    /// The lines, for the router.
    pub fn attachments(&self) -> Vec<Attachment> {
        let lines = self.clients.iter().enumerate();
        lines
            .map(|(index, client)| Attachment {
                local: local(index, 0),
                public: public(index, 0),
                gateway: gateway(index),
                nat: client.nat,
                timeouts: client.timeouts,
                up: client.up,
                down: client.down,
            })
            .collect()
    }
}

impl Client {
    /// A client without a NAT on a perfect line.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            nat: Kind::None,
            timeouts: Timeouts::default(),
            up: Impairment::PERFECT,
            down: Impairment::PERFECT,
        }
    }

    /// Behind such a NAT.
    pub fn nat(self, nat: Kind) -> Self {
        Self { nat, ..self }
    }

    /// Whose NAT remembers so long.
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// Packets from it are treated so.
    pub fn up(self, up: Impairment) -> Self {
        Self { up, ..self }
    }

    /// Packets to it are treated so.
    pub fn down(self, down: Impairment) -> Self {
        Self { down, ..self }
    }
}

/// A client's own address after so many changes.
pub(crate) fn local(client: usize, changes: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 77, third(client), 2 + changes % MOST_CHANGES)
}

/// The address of its NAT after so many changes.
pub(crate) fn public(client: usize, changes: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 78, third(client), 1 + changes % MOST_CHANGES)
}

/// The router that a client sees.
pub(crate) fn gateway(client: usize) -> Ipv4Addr {
    Ipv4Addr::new(10, 77, third(client), 1)
}

fn third(client: usize) -> u8 {
    u8::try_from(client + 1).expect("`check` counted the clients")
}

/// What the server side is called in commands.
pub const SERVER: &str = "server";
/// The router that the server sees.
pub const SERVER_GATEWAY: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 254);
/// Below the router's address; more than any test binds.
const MOST_SERVER_ADDRESSES: u8 = 200;
/// As many as the third byte of an address tells apart, and as many devices as one thread can reasonably ask.
const MOST_CLIENTS: usize = 250;
/// After so many changes addresses come again; they have to fit behind a network of 24 bits.
const MOST_CHANGES: u8 = 250;

#[cfg(test)]
mod tests {
    use super::{Client, Fault, Topology, local, public};

    #[test]
    fn plans_that_cannot_be_built_are_refused() {
        let plan = |names: &[&str]| names.iter().fold(Topology::new(1), |plan, name| plan.client(Client::new(name)));
        assert_eq!(plan(&["phone", "laptop-2"]).check(), Ok(()));
        assert_eq!(plan(&["phone", "phone"]).check(), Err(Fault::Twice("phone".to_owned())));
        for name in ["", "server", "My phone", "a/b"] {
            assert_eq!(plan(&[name]).check(), Err(Fault::Name(name.to_owned())));
        }
        assert_eq!(plan(&[]).server_addresses(0).check(), Err(Fault::ServerAddresses(0)));
        let names: Vec<String> = (0..251).map(|number| format!("c{number}")).collect();
        assert_eq!(plan(&names.iter().map(String::as_str).collect::<Vec<_>>()).check(), Err(Fault::Clients(251)));
    }

    #[test]
    fn addresses_change_and_come_again() {
        assert_eq!(
            [local(0, 0), local(0, 1), local(249, 249)].map(|address| address.to_string()),
            ["10.77.1.2", "10.77.1.3", "10.77.250.251"]
        );
        assert_eq!(public(1, 0).to_string(), "10.78.2.1");
        assert_eq!(local(0, 250), local(0, 0));
    }
}
