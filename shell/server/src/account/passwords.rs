//! Passwords: argon2id, on the bounded pool, with the same work for names that nobody has (R1).

use std::{cell::RefCell, thread};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};

use super::pool::Pool;
use crate::{http::Fault, random};

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    pool: Pool,
    /// The hash of a password that nobody has, for those who name nobody.
    nobody: String,
}

/// What a check says.
#[derive(Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is another password.
    Wrong,
    /// It is the password.
    Right,
    /// It is the password, and its hash was made with less work than we ask today: keep this one in its place.
    Renew(String),
}

impl Passwords {
    /// Works on `pool`.
    pub fn new(pool: Pool) -> Self {
        // On a thread that ends, since it would keep the memory: nothing else is hashed on this one.
        let nobody = thread::spawn(|| hash(&random::text::<32>())).join();
        Self { pool, nobody: nobody.expect("to hash a text of this length cannot fail") }
    }

    /// The hash to keep, as a text in PHC form.
    ///
    /// # Errors
    /// When too many wait for theirs.
    pub async fn hash(&self, password: String) -> Result<String, Fault> {
        self.pool.run(move || hash(&password)).await
    }

    /// Checks a password against what is kept. Nothing kept takes as long as a wrong password.
    ///
    /// # Errors
    /// When too many wait for theirs.
    pub async fn check(&self, kept: Option<String>, password: String) -> Result<Verdict, Fault> {
        let nobody = self.nobody.clone();
        self.pool.run(move || check(kept, nobody, &password)).await
    }
}

fn check(kept: Option<String>, nobody: String, password: &str) -> Verdict {
    let known = kept.is_some();
    let kept = kept.unwrap_or(nobody);
    let right = match PasswordHash::new(&kept) {
        Ok(parsed) => again(&parsed, password).is_some_and(|output| Some(output) == parsed.hash),
        Err(error) => {
            tracing::error!(%error, "a stored password hash cannot be read; its account needs a reset link");
            false
        }
    };
    match right && known {
        false => Verdict::Wrong,
        true if kept.starts_with(&prefix()) => Verdict::Right,
        true => Verdict::Renew(hash(password)),
    }
}

fn hash(password: &str) -> String {
    let salt = Salt::generate();
    let argon2 = argon2();
    let output = work(&argon2, &salt, password, Params::DEFAULT_OUTPUT_LEN);
    let params = ParamsString::try_from(argon2.params()).expect("each of the parameters is a number");
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params,
        salt: Some(salt),
        hash: Some(output.expect("the parameters are sound and a password is no longer than 2^32 bytes")),
    };
    hash.to_string()
}

/// What a password comes to by the algorithm, parameters and salt of a hash that is kept. None when they make no sense.
fn again(kept: &PasswordHash, password: &str) -> Option<Output> {
    let algorithm = Algorithm::try_from(kept.algorithm.as_str()).ok()?;
    let version = kept.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let params = Params::try_from(kept).ok()?;
    let length = kept.hash.as_ref()?.as_bytes().len();
    work(&Argon2::new(algorithm, version, params), kept.salt.as_ref()?, password, length)
}

/// The work itself, in memory that its thread keeps for the next one: given back each time, it comes out of the allocator in
/// pieces that other things have been put between, and a server that let a hundred people in has grown by 300 MiB.
fn work(argon2: &Argon2<'_>, salt: &Salt, password: &str, length: usize) -> Option<Output> {
    thread_local! {
        static BLOCKS: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
    }
    let mut output = [0; Output::MAX_LENGTH];
    let output = output.get_mut(..length)?;
    BLOCKS.with_borrow_mut(|blocks| {
        let wanted = argon2.params().block_count();
        if blocks.len() < wanted {
            blocks.resize(wanted, Block::default());
        }
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, &mut blocks[..wanted]).ok()
    })?;
    Output::new(output).ok()
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY, TIME, LANES, None).expect("the parameters are within their limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// How the hashes of today begin.
fn prefix() -> String {
    format!("$argon2id$v=19$m={MEMORY},t={TIME},p={LANES}$")
}

/// 19 MiB (in KiB), twice, in one lane: what OWASP asks at least. More would let fewer people in at once.
const MEMORY: u32 = 19 * 1024;
/// Passes over the memory; see [`MEMORY`].
const TIME: u32 = 2;
/// Lanes; see [`MEMORY`].
const LANES: u32 = 1;

#[cfg(test)]
mod tests {
    use argon2::PasswordHasher as _;

    use super::*;

    #[test]
    fn right_wrong_and_nobody() {
        let kept = hash("correct horse");
        assert!(kept.starts_with(&prefix()), "{kept}");
        assert_ne!(kept, hash("correct horse"), "salted");
        let nobody = hash("nobody");
        assert!(check(Some(kept.clone()), nobody.clone(), "correct horse") == Verdict::Right);
        assert!(check(Some(kept), nobody.clone(), "wrong horse") == Verdict::Wrong);
        assert!(check(None, nobody.clone(), "nobody") == Verdict::Wrong, "the stand-in lets nobody in");
        assert!(check(Some("damaged".to_owned()), nobody, "damaged") == Verdict::Wrong);
    }

    #[test]
    fn a_hash_is_the_one_that_the_library_makes() {
        let kept = hash("correct horse");
        let parsed = PasswordHash::new(&kept).unwrap();
        let same = argon2().hash_password_with_salt(b"correct horse", parsed.salt.as_ref().unwrap()).unwrap();
        assert_eq!(kept, same.to_string());
    }

    #[test]
    fn a_hash_of_less_work_is_renewed() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).unwrap());
        let old = weak.hash_password(b"correct horse").unwrap().to_string();
        let Verdict::Renew(new) = check(Some(old.clone()), old.clone(), "correct horse") else { panic!("not renewed") };
        assert!(check(Some(new), old.clone(), "correct horse") == Verdict::Right);
        assert!(check(Some(old.clone()), old, "wrong horse") == Verdict::Wrong);
    }
}
