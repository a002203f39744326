//! The set-up of the server: a one-time code on the console, instead of a default password (R19).

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use super::secret;
use crate::random;

/// Whether the server was set up, and what its one-time code hashes to.
#[derive(Debug)]
pub struct SetUp {
    done: AtomicBool,
    code: Vec<u8>,
    /// When the code ends, in milliseconds since 1970.
    until: u64,
}

impl SetUp {
    /// A server that was set up before.
    pub fn done() -> Self {
        Self { done: AtomicBool::new(true), code: Vec::new(), until: 0 }
    }

    /// A server to set up, and the code to print. `unix_ms` is now.
    pub fn draw(unix_ms: u64) -> (Self, String) {
        let code = random::text::<LETTERS>().to_uppercase();
        let until = unix_ms + LIFE.as_millis() as u64;
        let set_up = Self { done: AtomicBool::new(false), code: secret::hash(&code), until };
        let [a, b, c] = [&code[..4], &code[4..8], &code[8..]];
        (set_up, format!("{a}-{b}-{c}"))
    }

    /// Whether it was done.
    pub fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    /// Says that it was done. The code is good for nothing any more.
    pub fn finish(&self) {
        self.done.store(true, Ordering::Release);
    }

    /// Whether this is the code, as somebody typed it. `unix_ms` is now.
    pub fn is_right(&self, text: &str, unix_ms: u64) -> bool {
        // What people read wrong is put right, as Crockford's base 32 intends it.
        let code: String = text
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .take(LETTERS + 1)
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect();
        !self.is_done() && unix_ms < self.until && secret::hash(&code) == self.code
    }
}

/// 60 bits: at ten tries a minute nobody guesses it within its hour, and it can be typed.
const LETTERS: usize = 12;
/// Long enough to find the page, short enough that a forgotten server is not set up by the next who finds the log.
const LIFE: Duration = Duration::from_secs(60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_good_for_an_hour_and_for_one_set_up() {
        let (set_up, code) = SetUp::draw(1_000);
        assert_eq!(code.len(), 14);
        assert!(set_up.is_right(&code, 1_000));
        assert!(set_up.is_right(&format!(" {} ", code.to_lowercase().replace('-', " ")), 1_000));
        for wrong in ["", "0000-0000-0000", &code[..13], &format!("{code}0"), "é"] {
            assert!(!set_up.is_right(wrong, 1_000), "{wrong}");
        }
        assert!(set_up.is_right(&code, 1_000 + 3_599_999));
        assert!(!set_up.is_right(&code, 1_000 + 3_600_000), "an hour later");
        set_up.finish();
        assert!(!set_up.is_right(&code, 1_000), "used");
        assert!(!SetUp::done().is_right("", 0));
        assert!(!format!("{set_up:?}").contains(&code.replace('-', "")));
    }

    #[test]
    fn letters_read_wrong_are_put_right() {
        let hash = secret::hash("0011ABCDEFGH");
        let set_up = SetUp { done: AtomicBool::new(false), code: hash, until: 1 };
        assert!(set_up.is_right("oOil-abcd-efgh", 0));
    }
}
