//! Data packets: who sent them, whom they are for, and on.
//!
//! The sender's name is written by us, whatever it claims. Content is not looked at.

use std::{collections::BTreeSet, sync::Arc};

use proto::{
    Identity, ParticipantId,
    livekit::{DataPacket, data_packet::Value},
    prost::{DecodeError, Message},
};
use str0m::channel::ChannelData;

use crate::{Sfu, peer::Peer, peer::channels::Sent, slab::Key};

/// A packet ready to go on.
#[derive(Debug, PartialEq)]
pub(crate) struct Parcel {
    pub(crate) bytes: Arc<[u8]>,
    /// Whether it is for some only; otherwise for everybody else in the room.
    pub(crate) addressed: bool,
    /// The identities it is for.
    pub(crate) identities: BTreeSet<String>,
    /// The participants it is for.
    pub(crate) participants: BTreeSet<ParticipantId>,
}

impl Sfu {
    /// Passes on what a peer sent on one of its channels.
    pub(crate) fn data_arrived(&mut self, from: Key<Peer>, data: &ChannelData) {
        let Some(sender) = self.peers.get(from) else {
            return;
        };
        let Some(lane) = sender.channels.lane(data.id).filter(|_| sender.may_send_data) else {
            return;
        };
        let Ok(parcel) = stamp(&data.data, (!sender.hidden).then_some((sender.id, &sender.identity))) else {
            self.counted.data_malformed += 1;
            return;
        };
        let Some(room) = self.rooms.get(&sender.room) else {
            return;
        };
        for key in &room.members {
            let Some(receiver) = self.peers.get_mut(*key).filter(|_| *key != from) else {
                continue;
            };
            if !parcel.is_for(receiver.id, &receiver.identity) {
                continue;
            }
            let Some(transport) = &mut receiver.transport else {
                continue;
            };
            match transport.with(|rtc| receiver.channels.send(rtc, lane, &parcel.bytes)) {
                Ok(Sent::Taken) => self.counted.data_forwarded += 1,
                Ok(Sent::Dropped) => self.counted.data_dropped += 1,
                Ok(Sent::Overflow) => {
                    tracing::warn!(peer = %receiver.id, "data for a slow client was dropped");
                    self.counted.data_dropped += 1;
                }
                Err(fault) => receiver.fault = Some(fault),
            }
            if !std::mem::replace(&mut receiver.dirty, true) {
                self.dirty.push_back(*key);
            }
        }
    }
}

impl Parcel {
    fn is_for(&self, id: ParticipantId, identity: &Identity) -> bool {
        !self.addressed || self.identities.contains(identity.as_str()) || self.participants.contains(&id)
    }
}

/// Reads a packet and writes into it who sent it; nobody, when that is hidden.
pub(crate) fn stamp(bytes: &[u8], sender: Option<(ParticipantId, &Identity)>) -> Result<Parcel, DecodeError> {
    let mut packet = DataPacket::decode(bytes)?;
    (packet.participant_sid, packet.participant_identity) =
        sender.map(|(id, identity)| (id.to_string(), identity.to_string())).unwrap_or_default();
    let mut identities: BTreeSet<String> = packet.destination_identities.iter().cloned().collect();
    let mut sids: Vec<String> = Vec::new();
    if let Some(Value::User(user)) = &mut packet.value {
        #[expect(deprecated, reason = "clients of before 2024 read and write these fields")]
        {
            user.participant_sid = packet.participant_sid.clone();
            user.participant_identity = packet.participant_identity.clone();
            identities.extend(user.destination_identities.iter().cloned());
            sids.clone_from(&user.destination_sids);
        }
    }
    Ok(Parcel {
        bytes: packet.encode_to_vec().into(),
        addressed: !identities.is_empty() || !sids.is_empty(),
        identities,
        // A name that is no id is nobody's here.
        participants: sids.iter().filter_map(|sid| sid.parse().ok()).collect(),
    })
}

#[cfg(test)]
#[expect(deprecated, reason = "old fields are part of what is promised")]
mod tests {
    use proto::livekit::UserPacket;

    use super::*;

    fn stamped(packet: &DataPacket) -> (DataPacket, BTreeSet<String>) {
        let ann = "ann".parse().unwrap();
        let parcel = stamp(&packet.encode_to_vec(), Some((ParticipantId::from(1), &ann))).unwrap();
        (DataPacket::decode(&*parcel.bytes).unwrap(), parcel.identities)
    }

    #[test]
    fn the_sender_is_who_it_is_and_not_who_it_claims_to_be() {
        let user = UserPacket {
            payload: b"hi".to_vec(),
            participant_identity: "mallory".into(),
            destination_identities: vec!["bob".into()],
            ..UserPacket::default()
        };
        let packet = DataPacket {
            participant_identity: "mallory".into(),
            participant_sid: "PA_mallory".into(),
            destination_identities: vec!["cid".into()],
            sequence: 7,
            value: Some(Value::User(user)),
            ..DataPacket::default()
        };
        let (packet, destinations) = stamped(&packet);
        assert_eq!(packet.participant_identity, "ann");
        assert_eq!(packet.participant_sid, ParticipantId::from(1).to_string());
        assert_eq!(packet.sequence, 7);
        assert_eq!(destinations, ["cid", "bob"].map(str::to_owned).into());
        let Some(Value::User(user)) = packet.value else { panic!("still a user packet") };
        assert_eq!((user.participant_identity.as_str(), &*user.payload), ("ann", &b"hi"[..]));
    }

    #[test]
    fn a_hidden_sender_is_nobody() {
        let user = UserPacket { participant_identity: "mallory".into(), ..UserPacket::default() };
        let packet = DataPacket { value: Some(Value::User(user)), ..DataPacket::default() };
        let parcel = stamp(&packet.encode_to_vec(), None).unwrap();
        let packet = DataPacket::decode(&*parcel.bytes).unwrap();
        assert_eq!((packet.participant_sid.as_str(), packet.participant_identity.as_str()), ("", ""));
        let Some(Value::User(user)) = packet.value else { panic!("still a user packet") };
        assert_eq!((user.participant_sid.as_str(), user.participant_identity.as_str()), ("", ""));
    }

    #[test]
    fn a_packet_for_one_by_its_id_is_for_nobody_else() {
        let (bob, cid) = (ParticipantId::from(2), ParticipantId::from(3));
        let user = UserPacket { destination_sids: vec![bob.to_string()], ..UserPacket::default() };
        let packet = DataPacket { value: Some(Value::User(user)), ..DataPacket::default() };
        let parcel = stamp(&packet.encode_to_vec(), None).unwrap();
        let somebody = "somebody".parse().unwrap();
        assert!(parcel.is_for(bob, &somebody));
        assert!(!parcel.is_for(cid, &somebody));
    }

    #[test]
    fn what_is_no_packet_is_refused() {
        assert!(stamp(&[0xff, 0xff, 0xff], None).is_err());
        assert!(stamp(&[], None).is_ok(), "an empty message is a legal packet");
    }
}
