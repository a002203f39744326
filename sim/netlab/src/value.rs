//! How numbers are written in scenarios and commands: `50ms`, `2Mbit`, `5%`, `64kB`.

use std::time::Duration;

use crate::engine::impairment::{Burst, Impairment, Limit, Mtu, Rate};

/// One change to an impairment, written `name=value`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Setting {
    /// `delay=50ms`
    Delay(Duration),
    /// `jitter=10ms`
    Jitter(Duration),
    /// `loss=1%`
    Loss(f64),
    /// `burst=2%/8`: the share lost, and how many packets a burst takes on average; `burst=off`
    Burst(Option<Burst>),
    /// `reorder=1%`
    Reorder(f64),
    /// `late=30ms`: how late a packet is that `reorder` chose
    LateBy(Duration),
    /// `duplicate=1%`
    Duplicate(f64),
    /// `rate=2Mbit`, per second; `rate=off`
    Rate(Option<Rate>),
    /// `queue=200ms` or `queue=64kB`
    Queue(Limit),
    /// `mtu=1280`, `mtu=1280/silent`, `mtu=off`
    Mtu(Option<Mtu>),
}

/// What is wrong with a text. Complete: it says what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub(crate) String);

impl Setting {
    /// Reads `name=value`.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let (name, value) = text.split_once('=').ok_or_else(|| wrong(text, "a setting such as `loss=1%`"))?;
        Ok(match name {
            "delay" => Self::Delay(duration(value)?),
            "jitter" => Self::Jitter(duration(value)?),
            "loss" => Self::Loss(share(value)?),
            "burst" => Self::Burst(unless_off(value, burst)?),
            "reorder" => Self::Reorder(share(value)?),
            "late" => Self::LateBy(duration(value)?),
            "duplicate" => Self::Duplicate(share(value)?),
            "rate" => Self::Rate(unless_off(value, rate)?),
            "queue" => Self::Queue(limit(value)?),
            "mtu" => Self::Mtu(unless_off(value, mtu)?),
            _ => {
                return Err(wrong(
                    name,
                    "one of delay, jitter, loss, burst, reorder, late, duplicate, rate, queue, mtu",
                ));
            }
        })
    }

    /// Reads several, with spaces between them.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, Unreadable> {
        text.split_whitespace().map(Self::parse).collect()
    }

    /// Changes that one thing.
    pub fn apply(self, to: &mut Impairment) {
        match self {
            Self::Delay(delay) => to.delay = delay,
            Self::Jitter(jitter) => to.jitter = jitter,
            Self::Loss(loss) => to.loss = loss,
            Self::Burst(burst) => to.burst = burst,
            Self::Reorder(reorder) => to.reorder = reorder,
            Self::LateBy(late_by) => to.late_by = late_by,
            Self::Duplicate(duplicate) => to.duplicate = duplicate,
            Self::Rate(rate) => to.rate = rate,
            Self::Queue(queue) => to.queue = queue,
            Self::Mtu(mtu) => to.mtu = mtu,
        }
    }
}

/// `1.5s`, `50ms`, `200us`. An hour is more than any line takes, and any timeline of a test.
pub fn duration(text: &str) -> Result<Duration, Unreadable> {
    let expected = "a time such as `50ms`, `1.5s` or `200us`, of an hour at most";
    let (number, unit) = split(text).ok_or_else(|| wrong(text, expected))?;
    let seconds = match unit {
        "s" => number,
        "ms" => number / 1e3,
        "us" => number / 1e6,
        _ => return Err(wrong(text, expected)),
    };
    if seconds > 3600.0 { Err(wrong(text, expected)) } else { Ok(Duration::from_secs_f64(seconds)) }
}

fn share(text: &str) -> Result<f64, Unreadable> {
    let expected = "a share such as `5%` or `0.05`";
    let share = match split(text).ok_or_else(|| wrong(text, expected))? {
        (number, "%") => number / 100.0,
        (number, "") => number,
        _ => return Err(wrong(text, expected)),
    };
    if share > 1.0 { Err(wrong(text, expected)) } else { Ok(share) }
}

fn rate(text: &str) -> Result<Rate, Unreadable> {
    let expected = "bits per second such as `2Mbit`, `500kbit` or `64000`, at least 1";
    let bits = match split(text).ok_or_else(|| wrong(text, expected))? {
        (number, "Mbit") => number * 1e6,
        (number, "kbit") => number * 1e3,
        (number, "") => number,
        _ => return Err(wrong(text, expected)),
    };
    if bits < 1.0 { Err(wrong(text, expected)) } else { Ok(Rate::bits(bits as u64)) }
}

fn limit(text: &str) -> Result<Limit, Unreadable> {
    match split(text) {
        Some((bytes, "B")) => Ok(Limit::Bytes(bytes as usize)),
        Some((kilobytes, "kB")) => Ok(Limit::Bytes((kilobytes * 1e3) as usize)),
        _ => duration(text).map(Limit::Time).map_err(|_| wrong(text, "a queue such as `200ms`, `64kB` or `1500B`")),
    }
}

fn mtu(text: &str) -> Result<Mtu, Unreadable> {
    let (bytes, is_silent) = match text.split_once('/') {
        Some((bytes, "silent")) => (bytes, true),
        Some(_) => return Err(wrong(text, "`1280` or `1280/silent`")),
        None => (text, false),
    };
    // RFC 791: every link carries 68 bytes.
    match bytes.parse() {
        Ok(bytes) if bytes >= 68 => Ok(Mtu { bytes, is_silent }),
        _ => Err(wrong(text, "bytes from 68 to 65535, such as `1280` or `1280/silent`")),
    }
}

fn burst(text: &str) -> Result<Burst, Unreadable> {
    let expected = "share and mean length, such as `2%/8`";
    let (lost, length) = text.split_once('/').ok_or_else(|| wrong(text, expected))?;
    match (share(lost)?, length.parse::<f64>()) {
        (share, Ok(length)) if share < 1.0 && length.is_finite() && length >= 1.0 => Ok(Burst { share, length }),
        _ => Err(wrong(text, expected)),
    }
}

fn unless_off<T>(text: &str, read: fn(&str) -> Result<T, Unreadable>) -> Result<Option<T>, Unreadable> {
    if text == "off" { Ok(None) } else { read(text).map(Some) }
}

/// A number that is not negative, and what stands behind it.
fn split(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

pub(crate) fn wrong(text: &str, expected: &str) -> Unreadable {
    Unreadable(format!("`{text}` is not {expected}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Setting;
    use crate::engine::impairment::{Burst, Impairment, Limit, Mtu, Rate};

    #[test]
    fn settings_are_read_and_applied() {
        let mut line = Impairment { loss: 0.5, rate: Some(Rate::megabits(9)), ..Impairment::PERFECT };
        let text = "delay=50ms jitter=1.5s loss=5% burst=2%/8 reorder=0.01 late=200us duplicate=1% rate=2.5Mbit \
                    queue=64kB mtu=1280/silent";
        for setting in Setting::parse_all(text).unwrap() {
            setting.apply(&mut line);
        }
        let expected = Impairment {
            delay: Duration::from_millis(50),
            jitter: Duration::from_millis(1500),
            loss: 0.05,
            burst: Some(Burst { share: 0.02, length: 8.0 }),
            reorder: 0.01,
            late_by: Duration::from_micros(200),
            duplicate: 0.01,
            rate: Some(Rate::kilobits(2500)),
            queue: Limit::Bytes(64_000),
            mtu: Some(Mtu { bytes: 1280, is_silent: true }),
        };
        assert_eq!(line, expected);
        for setting in Setting::parse_all("rate=off mtu=off burst=off queue=100ms").unwrap() {
            setting.apply(&mut line);
        }
        assert_eq!((line.rate, line.mtu, line.burst), (None, None, None));
        assert_eq!(line.queue, Limit::Time(Duration::from_millis(100)));
        assert_eq!(Setting::parse("rate=64000"), Ok(Setting::Rate(Some(Rate::kilobits(64)))));
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for text in [
            "loss",
            "loss=",
            "loss=101%",
            "loss=2",
            "loss=-1%",
            "loss=1..2",
            "loss=5 %",
            "delay=50",
            "delay=2h",
            "delay=9999s",
            "rate=0",
            "rate=1Gbit",
            "queue=12",
            "mtu=67",
            "mtu=70000",
            "mtu=1280/loud",
            "burst=2%",
            "burst=2%/0",
            "burst=100%/3",
            "burst=2%/inf",
            "colour=red",
            "late=ms",
        ] {
            let error = Setting::parse(text).map(|found| panic!("`{text}` was read as {found:?}")).unwrap_err();
            assert!(error.to_string().contains("is not"), "{error}");
        }
    }
}
