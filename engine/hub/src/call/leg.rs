//! One party's leg of a call, and the table of what can become of it. docs/calls.md shows the same table to people, and a test
//! holds the two together.

use std::collections::BTreeSet;

use proto::{
    AccountId, DeviceKey,
    call::{LegRecord, Stage, Why},
};

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
    /// The party's connection was lost, and its seat is kept no longer.
    Vanishes,
    /// The party ends its part.
    Ends,
    /// The time for ringing, or for coming in, is over.
    TimeOver,
    /// Nobody is left to talk to.
    Deserted,
}

impl Happens {
    /// All that can happen.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 10] = [
        Self::Rings,
        Self::Silent,
        Self::Answers,
        Self::Declines,
        Self::Comes,
        Self::Goes,
        Self::Vanishes,
        Self::Ends,
        Self::TimeOver,
        Self::Deserted,
    ];
}

/// How far a leg is after something happened; `None` when that changes nothing. What is over stays over.
pub(crate) fn after(stage: Stage, happens: Happens) -> Option<Stage> {
    use Happens::{Answers, Comes, Declines, Deserted, Ends, Goes, Rings, Silent, TimeOver, Vanishes};
    let over = |why| Some(Stage::Ended { why });
    match (stage, happens) {
        (Stage::Dialing, Rings) => Some(Stage::Ringing),
        (Stage::Ringing, Silent) => Some(Stage::Dialing),
        (Stage::Dialing | Stage::Ringing, Answers) => Some(Stage::Connecting),
        (Stage::Dialing | Stage::Ringing, Declines | Ends) => over(Why::Declined),
        (Stage::Dialing, TimeOver) => over(Why::Unreachable),
        (Stage::Ringing, TimeOver) => over(Why::NoAnswer),
        (Stage::Dialing | Stage::Ringing, Deserted) => over(Why::Cancelled),
        // By the room's link, without a word to us: that is an answer too.
        (Stage::Dialing | Stage::Ringing | Stage::Connecting, Comes) => Some(Stage::Active),
        (Stage::Connecting, TimeOver) => over(Why::Failed),
        (Stage::Connecting | Stage::Active, Declines | Ends) | (Stage::Active, Goes) => over(Why::HungUp),
        (Stage::Active, Vanishes) => over(Why::Lost),
        (Stage::Connecting | Stage::Active, Deserted) => over(Why::Over),
        (Stage::Dialing | Stage::Connecting | Stage::Active, Silent)
        | (Stage::Dialing | Stage::Ringing | Stage::Connecting, Goes | Vanishes)
        | (Stage::Ringing | Stage::Connecting | Stage::Active, Rings)
        | (Stage::Connecting | Stage::Active, Answers)
        | (Stage::Active, Comes | TimeOver)
        | (Stage::Ended { .. }, _) => None,
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
    /// On which device it was placed or answered.
    pub(crate) on: Option<DeviceKey>,
    /// What the party said when declining.
    pub(crate) reply: Option<String>,
}

impl Leg {
    /// A leg that begins at a stage.
    pub(crate) fn new(account: AccountId, name: String, avatar: Option<String>, stage: Stage) -> Self {
        Self { account, name, avatar, stage, rings: BTreeSet::new(), on: None, reply: None }
    }

    /// How far it has come.
    pub(crate) fn stage(&self) -> Stage {
        self.stage
    }

    /// Whether the party is in, or on the way.
    pub(crate) fn is_engaged(&self) -> bool {
        matches!(self.stage, Stage::Connecting | Stage::Active)
    }

    /// Lets something happen to it. Says whether that changed how far it is.
    pub(crate) fn take(&mut self, happens: Happens) -> bool {
        let Some(stage) = after(self.stage, happens) else { return false };
        self.stage = stage;
        if !stage.rings() {
            self.rings.clear();
        }
        true
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
        let living = [Stage::Dialing, Stage::Ringing, Stage::Connecting, Stage::Active];
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
        for stage in [Stage::Dialing, Stage::Ringing, Stage::Connecting, Stage::Active] {
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
