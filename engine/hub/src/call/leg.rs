//! One party's leg of a call, and the table of what can become of it. docs/calls.md shows the same table to people, and a test
//! holds the two together.

use std::collections::BTreeSet;

use proto::{
    AccountId, DeviceKey,
    api::On,
    call::{LegRecord, Stage, Why},
};

use super::Onward;

/// What can happen to a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happens {
    /// A device says that it rings.
    Rings,
    /// The last device that rang is gone.
    Silent,
    /// A device answers.
    Answers,
    /// The party says no.
    Declines,
    /// The party comes into the room.
    Comes,
    /// The party leaves the room.
    Goes,
    /// The party is out of the room and did not want that: the connection broke before it was whole, or the page was opened
    /// anew.
    Strays,
    /// The party's connection was lost, and its seat is kept no longer.
    Vanishes,
    /// The party puts the call on hold.
    Holds,
    /// The party goes on with a call that it had on hold.
    Resumes,
    /// The call becomes a part of another.
    Merges,
    /// The party leaves the others to somebody else.
    Transfers,
    /// The party ends its part.
    Ends,
    /// The time for ringing, or for coming in, is over.
    TimeOver,
    /// The party lets such calls ring somebody else.
    Forwards,
    /// The party wants such calls to leave a message.
    Records,
    /// Nobody is left to talk to.
    Deserted,
}

impl Happens {
    /// All that can happen.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 17] = [
        Self::Rings,
        Self::Silent,
        Self::Answers,
        Self::Declines,
        Self::Comes,
        Self::Goes,
        Self::Strays,
        Self::Vanishes,
        Self::Holds,
        Self::Resumes,
        Self::Merges,
        Self::Transfers,
        Self::Ends,
        Self::TimeOver,
        Self::Forwards,
        Self::Records,
        Self::Deserted,
    ];
}

/// How far a leg is after something happened; `None` when that changes nothing. What is over stays over.
pub(crate) fn after(stage: Stage, happens: Happens) -> Option<Stage> {
    use Happens::{
        Answers, Comes, Declines, Deserted, Ends, Forwards, Goes, Holds, Merges, Records, Resumes, Rings, Silent,
        Strays, TimeOver, Transfers, Vanishes,
    };
    let over = |why| Some(Stage::Ended { why });
    match (stage, happens) {
        (Stage::Ended { .. }, _) => None,
        (_, Merges) => over(Why::Merged),
        (Stage::Dialing, Rings) => Some(Stage::Ringing),
        (Stage::Ringing, Silent) => Some(Stage::Dialing),
        (Stage::Dialing | Stage::Ringing, Answers) => Some(Stage::Connecting),
        (Stage::Dialing | Stage::Ringing, Declines | Ends) => over(Why::Declined),
        (Stage::Dialing, TimeOver) => over(Why::Unreachable),
        (Stage::Ringing, TimeOver) => over(Why::NoAnswer),
        (Stage::Dialing | Stage::Ringing, Forwards) => over(Why::Forwarded),
        (Stage::Dialing | Stage::Ringing, Records) => over(Why::Voicemail),
        (Stage::Dialing | Stage::Ringing, Deserted) => over(Why::Cancelled),
        // By the room's link, without a word to us: that is an answer too.
        (Stage::Dialing | Stage::Ringing | Stage::Connecting, Comes) => Some(Stage::Active),
        (Stage::Connecting, TimeOver) => over(Why::Failed),
        (Stage::Connecting | Stage::Active, Holds) => Some(Stage::Held),
        (Stage::Held, Resumes) => Some(Stage::Connecting),
        (Stage::Connecting | Stage::Active | Stage::Held, Transfers) => over(Why::Transferred),
        (Stage::Connecting | Stage::Active | Stage::Held, Declines | Ends) | (Stage::Active, Goes) => over(Why::HungUp),
        // A connection that broke is no reason to hang up: whoever it was is waited for as at the beginning.
        (Stage::Active, Strays) => Some(Stage::Connecting),
        (Stage::Connecting | Stage::Active | Stage::Held, Vanishes) => over(Why::Lost),
        (Stage::Connecting | Stage::Active | Stage::Held, Deserted) => over(Why::Over),
        // Whoever has a call on hold may be elsewhere.
        (Stage::Connecting | Stage::Active | Stage::Held, Forwards | Records)
        | (Stage::Held, Comes | Goes | Strays | Answers | Rings | Silent | Holds | TimeOver)
        | (Stage::Dialing | Stage::Connecting | Stage::Active, Silent)
        | (Stage::Dialing | Stage::Ringing, Holds | Transfers)
        | (Stage::Dialing | Stage::Ringing, Vanishes)
        | (Stage::Dialing | Stage::Ringing | Stage::Connecting, Goes | Strays)
        | (Stage::Ringing | Stage::Connecting | Stage::Active, Rings)
        | (Stage::Dialing | Stage::Ringing | Stage::Connecting | Stage::Active, Resumes)
        | (Stage::Connecting | Stage::Active, Answers)
        | (Stage::Active, Comes | TimeOver) => None,
    }
}

/// One party of a call.
#[derive(Debug, Clone)]
pub(crate) struct Leg {
    /// Who.
    pub(crate) account: AccountId,
    /// The name that is shown.
    pub(crate) name: String,
    /// Where the picture of the account is.
    pub(crate) avatar: Option<String>,
    /// How far it has come; changed by [`Leg::take`] alone.
    stage: Stage,
    /// The devices that ring. Bounded by the devices of one account.
    pub(crate) rings: BTreeSet<DeviceKey>,
    /// The devices that rang when it rang no more.
    rang: BTreeSet<DeviceKey>,
    /// On which device it was placed or answered.
    pub(crate) on: Option<DeviceKey>,
    /// Whether the party was in already, and is on the way back when it is on the way.
    pub(crate) was_in: bool,
    /// What the party said when declining.
    pub(crate) reply: Option<String>,
    /// On which device the party declined; not kept, since nobody asks for it once the devices that rang were told.
    pub(crate) declined: Option<On>,
    /// Since when it is on hold, in milliseconds since 1970.
    pub(crate) held: Option<u64>,
    /// Who asked the party in later on.
    pub(crate) by: Option<AccountId>,
    /// Who is rung when the party does not come.
    pub(crate) back: Option<AccountId>,
    /// Who did not take the call, when it came back to the party from them.
    pub(crate) returned: Option<String>,
    /// Who lets such calls ring this party.
    pub(crate) forwarder: Option<AccountId>,
    /// Where it goes when nobody answers.
    pub(crate) unanswered: Option<Onward>,
    /// Whether the party was taken out of the room after its end.
    pub(crate) shown_out: bool,
    /// Whether a browser of the party can be woken: then it is waited for, though no device is here.
    pub(crate) wakes: bool,
    /// Whether its browsers were woken anew since nobody was there any more: once is enough.
    pub(crate) alone: bool,
    /// The party's browsers were to be woken, and have still to hear that it rings no more.
    pub(crate) woken: bool,
    /// The party has blocked the caller: it is told nothing of the call, and the caller nothing of that.
    pub(crate) barred: bool,
}

impl Leg {
    /// A leg that begins at a stage.
    pub(crate) fn new(account: AccountId, name: String, avatar: Option<String>, stage: Stage) -> Self {
        Self {
            account,
            name,
            avatar,
            stage,
            rings: BTreeSet::new(),
            rang: BTreeSet::new(),
            on: None,
            was_in: false,
            reply: None,
            declined: None,
            held: None,
            by: None,
            back: None,
            returned: None,
            forwarder: None,
            unanswered: None,
            shown_out: false,
            wakes: false,
            alone: false,
            woken: false,
            barred: false,
        }
    }

    /// The same of somebody who is in the room.
    pub(crate) fn inside(self) -> Self {
        let mut leg = Self { barred: false, stage: Stage::Connecting, ..self };
        leg.take(Happens::Comes);
        leg
    }

    /// The same, which is over before it began.
    pub(crate) fn instead(self, why: Why) -> Self {
        Self { stage: Stage::Ended { why }, ..self }
    }

    /// A leg as it was kept, at another stage.
    pub(crate) fn kept(record: LegRecord, stage: Stage) -> Self {
        let LegRecord { account, name, avatar, stage: _, device, reply, held, by, back, returned, forwarder, barred } =
            record;
        let held = held.filter(|_| stage == Stage::Held);
        Self {
            on: device,
            reply,
            held,
            by,
            back,
            returned,
            forwarder,
            barred,
            ..Self::new(account, name, avatar, stage)
        }
    }

    /// How far it has come.
    pub(crate) fn stage(&self) -> Stage {
        self.stage
    }

    /// Whether the party is in, on the way, or has it on hold.
    pub(crate) fn is_engaged(&self) -> bool {
        matches!(self.stage, Stage::Connecting | Stage::Active | Stage::Held)
    }

    /// Whether it rang for nothing.
    pub(crate) fn is_missed(&self) -> bool {
        matches!(
            self.stage,
            Stage::Ended { why: Why::NoAnswer | Why::Unreachable | Why::Cancelled | Why::Failed | Why::Voicemail }
        )
    }

    /// The devices that know that it rings no more, since they rang, answered or declined.
    pub(crate) fn knowing(&self) -> Vec<DeviceKey> {
        let mut know = self.rang.clone();
        know.extend(self.on.clone());
        know.extend(self.declined.as_ref().map(|on| on.device.clone()));
        know.into_iter().collect()
    }

    /// Lets something happen to it. Says whether that changed how far it is.
    pub(crate) fn take(&mut self, happens: Happens) -> bool {
        let Some(stage) = after(self.stage, happens) else { return false };
        self.stage = stage;
        self.was_in |= stage == Stage::Active;
        if !stage.rings() && !self.rings.is_empty() {
            self.rang = std::mem::take(&mut self.rings);
        }
        if stage != Stage::Held {
            self.held = None;
        }
        true
    }

    /// Puts it on hold. Says whether that changed how far it is.
    pub(crate) fn hold(&mut self, now: u64) -> bool {
        let held = self.take(Happens::Holds);
        if held {
            self.held = Some(now);
        }
        held
    }

    /// What is kept of it.
    pub(crate) fn record(&self) -> LegRecord {
        LegRecord {
            account: self.account,
            name: self.name.clone(),
            avatar: self.avatar.clone(),
            stage: self.stage,
            device: self.on.clone(),
            reply: self.reply.clone(),
            held: self.held,
            by: self.by,
            back: self.back,
            returned: self.returned.clone(),
            forwarder: self.forwarder,
            barred: self.barred,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(stage: Stage) -> String {
        match stage {
            Stage::Ended { why } => format!("ended: {}", why.name()),
            other => format!("{other:?}").to_lowercase(),
        }
    }

    /// The rows of the table in docs/calls.md between its marks: `| stage | happens | stage |`.
    fn documented() -> Vec<[String; 3]> {
        let text = include_str!("../../../../docs/calls.md");
        let (_, rest) = text.split_once("<!-- legs -->").expect("the table begins with its mark");
        let (table, _) = rest.split_once("<!-- end of legs -->").expect("the table ends with its mark");
        let cells = |row: &str| -> Option<[String; 3]> {
            let cells: Vec<_> = row.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
            cells.try_into().ok()
        };
        // The first two rows are the head and the line below it.
        table.lines().filter_map(cells).skip(2).collect()
    }

    #[test]
    fn the_table_for_people_is_the_one_that_counts() {
        let living = [Stage::Dialing, Stage::Ringing, Stage::Connecting, Stage::Active, Stage::Held];
        let mut real = Vec::new();
        for stage in living {
            for happens in Happens::ALL {
                if let Some(next) = after(stage, happens) {
                    real.push([name(stage), format!("{happens:?}").to_lowercase(), name(next)]);
                }
            }
        }
        assert_eq!(documented(), real);
    }

    #[test]
    fn every_stage_has_an_exit_and_the_end_has_none() {
        for stage in [Stage::Dialing, Stage::Ringing, Stage::Connecting, Stage::Active, Stage::Held] {
            let over = |happens| after(stage, happens).is_some_and(Stage::is_over);
            assert!(over(Happens::Ends) && over(Happens::Deserted), "{stage:?} is ended by either side");
            let waits = matches!(stage, Stage::Dialing | Stage::Ringing | Stage::Connecting);
            assert_eq!(over(Happens::TimeOver), waits, "{stage:?} does not last for ever");
        }
        for why in Why::ALL {
            for happens in Happens::ALL {
                assert_eq!(after(Stage::Ended { why }, happens), None);
            }
        }
    }
}
