//! Holds docs/protocol.md against the messages of the event socket: each example is read, and none is missing.

use std::collections::BTreeSet;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use ts_rs::{Config, TS};

use super::{Ask, Event};

const PAGE: &str = include_str!("../../../../docs/protocol.md");

/// All examples, in their order.
fn examples() -> Vec<Value> {
    let blocks = PAGE.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.map(|text| serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in:\n{text}"))).collect()
}

/// The names that a tagged enum of messages has, as its TypeScript says.
fn names<T: TS>(tag: &str) -> BTreeSet<String> {
    let declared = T::decl(&Config::default());
    let opens = format!("\"{tag}\": \"");
    declared.split(&opens).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// Reads all examples with this tag, and gives back their names.
fn read<T: DeserializeOwned + Serialize>(tag: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for example in examples() {
        let Some(name) = example[tag].as_str() else { continue };
        let message: T = serde_json::from_value(example.clone()).unwrap_or_else(|error| panic!("{error} in {example}"));
        assert_eq!(serde_json::to_value(&message).unwrap(), example, "said otherwise by the code");
        found.insert(name.to_owned());
    }
    found
}

#[test]
fn the_page_shows_every_message_of_the_event_socket_as_it_is() {
    let (asks, events) = (names::<Ask>("ask"), names::<Event>("event"));
    assert!(asks.len() > 3 && events.len() > 15, "{asks:?} {events:?}");
    assert_eq!(read::<Ask>("ask"), asks);
    assert_eq!(read::<Event>("event"), events);
}
