//! The key that requests are signed with: made, written and read as PKCS#8 in PEM (RFC 8410, RFC 7468).

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{Ed25519KeyPair, KeyPair};

use crate::identity::{base64, base64url, from_base64, thumbprint};

/// What stands before the 32 bytes of a private key in PKCS#8 (RFC 8410, 7).
const PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
/// How the line with the key's last moment begins. Text before the key is for people (RFC 7468, 2).
const EXPIRES: &str = "expires: ";
/// Bytes of a file that are read. A key has some hundred.
const LONGEST: u64 = 64 << 10;

/// An Ed25519 key. What it shows of itself is its name.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    id: String,
    expires: Option<Timestamp>,
}

/// A key can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file can't be read.
    #[error(
        "cannot read the key {}; make one with `newsprint identity new`, or correct `key` in [identity]", path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file has no such key.
    #[error("{} is no key for signatures: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        reason: &'static str,
    },
    /// The system gives no random numbers.
    #[error("the system gave no random numbers to make a key of")]
    Random,
}

impl SigningKey {
    /// Makes a key that is to be used until then, and the text of its file.
    ///
    /// # Errors
    /// Fails where the system gives no random numbers.
    pub fn generate(expires: Timestamp) -> Result<(SigningKey, String), KeyError> {
        let mut seed = [0; 32];
        SystemRandom::new()
            .fill(&mut seed)
            .map_err(|_| KeyError::Random)?;
        let der = base64(&[PREFIX.as_slice(), &seed].concat());
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| KeyError::Random)?;
        let key = SigningKey::of(pair, Some(expires));
        let id = &key.id;
        let text = format!(
            "newsprint signs requests with this key. Keep it secret.\nkey id:  {id}\n{EXPIRES}{expires}\n\n{BEGIN}\n{der}\n{END}\n"
        );
        Ok((key, text))
    }

    /// Reads the file of a key, as [`SigningKey::generate`] and `openssl genpkey -algorithm ed25519` write it.
    ///
    /// # Errors
    /// Names the file, and what to do.
    pub fn load(path: &Path) -> Result<SigningKey, KeyError> {
        let unreadable = |source| KeyError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let length = std::fs::metadata(path).map_err(unreadable)?.len();
        let unusable = |reason| KeyError::Unusable {
            path: path.to_owned(),
            reason,
        };
        if length > LONGEST {
            return Err(unusable("it is too long"));
        }
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        SigningKey::parse(&text).map_err(unusable)
    }

    /// Reads the text of a key's file, or says what is wrong with it.
    ///
    /// # Errors
    /// Says what is wrong, and never a part of the text.
    pub fn parse(text: &str) -> Result<SigningKey, &'static str> {
        if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
            return Err(
                "it is encrypted; write it without a password by `openssl pkey -in FILE -out identity.pem`",
            );
        }
        let (before, rest) = text
            .split_once(BEGIN)
            .ok_or("it does not have the line `-----BEGIN PRIVATE KEY-----`; `newsprint identity new` makes a key")?;
        let (body, _) = rest
            .split_once(END)
            .ok_or("it does not have the line `-----END PRIVATE KEY-----`")?;
        let body: String = body.split_whitespace().collect();
        let der = from_base64(&body).ok_or("what stands between its lines is no Base64")?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| {
            "it is no Ed25519 key; make one with `newsprint identity new` or `openssl genpkey -algorithm ed25519`"
        })?;
        let expires = before.lines().find_map(|line| line.strip_prefix(EXPIRES));
        Ok(SigningKey::of(
            pair,
            expires.and_then(|it| it.trim().parse().ok()),
        ))
    }

    fn of(pair: Ed25519KeyPair, expires: Option<Timestamp>) -> SigningKey {
        SigningKey {
            id: thumbprint(pair.public_key().as_ref()),
            pair,
            expires,
        }
    }

    /// Its name: the thumbprint of its public half, which is `keyid` in signatures and `kid` in the directory.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its public half as a JSON Web Key has it, in `x`.
    pub fn public(&self) -> String {
        base64url(self.pair.public_key().as_ref())
    }

    /// Until when it is to be used, if its file says so.
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// The signature of a text, in Base64.
    pub(super) fn sign(&self, text: &str) -> String {
        base64(self.pair.sign(text.as_bytes()).as_ref())
    }
}

/// Logs hold no keys.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SigningKey");
        shown.field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9421, B.1.4.
    const RFC_KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
                           MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n\
                           -----END PRIVATE KEY-----\n";

    #[test]
    fn the_key_of_the_standard_has_the_thumbprint_of_the_draft() {
        let key = SigningKey::parse(RFC_KEY).unwrap();
        assert_eq!(key.public(), "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs");
        assert_eq!(key.id(), "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U");
        assert_eq!(key.expires(), None);
    }

    #[test]
    fn a_key_that_was_made_is_read_again_and_shows_nothing_of_itself() {
        let expires: Timestamp = "2027-11-27T00:00:00Z".parse().unwrap();
        let (made, text) = SigningKey::generate(expires).unwrap();
        let read = SigningKey::parse(&text).unwrap();
        assert_eq!((read.id(), read.expires()), (made.id(), Some(expires)));
        assert_eq!(read.sign("a"), made.sign("a"));
        let secret = text.lines().rev().nth(1).unwrap();
        let shown = format!("{made:?}");
        assert!(
            shown.contains(made.id()) && !shown.contains(secret),
            "{shown}"
        );
        let (other, _) = SigningKey::generate(expires).unwrap();
        assert_ne!(other.id(), made.id());
    }

    #[test]
    fn what_is_no_key_is_refused_with_what_to_do() {
        let ec = "-----BEGIN PRIVATE KEY-----\n\
                  MC4CAQAwBQYDK2VuBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n\
                  -----END PRIVATE KEY-----\n";
        for (text, said) in [
            ("", "`newsprint identity new` makes a key"),
            (
                "-----BEGIN PUBLIC KEY-----\n",
                "-----BEGIN PRIVATE KEY-----",
            ),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "encrypted"),
            (
                "-----BEGIN PRIVATE KEY-----\nMC4C",
                "-----END PRIVATE KEY-----",
            ),
            (
                "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
                "no Base64",
            ),
            (ec, "no Ed25519 key"),
        ] {
            let refused = SigningKey::parse(text).unwrap_err();
            assert!(refused.contains(said), "{text}: {refused}");
        }
        let missing = SigningKey::load(Path::new("/nowhere/identity.pem")).unwrap_err();
        assert!(
            missing.to_string().contains("newsprint identity new"),
            "{missing}"
        );
    }
}
