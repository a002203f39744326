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

/// What somebody reads of a meeting: all of the own line, and of others what made them hard to see and hear. That somebody
/// else hears badly is nothing that one notices, and a busy server is said once.
pub fn concerns(me: &Person, trouble: &Trouble) -> bool {
    trouble.person == *me || matches!(trouble.cause, Cause::Upload | Cause::Computer | Cause::Lost)
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
        let of = |me| told.iter().filter(|t| concerns(me, t)).map(|t| t.cause).collect::<Vec<_>>();
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
}
