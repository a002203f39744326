//! What is asked of the server, and what it says to it (RFC 8656, sections 7 to 12).

use std::{net::SocketAddr, time::Duration};

use stun_types::{
    AddressFamily,
    attribute::{AttributeType, ErrorCode, MessageIntegrity, MessageIntegritySha256, XorMappedAddress},
    attribute::{Nonce, PasswordAlgorithm, Realm, UnknownAttributes, Username},
    message::{BINDING, Message, MessageWriteVec, StunParseError},
    prelude::{AttributeFromRaw, AttributeStaticType},
};
use turn_types::{
    attribute::{
        AdditionalAddressFamily, AddressErrorCode, ChannelNumber, Data, DontFragment, EvenPort, Lifetime,
        RequestedAddressFamily, RequestedTransport, ReservationToken, XorPeerAddress, XorRelayedAddress,
    },
    message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH},
};

use crate::{
    AllocationId, Client, Family, LIFE, Now, Output, Turn,
    allocations::{Allocation, Full, Network, State},
    answer::{Head, Pending, Refused, Seal, put},
    auth::{self, Asker},
};

impl Turn {
    /// Answers a request.
    pub(crate) fn request(&mut self, now: Now, client: Client, request: &Message<'_>) {
        let head = Head::of(request);
        let known = [ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND].contains(&request.method());
        if request.method() != BINDING && !known {
            self.stats.malformed += 1; // RFC 8489, section 6.3: without a word
            return;
        }
        if request.method() == BINDING {
            let answer = self.unknown(request).map_or_else(
                || {
                    let mut write = head.success();
                    put(&mut write, &XorMappedAddress::new(canonical(client.remote), head.transaction));
                    Ok(write)
                },
                Err,
            );
            return self.reply_to_stranger(now, client, head, answer, None);
        }
        let asker = match auth::check(request, &self.secret, &self.realm, &client, now.unix) {
            Ok(asker) => asker,
            Err((refused, seal)) => {
                return self.reply_to_stranger(now, client, head, Err(refused), seal.as_ref());
            }
        };
        if let Some(refused) = self.unknown(request) {
            return self.reply(now, client, head, Err(refused), Some(&asker.seal));
        }
        let answer = match request.method() {
            ALLOCATE => self.allocate(now, client, request, head, &asker),
            REFRESH => self.refresh(now, client, request, head, &asker),
            CREATE_PERMISSION => self.create_permission(now, client, request, head, &asker),
            _ => self.channel_bind(now, client, request, head, &asker),
        };
        match answer {
            // Credentials that are good no longer make a stranger again.
            Err(Refused::Challenge(_)) => self.reply_to_stranger(now, client, head, answer, Some(&asker.seal)),
            _ => self.reply(now, client, head, answer, Some(&asker.seal)),
        }
    }

    fn allocate(
        &mut self,
        now: Now,
        client: Client,
        request: &Message<'_>,
        head: Head,
        asker: &Asker,
    ) -> Result<MessageWriteVec, Refused> {
        if let Some((_, allocation)) = self.allocations.of_client(&client) {
            return match &allocation.state {
                // The answer was lost on its way: it is given again, as it was (RFC 8656, section 7.2).
                State::Open { request, answer, .. }
                    if *request == head.transaction && *allocation.username == *asker.username =>
                {
                    self.outputs.push_back(Output::ToClient { client, bytes: answer.clone() });
                    Err(Refused::Silent)
                }
                State::Opening(pending) if pending.head.transaction == head.transaction => Err(Refused::Silent),
                _ => Err(Refused::Code(ErrorCode::ALLOCATION_MISMATCH)),
            };
        }
        let ended = asker.expires <= now.unix || asker.expires > now.unix + LIFE + SKEW;
        if ended || self.revoked.has(now.unix, asker.participant, asker.expires) {
            return Err(Refused::Challenge(ErrorCode::UNAUTHORIZED));
        }
        let wishes = self.wishes(request)?;
        let network = Network::of(client.remote.ip());
        if self.allocations.count_of_participant(asker.participant) >= self.limits.of_participant
            || self.allocations.count_of_network(network) >= self.limits.of_address
        {
            return Err(Refused::Code(ErrorCode::ALLOCATION_QUOTA_REACHED));
        }
        if self.allocations.len() >= self.limits.allocations {
            return Err(Refused::Code(ErrorCode::INSUFFICIENT_CAPACITY));
        }
        let Some(place) = self.places.take(now.at, wishes.even) else {
            return Err(Refused::Code(ErrorCode::INSUFFICIENT_CAPACITY));
        };
        let pending = Pending { head, seal: asker.seal.clone(), wants_second: wishes.second };
        let allocation = Allocation::new(
            client,
            (asker.participant, asker.username.as_str().into()),
            (place, wishes.family),
            State::Opening(Box::new(pending)),
            now.at + wishes.lifetime,
        );
        let relayed = allocation.relayed;
        let id = self.allocations.insert(allocation);
        self.stats.allocated += 1;
        if self.reach.has_relays() {
            self.outputs.push_back(Output::OpenRelay { allocation: id, family: wishes.family, even: wishes.even });
        } else {
            self.opened(now, id, relayed, None);
        }
        Err(Refused::Silent)
    }

    /// An allocation has the address that its client is told.
    pub(crate) fn opened(&mut self, now: Now, id: AllocationId, relayed: SocketAddr, relay: Option<SocketAddr>) {
        let Some(allocation) = self.allocations.get_mut(id) else {
            // It ended while its socket was being opened.
            self.outputs.push_back(Output::CloseRelay { allocation: id });
            return;
        };
        let State::Opening(pending) = &allocation.state else {
            return;
        };
        let head = pending.head;
        let mut write = head.success();
        put(&mut write, &XorRelayedAddress::new(relayed, head.transaction));
        put(&mut write, &Lifetime::new(seconds(allocation.expires.saturating_duration_since(now.at))));
        put(&mut write, &XorMappedAddress::new(canonical(allocation.client.remote), head.transaction));
        if pending.wants_second {
            let code = ErrorCode::ADDRESS_FAMILY_NOT_SUPPORTED;
            let error = ErrorCode::new(code, ErrorCode::default_reason_for_code(code)).expect("440 is a code");
            put(&mut write, &AddressErrorCode::new(AddressFamily::IPV6, error));
        }
        let bytes = head.finish(write, Some(&pending.seal));
        allocation.state = State::Open { request: head.transaction, answer: bytes.clone(), relay };
        if let Some(relay) = relay {
            self.reach.open(relay);
        }
        self.outputs.push_back(Output::ToClient { client: allocation.client, bytes });
    }

    /// The socket of an allocation cannot be had: it ends.
    pub(crate) fn failed(&mut self, now: Now, id: AllocationId) {
        let Some(allocation) = self.end(now.at, id, false) else {
            return;
        };
        if let State::Opening(pending) = allocation.state {
            let refused = Err(Refused::Code(ErrorCode::INSUFFICIENT_CAPACITY));
            self.reply(now, allocation.client, pending.head, refused, Some(&pending.seal));
        }
    }

    /// What an Allocate request asks for, in the order of RFC 8656, section 7.2.
    fn wishes(&self, request: &Message<'_>) -> Result<Wishes, Refused> {
        let transport = required::<RequestedTransport>(request)?;
        if transport.protocol() != RequestedTransport::UDP {
            return Err(Refused::Code(ErrorCode::UNSUPPORTED_TRANSPORT_PROTOCOL));
        }
        let requested = optional::<RequestedAddressFamily>(request).map_err(|_| {
            // Of the right length, but of a family that does not exist.
            let raw = request.raw_attribute(RequestedAddressFamily::TYPE);
            let is_whole = raw.is_some_and(|raw| raw.value.len() == 4);
            let code = if is_whole { ErrorCode::ADDRESS_FAMILY_NOT_SUPPORTED } else { ErrorCode::BAD_REQUEST };
            Refused::Code(code)
        })?;
        let second = optional::<AdditionalAddressFamily>(request)?.is_some();
        let even = optional::<EvenPort>(request)?;
        let reserves = even.as_ref().is_some_and(EvenPort::requested);
        if optional::<ReservationToken>(request)?.is_some() {
            let contradicts = even.is_some() || requested.is_some() || second;
            // We reserve nothing, so no token is ours.
            let code = if contradicts { ErrorCode::BAD_REQUEST } else { ErrorCode::INSUFFICIENT_CAPACITY };
            return Err(Refused::Code(code));
        }
        if second && (requested.is_some() || reserves) {
            return Err(Refused::Code(ErrorCode::BAD_REQUEST));
        }
        let family = match requested.map(|requested| requested.family()) {
            Some(AddressFamily::IPV6) => Family::V6,
            Some(AddressFamily::IPV4) | None => Family::V4,
        };
        if !self.reach.has_family(family == Family::V4) {
            return Err(Refused::Code(ErrorCode::ADDRESS_FAMILY_NOT_SUPPORTED));
        }
        // A pair of ports cannot be had.
        if reserves {
            return Err(Refused::Code(ErrorCode::INSUFFICIENT_CAPACITY));
        }
        let lifetime = self.lifetime(optional::<Lifetime>(request)?);
        Ok(Wishes { family, second, even: even.is_some(), lifetime })
    }

    /// The lifetime that is given: what was asked for, but neither less than the default nor more than the longest.
    fn lifetime(&self, wished: Option<Lifetime>) -> Duration {
        let default = DEFAULT_LIFETIME.min(self.limits.lifetime);
        wished
            .map_or(default, |wished| Duration::from_secs(wished.seconds().into()).clamp(default, self.limits.lifetime))
    }

    fn refresh(
        &mut self,
        now: Now,
        client: Client,
        request: &Message<'_>,
        head: Head,
        asker: &Asker,
    ) -> Result<MessageWriteVec, Refused> {
        let (id, allocation) = self.own(&client, asker)?;
        let family = allocation.family;
        if let Some(requested) = optional::<RequestedAddressFamily>(request)?
            && (requested.family() == AddressFamily::IPV4) != (family == Family::V4)
        {
            return Err(Refused::Code(ErrorCode::PEER_ADDRESS_FAMILY_MISMATCH));
        }
        let wished = optional::<Lifetime>(request)?;
        let lifetime = if wished.as_ref().is_some_and(|wished| wished.seconds() == 0) {
            self.end(now.at, id, true);
            Duration::ZERO
        } else {
            let lifetime = self.lifetime(wished);
            self.allocations.extend(id, now.at + lifetime);
            lifetime
        };
        let mut write = head.success();
        put(&mut write, &Lifetime::new(seconds(lifetime)));
        Ok(write)
    }

    fn create_permission(
        &mut self,
        now: Now,
        client: Client,
        request: &Message<'_>,
        head: Head,
        asker: &Asker,
    ) -> Result<MessageWriteVec, Refused> {
        let most = self.limits.permissions;
        self.own(&client, asker)?;
        let mut peers = Vec::new();
        for (_, raw) in request.iter_attributes().filter(|(_, raw)| raw.header.get_type() == XorPeerAddress::TYPE) {
            let peer = XorPeerAddress::from_raw_ref(&raw).map_err(|_| Refused::Code(ErrorCode::BAD_REQUEST))?;
            peers.push(peer.addr(request.transaction_id()));
        }
        if peers.is_empty() {
            return Err(Refused::Code(ErrorCode::BAD_REQUEST));
        }
        let (_, allocation) = self.own(&client, asker)?;
        let family = allocation.family;
        if peers.iter().any(|peer| Family::of(peer.ip()) != family) {
            return Err(Refused::Code(ErrorCode::PEER_ADDRESS_FAMILY_MISMATCH));
        }
        if !peers.iter().all(|peer| self.reach.permits(*peer)) {
            return Err(Refused::Code(ErrorCode::FORBIDDEN));
        }
        let ips: Vec<_> = peers.iter().map(SocketAddr::ip).collect();
        let (_, allocation) = self.own(&client, asker)?;
        allocation.permit(now.at, &ips, most).map_err(refuse_full)?;
        Ok(head.success())
    }

    fn channel_bind(
        &mut self,
        now: Now,
        client: Client,
        request: &Message<'_>,
        head: Head,
        asker: &Asker,
    ) -> Result<MessageWriteVec, Refused> {
        let most = (self.limits.channels, self.limits.permissions);
        let (_, allocation) = self.own(&client, asker)?;
        let family = allocation.family;
        let number = required::<ChannelNumber>(request)?.channel();
        let peer = required::<XorPeerAddress>(request)?.addr(request.transaction_id());
        // As RFC 5766, section 11 had it: RFC 8656 ends the range at 0x4fff so that it does not meet other protocols on one port,
        // which no client of ours does, and clients of the older text draw from all of it.
        if !(0x4000..=0x7fff).contains(&number) {
            return Err(Refused::Code(ErrorCode::BAD_REQUEST));
        }
        if Family::of(peer.ip()) != family {
            return Err(Refused::Code(ErrorCode::PEER_ADDRESS_FAMILY_MISMATCH));
        }
        if self.reach.place(peer).is_none() {
            return Err(Refused::Code(ErrorCode::FORBIDDEN));
        }
        let (_, allocation) = self.own(&client, asker)?;
        allocation.bind(now.at, number, peer, most).map_err(refuse_full)?;
        Ok(head.success())
    }

    /// The allocation of who asks (RFC 8656, section 5).
    fn own(&mut self, client: &Client, asker: &Asker) -> Result<(AllocationId, &mut Allocation), Refused> {
        let (id, allocation) =
            self.allocations.of_client(client).ok_or(Refused::Code(ErrorCode::ALLOCATION_MISMATCH))?;
        match allocation.state {
            // Its client does not know that it has one.
            State::Opening(_) => Err(Refused::Code(ErrorCode::ALLOCATION_MISMATCH)),
            State::Open { .. } if *allocation.username != *asker.username => {
                Err(Refused::Code(ErrorCode::WRONG_CREDENTIALS))
            }
            State::Open { .. } => Ok((id, allocation)),
        }
    }

    /// Refuses attributes that we would have to know and do not (RFC 8489, section 6.3.1).
    fn unknown(&self, request: &Message<'_>) -> Option<Refused> {
        let mut unknown: Vec<_> = request.iter_attributes().map(|(_, raw)| raw.header.get_type()).collect();
        unknown.retain(|kind| kind.comprehension_required() && !self.knows(*kind));
        unknown.sort_unstable();
        unknown.dedup();
        unknown.truncate(UNKNOWN);
        (!unknown.is_empty()).then_some(Refused::Unknown(unknown))
    }

    /// Whether we know what an attribute means.
    pub(crate) fn knows(&self, kind: AttributeType) -> bool {
        // Towards the media plane no datagram is ever cut up; a socket of the shell's promises nothing
        // (RFC 8656, section 7.2).
        KNOWN.contains(&kind) || (kind == DontFragment::TYPE && !self.reach.has_relays())
    }

    fn reply_to_stranger(
        &mut self,
        now: Now,
        client: Client,
        head: Head,
        answer: Result<MessageWriteVec, Refused>,
        seal: Option<&Seal>,
    ) {
        if self.paces.admit(now.at, &client) {
            self.reply(now, client, head, answer, seal);
        } else {
            self.stats.unanswered += 1;
        }
    }

    fn reply(
        &mut self,
        now: Now,
        client: Client,
        head: Head,
        answer: Result<MessageWriteVec, Refused>,
        seal: Option<&Seal>,
    ) {
        let write = match answer {
            Ok(write) => write,
            Err(refused) => {
                let (secret, realm) = (&self.secret, &self.realm);
                let Some(write) = head.error(&refused, || {
                    let nonce = Nonce::new(&secret.nonce(&client, now.unix)).expect("a nonce has 39 characters");
                    (Realm::new(realm).expect("`Turn::new` has cut it"), nonce)
                }) else {
                    return;
                };
                self.stats.refused += 1;
                write
            }
        };
        self.outputs.push_back(Output::ToClient { client, bytes: head.finish(write, seal) });
    }
}

/// What an Allocate request asks for.
struct Wishes {
    family: Family,
    second: bool,
    even: bool,
    lifetime: Duration,
}

/// An attribute that may be missing, but must be right.
fn optional<'a, A: AttributeFromRaw<'a> + AttributeStaticType>(request: &'a Message<'a>) -> Result<Option<A>, Refused> {
    match request.attribute::<A>() {
        Ok(attribute) => Ok(Some(attribute)),
        Err(StunParseError::MissingAttribute(_)) => Ok(None),
        Err(_) => Err(Refused::Code(ErrorCode::BAD_REQUEST)),
    }
}

fn required<'a, A: AttributeFromRaw<'a> + AttributeStaticType>(request: &'a Message<'a>) -> Result<A, Refused> {
    optional(request)?.ok_or(Refused::Code(ErrorCode::BAD_REQUEST))
}

fn refuse_full(full: Full) -> Refused {
    Refused::Code(match full {
        Full::Limit => ErrorCode::INSUFFICIENT_CAPACITY,
        Full::Taken => ErrorCode::BAD_REQUEST,
    })
}

fn seconds(lifetime: Duration) -> u32 {
    u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX)
}

/// A socket for both families shows IPv4 addresses as mapped ones, which clients would not know as their own.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// RFC 8656, section 3.2.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(600);

/// By how much the clock of another node that made the credentials may be ahead of ours.
const SKEW: Duration = Duration::from_secs(60);

/// How many unknown attributes are named in an answer, so that it does not grow with the question.
const UNKNOWN: usize = 16;

/// What has to be known and is: those of RFC 8489 and RFC 8656, but for USERHASH, which the first does not ask servers to
/// offer.
const KNOWN: &[AttributeType] = &[
    AttributeType::new(0x0001), // MAPPED-ADDRESS
    Username::TYPE,
    MessageIntegrity::TYPE,
    ErrorCode::TYPE,
    UnknownAttributes::TYPE,
    ChannelNumber::TYPE,
    Lifetime::TYPE,
    XorPeerAddress::TYPE,
    Data::TYPE,
    Realm::TYPE,
    Nonce::TYPE,
    XorRelayedAddress::TYPE,
    RequestedAddressFamily::TYPE,
    EvenPort::TYPE,
    RequestedTransport::TYPE,
    MessageIntegritySha256::TYPE,
    PasswordAlgorithm::TYPE,
    XorMappedAddress::TYPE,
    ReservationToken::TYPE,
];
