//! What went wrong in a meeting that is over, out of its bad minutes: plain facts, of which pages make sentences.
//!
//! It knows no live room: minutes are read from where they are kept.

use std::collections::BTreeMap;

use proto::{Person, api::Trouble, quality::Cause};

/// A minute of somebody that was bad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadMinute {
    /// When it began, in milliseconds since 1970.
    pub at: u64,
    /// How many seconds of it the participant was in.
    pub seconds: u32,
    /// Who.
    pub person: Person,
    /// The name that was shown.
    pub name: String,
    /// What made it bad.
    pub cause: Cause,
    /// For how many seconds.
    pub bad_for: u32,
}

/// All troubles of a meeting, one for each person and cause, the longest first. `minutes` come in the order of time.
pub fn troubles(minutes: &[BadMinute]) -> Vec<Trouble> {
    let mut found: BTreeMap<(&Person, Cause), Trouble> = BTreeMap::new();
    for minute in minutes {
        let until = minute.at + u64::from(minute.seconds) * 1_000;
        let trouble = found.entry((&minute.person, minute.cause)).or_insert_with(|| Trouble {
            person: minute.person.clone(),
            name: minute.name.clone(),
            cause: minute.cause,
            from: minute.at,
            until,
            seconds: 0,
        });
        trouble.name.clone_from(&minute.name);
        trouble.until = trouble.until.max(until);
        trouble.seconds = trouble.seconds.saturating_add(minute.bad_for);
    }
    let mut troubles: Vec<Trouble> = found.into_values().collect();
    // As long as each other: in the order of persons, so that it is the same each time.
    troubles.sort_by_key(|trouble| std::cmp::Reverse(trouble.seconds));
    troubles.truncate(TROUBLES);
    troubles
}

/// What somebody reads of a meeting, the longest first: all of the own line, and of others what made them hard to see and hear.
/// `minutes` come in the order of time.
pub fn troubles_for(me: &Person, minutes: &[BadMinute]) -> Vec<Trouble> {
    let concerning = minutes.iter().filter(|minute| concerns(me, minute)).cloned();
    let (own, others): (Vec<_>, Vec<_>) = concerning.partition(|minute| minute.person == *me);
    // Each on its own, so that no others are many enough to leave out what is mine.
    let mut told = [troubles(&own), troubles(&others)].concat();
    told.sort_by(|a, b| b.seconds.cmp(&a.seconds).then_with(|| (&a.person, a.cause).cmp(&(&b.person, b.cause))));
    told
}

/// That somebody else hears badly is nothing that one notices, and a busy server is said once.
fn concerns(me: &Person, minute: &BadMinute) -> bool {
    minute.person == *me || matches!(minute.cause, Cause::Upload | Cause::Computer | Cause::Lost)
}

/// The most that are told: more than anybody reads.
const TROUBLES: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(at: u64, who: u64, cause: Cause, bad_for: u32) -> BadMinute {
        let person = Person::Guest(format!("{who:016}"));
        BadMinute { at: at * 60_000, seconds: 60, person, name: format!("G{who}"), cause, bad_for }
    }

    #[test]
    fn minutes_of_one_person_and_cause_are_one_trouble() {
        let minutes = [
            minute(1, 1, Cause::Upload, 30),
            minute(1, 2, Cause::Computer, 60),
            minute(2, 1, Cause::Upload, 50),
            minute(3, 1, Cause::Download, 10),
            minute(9, 1, Cause::Upload, 20),
        ];
        let told = troubles(&minutes);
        let brief: Vec<_> =
            told.iter().map(|t| (&*t.name, t.cause, t.from / 60_000, t.until / 60_000, t.seconds)).collect();
        assert_eq!(
            brief,
            [("G1", Cause::Upload, 1, 10, 100), ("G2", Cause::Computer, 1, 2, 60), ("G1", Cause::Download, 3, 4, 10)]
        );
        let (one, two) = (&minutes[0].person, &minutes[1].person);
        let of = |me| troubles_for(me, &minutes).iter().map(|t| t.cause).collect::<Vec<_>>();
        assert_eq!(of(one), [Cause::Upload, Cause::Computer, Cause::Download]);
        assert_eq!(of(two), [Cause::Upload, Cause::Computer], "that somebody else hears badly is not theirs");
        assert_eq!(troubles(&[]), []);
    }

    #[test]
    fn nobody_reads_thousands() {
        let minutes: Vec<_> = (0..1_000).map(|who| minute(1, who, Cause::Lost, who as u32 % 60)).collect();
        let told = troubles(&minutes);
        assert_eq!((told.len(), told[0].seconds), (TROUBLES, 59));
    }

    #[test]
    fn in_a_large_meeting_the_own_line_is_told_too() {
        let me = Person::Guest(format!("{:016}", 0));
        let others = |cause| (1..=TROUBLES as u64).map(move |who| minute(1, who, cause, 60));
        let minutes: Vec<_> = others(Cause::Lost).chain([minute(1, 0, Cause::Delay, 15)]).collect();
        let told = troubles_for(&me, &minutes);
        assert_eq!(told.last().map(|t| (t.cause, t.seconds)), Some((Cause::Delay, 15)));
        assert_eq!(told.len(), TROUBLES + 1);
        // Nor do those count whom one did not notice.
        let minutes: Vec<_> = others(Cause::Download).chain([minute(2, 1, Cause::Upload, 20)]).collect();
        assert_eq!(troubles_for(&me, &minutes).len(), 1);
    }
}
