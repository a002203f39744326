//! Names that people type: to sign in with, and to show.

use proto::{Identity, Refusal};

/// A name to sign in with, as typed but for blanks around it.
///
/// # Errors
/// When it is neither such a name nor an e-mail address.
pub fn account(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let sound = match text.split_once('@') {
        None => (2..=64).contains(&text.chars().count()) && text.chars().all(plain),
        Some((mailbox, domain)) => {
            text.len() <= MAIL
                && !mailbox.is_empty()
                && mailbox.chars().all(|c| plain(c) || c == '+')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty() && label.chars().all(plain))
        }
    };
    if sound { Ok(text.to_owned()) } else { Err(Refusal::BadAccountName) }
}

/// What names are the same by, as the store compares them.
pub fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A name or title to show: trimmed, not empty, not too long, on one line.
///
/// # Errors
/// When it is not.
pub fn shown(text: &str) -> Result<String, Refusal> {
    // The rules for names to show are those for identities.
    text.parse::<Identity>().map(|name| name.as_str().to_owned()).map_err(|_| Refusal::BadName)
}

/// The longest address that mail can be sent to (RFC 5321).
const MAIL: usize = 254;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_to_sign_in_with() {
        for name in ["ann", "Ann.B-c_9", "zoë", "ann@example.org", "ann+x@mail.example.org"] {
            assert_eq!(account(&format!(" {name} ")).as_deref(), Ok(name));
        }
        let long = "x".repeat(65);
        for name in ["", "a", "a b", "a/b", "a\nb", "@x.y", "ann@", "ann@host", "a@b@c.d", "a@b..c", &long, "<b>"] {
            assert_eq!(account(name), Err(Refusal::BadAccountName), "{name}");
        }
    }
}
