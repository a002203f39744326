//! `parlor token`: a media token from the server's own API key, to let an SDK or a test into a room.

use std::{process::ExitCode, time::Duration};

use anyhow::{Context as _, ensure};

use proto::{Identity, Rights, RoomName, Source};
use server::{
    folder::Folder,
    keys::Keys,
    token::{self, Pass},
};

use crate::cli::Settings;

/// Who may do what in which room.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The room: any name, or the code of a room's link.
    #[arg(long)]
    room: RoomName,
    /// The participant's stable name in the room.
    #[arg(long)]
    identity: Identity,
    /// The name to show; the identity when absent.
    #[arg(long)]
    name: Option<String>,
    /// Free text that goes with the participant.
    #[arg(long, default_value_t)]
    metadata: String,
    /// May not publish tracks.
    #[arg(long)]
    no_publish: bool,
    /// May not take the tracks of others.
    #[arg(long)]
    no_subscribe: bool,
    /// May not send data packets.
    #[arg(long)]
    no_data: bool,
    /// May publish only this source (camera, microphone, screen_share, screen_share_audio); can be repeated.
    #[arg(long, value_parser = source)]
    source: Vec<Source>,
    /// May change own metadata, name and attributes.
    #[arg(long)]
    own_metadata: bool,
    /// Is not shown to others.
    #[arg(long)]
    hidden: bool,
    /// How long the token is good, such as 90s, 10m, 6h.
    #[arg(long, value_parser = duration, default_value = "10m")]
    ttl: Duration,
    #[command(flatten)]
    settings: Settings,
}

/// Prints the token.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.settings.load()?;
    let keys = Keys::open(&config.api_keys, &Folder::open(&config.data)?)?;
    let pass = Pass {
        name: args.name.unwrap_or_else(|| args.identity.as_str().to_owned()),
        room: args.room,
        identity: args.identity,
        metadata: args.metadata,
        attributes: Vec::new(),
        rights: Rights {
            publish: !args.no_publish,
            sources: args.source,
            subscribe: !args.no_subscribe,
            data: !args.no_data,
            own_metadata: args.own_metadata,
            hidden: args.hidden,
        },
    };
    println!("{}", token::sign(&keys, &pass, server::unix(), args.ttl));
    Ok(ExitCode::SUCCESS)
}

fn source(text: &str) -> anyhow::Result<Source> {
    Source::from_name(text).context("expected camera, microphone, screen_share or screen_share_audio")
}

fn duration(text: &str) -> anyhow::Result<Duration> {
    let (number, seconds) = match text.as_bytes().last() {
        Some(b's') => (&text[..text.len() - 1], 1),
        Some(b'm') => (&text[..text.len() - 1], 60),
        Some(b'h') => (&text[..text.len() - 1], 3600),
        _ => (text, 1),
    };
    let number: u64 = number.parse().context("expected a number with s, m or h, such as 10m")?;
    let seconds = number.saturating_mul(seconds);
    ensure!((1..=LONGEST).contains(&seconds), "expected at least a second and at most 30 days");
    Ok(Duration::from_secs(seconds))
}

/// 30 days, in seconds: a token cannot be taken back, only its key can.
const LONGEST: u64 = 30 * 24 * 3600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(duration("90s").unwrap(), Duration::from_secs(90));
        assert_eq!(duration("10m").unwrap(), Duration::from_secs(600));
        assert_eq!(duration("6h").unwrap(), Duration::from_secs(21_600));
        assert_eq!(duration("5").unwrap(), Duration::from_secs(5));
        for text in ["", "m", "0", "1d", "99999h", "18446744073709551615h", "é"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
