//! The allocations there are, found by whatever names them.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use proto::ParticipantId;
use stun_types::message::TransactionId;

use crate::{AllocationId, Client, Family, answer::Pending};

/// One allocation (RFC 8656, section 3.2).
#[derive(Debug)]
pub(crate) struct Allocation {
    pub(crate) client: Client,
    pub(crate) participant: ParticipantId,
    /// Who made it; all later requests must come from the same (RFC 8656, section 5).
    pub(crate) username: Box<str>,
    pub(crate) family: Family,
    /// Its place among the relayed addresses, and the address: what the media plane knows it by.
    pub(crate) place: u32,
    pub(crate) relayed: SocketAddr,
    pub(crate) state: State,
    pub(crate) expires: Instant,
    permissions: BTreeMap<IpAddr, Instant>,
    channels: BTreeMap<u16, Channel>,
    /// Under which address the client last sent to a socket of the media plane: answers come from there.
    /// Bounded by the addresses of the media plane.
    spoken_to: BTreeMap<SocketAddr, SocketAddr>,
}

/// How far an allocation is.
#[derive(Debug)]
pub(crate) enum State {
    /// Its socket is being opened; then this is answered.
    Opening(Box<Pending>),
    /// It was answered, with this: what comes again is answered in the same way.
    Open { request: TransactionId, answer: Vec<u8>, relay: Option<SocketAddr> },
}

#[derive(Debug)]
struct Channel {
    peer: SocketAddr,
    expires: Instant,
}

/// Why a permission or a channel is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// There are as many as there may be.
    Limit,
    /// The channel is another peer's, or the peer has another channel.
    Taken,
}

impl Allocation {
    pub(crate) fn new(
        client: Client,
        (participant, username): (ParticipantId, Box<str>),
        (place, family): (u32, Family),
        state: State,
        expires: Instant,
    ) -> Self {
        Self {
            client,
            participant,
            username,
            family,
            place,
            relayed: crate::relayed::address(place, family),
            state,
            expires,
            permissions: BTreeMap::new(),
            channels: BTreeMap::new(),
            spoken_to: BTreeMap::new(),
        }
    }

    /// Gives or renews permissions, all or none.
    pub(crate) fn permit(&mut self, now: Instant, peers: &[IpAddr], most: usize) -> Result<(), Full> {
        self.permissions.retain(|_, expires| *expires > now);
        let added: BTreeSet<_> = peers.iter().filter(|peer| !self.permissions.contains_key(peer)).collect();
        if self.permissions.len() + added.len() > most {
            return Err(Full::Limit);
        }
        for peer in peers {
            self.permissions.insert(*peer, now + PERMISSION);
        }
        Ok(())
    }

    /// Binds a channel, or renews it, and gives the permission that goes with it (RFC 8656, section 12.2).
    pub(crate) fn bind(
        &mut self,
        now: Instant,
        number: u16,
        peer: SocketAddr,
        (channels, permissions): (usize, usize),
    ) -> Result<(), Full> {
        self.channels.retain(|_, channel| channel.expires > now);
        if self.channels.iter().any(|(known, channel)| (*known == number) != (channel.peer == peer)) {
            return Err(Full::Taken);
        }
        if !self.channels.contains_key(&number) && self.channels.len() >= channels {
            return Err(Full::Limit);
        }
        self.permit(now, &[peer.ip()], permissions)?;
        self.channels.insert(number, Channel { peer, expires: now + CHANNEL });
        Ok(())
    }

    /// Whether what this peer sends is passed on, and what is sent to it in a Send indication.
    pub(crate) fn has_permission(&self, now: Instant, peer: IpAddr) -> bool {
        self.permissions.get(&peer).is_some_and(|expires| *expires > now)
    }

    /// The peer of a channel.
    pub(crate) fn peer(&self, now: Instant, number: u16) -> Option<SocketAddr> {
        self.channels.get(&number).filter(|channel| channel.expires > now).map(|channel| channel.peer)
    }

    /// The channel of a peer. There are few.
    pub(crate) fn channel(&self, now: Instant, peer: SocketAddr) -> Option<u16> {
        let mut channels = self.channels.iter();
        channels.find(|(_, channel)| channel.peer == peer && channel.expires > now).map(|(number, _)| *number)
    }

    /// Its socket, where it has one.
    pub(crate) fn relay(&self) -> Option<SocketAddr> {
        match self.state {
            State::Open { relay, .. } => relay,
            State::Opening(_) => None,
        }
    }

    /// Remembers under which address the client speaks to a socket of the media plane.
    pub(crate) fn spoke_to(&mut self, socket: SocketAddr, address: SocketAddr) {
        if self.spoken_to.get(&socket) != Some(&address) {
            self.spoken_to.insert(socket, address);
        }
    }

    /// Under which address it last did.
    pub(crate) fn spoken_to(&self, socket: SocketAddr) -> Option<SocketAddr> {
        self.spoken_to.get(&socket).copied()
    }
}

/// All allocations. Bounded by [`crate::Limits::allocations`], which the one who inserts looks at.
#[derive(Debug, Default)]
pub(crate) struct Allocations {
    all: BTreeMap<AllocationId, Allocation>,
    clients: BTreeMap<Client, AllocationId>,
    relayed: BTreeMap<SocketAddr, AllocationId>,
    participants: BTreeMap<ParticipantId, BTreeSet<AllocationId>>,
    networks: BTreeMap<Network, usize>,
    ends: BTreeSet<(Instant, AllocationId)>,
    named: u64,
}

impl Allocations {
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn id_of(&self, client: &Client) -> Option<AllocationId> {
        self.clients.get(client).copied()
    }

    pub(crate) fn get_mut(&mut self, id: AllocationId) -> Option<&mut Allocation> {
        self.all.get_mut(&id)
    }

    pub(crate) fn of_client(&mut self, client: &Client) -> Option<(AllocationId, &mut Allocation)> {
        let id = self.id_of(client)?;
        Some((id, self.all.get_mut(&id)?))
    }

    pub(crate) fn of_relayed(&mut self, relayed: SocketAddr) -> Option<&mut Allocation> {
        self.all.get_mut(self.relayed.get(&relayed)?)
    }

    /// Those of a participant.
    pub(crate) fn of_participant(&self, participant: ParticipantId) -> Vec<AllocationId> {
        self.participants.get(&participant).into_iter().flatten().copied().collect()
    }

    pub(crate) fn count_of_participant(&self, participant: ParticipantId) -> usize {
        self.participants.get(&participant).map_or(0, BTreeSet::len)
    }

    pub(crate) fn count_of_network(&self, network: Network) -> usize {
        self.networks.get(&network).copied().unwrap_or(0)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Allocation> {
        self.all.values()
    }

    /// Throws away what is a client's, and works out anew what follows from the rest: whatever broke in the middle of a change,
    /// an allocation is there or it is not. Gives back those that are not there any more.
    pub(crate) fn throw_away(&mut self, client: &Client) -> BTreeSet<AllocationId> {
        let named = self.clients.values().chain(self.relayed.values()).chain(self.ends.iter().map(|(_, id)| id));
        let mut gone: BTreeSet<AllocationId> = named.chain(self.all.keys()).copied().collect();
        let former = std::mem::take(self);
        self.named = former.named;
        for (id, allocation) in former.all.into_iter().filter(|(_, allocation)| allocation.client != *client) {
            gone.remove(&id);
            self.put(id, allocation);
        }
        gone
    }

    pub(crate) fn insert(&mut self, allocation: Allocation) -> AllocationId {
        self.named += 1;
        let id = AllocationId(self.named);
        self.put(id, allocation);
        id
    }

    // Into `all` last, and out of it first: see `throw_away`.
    fn put(&mut self, id: AllocationId, allocation: Allocation) {
        self.clients.insert(allocation.client, id);
        self.relayed.insert(allocation.relayed, id);
        self.participants.entry(allocation.participant).or_default().insert(id);
        *self.networks.entry(Network::of(allocation.client.remote.ip())).or_default() += 1;
        self.ends.insert((allocation.expires, id));
        self.all.insert(id, allocation);
    }

    pub(crate) fn remove(&mut self, id: AllocationId) -> Option<Allocation> {
        let allocation = self.all.remove(&id)?;
        self.clients.remove(&allocation.client);
        self.relayed.remove(&allocation.relayed);
        if let Some(theirs) = self.participants.get_mut(&allocation.participant) {
            theirs.remove(&id);
            if theirs.is_empty() {
                self.participants.remove(&allocation.participant);
            }
        }
        let network = Network::of(allocation.client.remote.ip());
        if let Some(count) = self.networks.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                self.networks.remove(&network);
            }
        }
        self.ends.remove(&(allocation.expires, id));
        Some(allocation)
    }

    /// Lets an allocation live until then.
    pub(crate) fn extend(&mut self, id: AllocationId, expires: Instant) {
        if let Some(allocation) = self.all.get_mut(&id) {
            self.ends.remove(&(allocation.expires, id));
            allocation.expires = expires;
            self.ends.insert((expires, id));
        }
    }

    /// One that has lived long enough.
    pub(crate) fn due(&self, now: Instant) -> Option<AllocationId> {
        self.ends.first().filter(|(at, _)| *at <= now).map(|(_, id)| *id)
    }

    /// When the next ends.
    pub(crate) fn next_end(&self) -> Option<Instant> {
        self.ends.first().map(|(at, _)| *at)
    }
}

/// What counts as one client address: an IPv4 address, or a /64 of IPv6, which is what one subscriber has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Network(pub(crate) IpAddr);

impl Network {
    pub(crate) fn of(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V4(ip) => Ipv4Addr::into(ip),
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
        })
    }
}

/// The lifetime of a permission (RFC 8656, section 9.2).
const PERMISSION: Duration = Duration::from_secs(300);

/// The lifetime of a channel (RFC 8656, section 12.2).
const CHANNEL: Duration = Duration::from_secs(600);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Transport;

    fn client(number: u8) -> Client {
        let remote = ([198, 51, 100, number], 40_000).into();
        Client { remote, local: ([203, 0, 113, 1], 443).into(), transport: Transport::Stream(number.into()) }
    }

    fn allocation(number: u8, expires: Instant) -> Allocation {
        let state = State::Open { request: 0.into(), answer: Vec::new(), relay: None };
        let of = (ParticipantId::from(u128::from(number)), "name".into());
        Allocation::new(client(number), of, (number.into(), Family::V4), state, expires)
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "any instant")]
    fn what_broke_half_made_or_half_ended_is_gone_and_all_else_as_it_was() {
        let soon = Instant::now();
        let later = soon + Duration::from_secs(60);
        for broken in [[1, 2], [2, 1]] {
            let mut all = Allocations::default();
            let stays = all.insert(allocation(3, later));
            for number in broken {
                let id = all.insert(allocation(number, soon));
                // The last step of the first is missing, and all but the first of the second's end.
                all.all.remove(&id);
            }
            let gone = all.throw_away(&client(1));
            assert_eq!(gone.len(), 2, "one broke over the client, the other on its way");
            assert_eq!((all.due(later), all.due(soon)), (Some(stays), None), "else this would be done for ever");
            for number in [1, 2] {
                assert_eq!(all.id_of(&client(number)), None);
                assert_eq!(all.count_of_participant(ParticipantId::from(u128::from(number))), 0);
                assert_eq!(all.count_of_network(Network::of(client(number).remote.ip())), 0);
            }
            assert_eq!((all.len(), all.id_of(&client(3)), all.clients.len()), (1, Some(stays), 1));
            assert!(all.of_relayed(crate::relayed::address(3, Family::V4)).is_some() && all.relayed.len() == 1);
            assert_ne!(all.insert(allocation(1, later)), stays);
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "any instant")]
    fn what_is_whole_of_a_client_is_thrown_away_too() {
        let mut all = Allocations::default();
        let [one, _] = [1, 2].map(|number| all.insert(allocation(number, Instant::now())));
        assert_eq!(all.throw_away(&client(1)), BTreeSet::from([one]));
        assert_eq!((all.len(), all.ends.len(), all.networks.len()), (1, 1, 1));
    }
}
