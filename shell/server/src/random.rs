//! Chance from the operating system: secrets, codes, seeds. Nothing here can be repeated.

/// `N` bytes that nobody can guess.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes; without them no secret is safe");
    bytes
}

/// A seed for what has to differ but is no secret.
pub fn seed() -> u64 {
    u64::from_le_bytes(bytes())
}

/// `N` characters out of 32 that cannot be taken for one another: five bits each.
pub fn text<const N: usize>() -> String {
    bytes::<N>().iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// Crockford's base 32, lower case.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

#[cfg(test)]
mod tests {
    #[test]
    fn texts_differ_and_keep_to_their_letters() {
        let (a, b) = (super::text::<20>(), super::text::<20>());
        assert_ne!(a, b);
        assert_eq!(a.len(), 20);
        assert!(a.chars().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase()));
    }
}
