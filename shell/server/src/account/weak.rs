//! Passwords that everybody tries first.

use proto::Refusal;

/// Refuses a password that is too short, too long, or one of the common ones; `name` is what its owner signs in with.
///
/// # Errors
/// When it is weak.
pub fn refuse(password: &str, name: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) || is_common(password, name) {
        Err(Refusal::WeakPassword)
    } else {
        Ok(())
    }
}

fn is_common(password: &str, name: &str) -> bool {
    let lower = password.to_lowercase();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT || ROWS.iter().any(|row| is_run_of(&lower, row)) {
        return true;
    }
    let mailbox = name.split('@').next().unwrap_or_default().to_lowercase();
    let plain = core(&lower);
    let meant = |text: &str| core(&text.chars().map(meant).collect::<String>());
    [meant(&lower), meant(&plain), plain].iter().any(|core| {
        core.is_empty() && lower.len() <= TELEPHONE
            || !mailbox.is_empty() && *core == mailbox
            || is_made_of(core, |part| WORDS.lines().any(|word| word == part))
    })
}

/// What is left without digits and signs around it.
fn core(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphabetic()).to_owned()
}

/// Whether `text` is one common word, or two of them, perhaps the same one twice.
fn is_made_of(text: &str, is_word: impl Fn(&str) -> bool) -> bool {
    is_word(text)
        || text.char_indices().skip(1).any(|(at, _)| {
            let (first, second) = text.split_at(at);
            is_word(first) && is_word(core(second).as_str())
        })
}

/// Whether `text` runs along `row`, forwards or backwards, once or several times.
fn is_run_of(text: &str, row: &str) -> bool {
    let backwards: String = row.chars().rev().collect();
    let runs = [row.repeat(2), backwards.repeat(2)];
    runs.iter().any(|run| {
        let half = text.len() / 2;
        run.contains(text)
            || text.is_char_boundary(half) && text.len() >= 2 * half && {
                let (first, second) = text.split_at(half);
                first == second && run.contains(first)
            }
    })
}

/// The letter that a sign stands for in passwords such as `p4$$w0rd`.
fn meant(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    }
}

/// What NIST SP 800-63B asks at least is eight; ten costs a person nothing and a guesser a thousand times more.
const SHORTEST: usize = 10;
/// Long enough for any sentence; longer texts only make work.
const LONGEST: usize = 256;
/// Digits and signs alone up to here are dates and telephone numbers.
const TELEPHONE: usize = 12;
/// `aaaaaaaaaa` and `1212121212` have fewer letters than this.
const DIFFERENT: usize = 4;
/// What fingers run along.
const ROWS: [&str; 7] = [
    "1234567890",
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "azertyuiop",
    "asdfghjkl",
    "1q2w3e4r5t6z7u8i9o0p",
];
/// The common words of leaked passwords, one a line, lower case.
const WORDS: &str = include_str!("words.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_are_refused() {
        for weak in [
            "",
            "short",
            "aaaaaaaaaa",
            "1212121212",
            "1234567890",
            "0987654321",
            "qwertyuiop",
            "poiuytrewq",
            "1234512345",
            "password123",
            "Password2024!",
            "p4$$w0rd!!",
            "passwordpassword",
            "iloveyou1234",
            "letmein123456",
            "football99!",
            "ann.smith1",
            "5551234567",
            "welcome-admin",
            "abcdefghij",
            "qwertyqwerty",
            "!!monkey!!!!",
        ] {
            assert_eq!(refuse(weak, "ann.smith@example.org"), Err(Refusal::WeakPassword), "{weak}");
        }
        assert_eq!(refuse(&"abcdefgh".repeat(33), "ann"), Err(Refusal::WeakPassword), "too long");
    }

    #[test]
    fn others_are_not() {
        for good in ["correct horse battery", "k3Jf-92xPq", "une phrase à moi", "mein-hund-bellt", "ocean9lamp2tree"] {
            assert_eq!(refuse(good, "ann"), Ok(()), "{good}");
        }
    }

    #[test]
    fn the_list_is_as_the_code_reads_it() {
        assert!(WORDS.lines().count() >= 300);
        assert!(WORDS.lines().all(|word| word.len() >= 3 && word.chars().all(|c| c.is_lowercase())));
    }
}
