//! The directory of public keys: a JSON Web Key Set that is published for those who check signatures.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::identity::{SigningKey, from_base64url, thumbprint};

/// Where a host has its directory.
pub const WELL_KNOWN: &str = "/.well-known/http-message-signatures-directory";
/// The media type that the directory must be served with.
pub const MEDIA_TYPE: &str = "application/http-message-signatures-directory+json";
/// Bytes of a directory that are read.
const LONGEST: usize = 64 << 10;
/// Keys of a directory that are read.
const MOST_KEYS: usize = 100;

/// The public keys of a crawler.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Directory {
    /// The keys, in the order in which they were added.
    pub keys: Vec<PublishedKey>,
    /// What else the file has.
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// One public key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublishedKey {
    kty: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    /// From when it is valid, in unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    /// Until when it is valid, in unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

/// A directory can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// It is no JSON Web Key Set.
    #[error("it is no list of public keys such as {{\"keys\": [{{\"kty\": \"OKP\", …}}]}}: {0}")]
    Malformed(String),
    /// It has more than is read.
    #[error("it is too long: {LONGEST} bytes and {MOST_KEYS} keys at most")]
    TooLong,
    /// It has the private half of a key.
    #[error(
        "it has the private half of a key (`d`); take it out, and make another key: whoever has read it can sign"
    )]
    Private,
}

impl Directory {
    /// Reads a directory.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Directory, DirectoryError> {
        if bytes.len() > LONGEST {
            return Err(DirectoryError::TooLong);
        }
        let directory: Directory = serde_json::from_slice(bytes)
            .map_err(|error| DirectoryError::Malformed(error.to_string()))?;
        if directory.keys.len() > MOST_KEYS {
            return Err(DirectoryError::TooLong);
        }
        match directory.keys.iter().any(|key| key.other.contains_key("d")) {
            true => Err(DirectoryError::Private),
            false => Ok(directory),
        }
    }

    /// The text of its file.
    pub fn to_json(&self) -> String {
        let json = serde_json::to_string_pretty(self).unwrap_or_default();
        json + "\n"
    }

    /// Adds the public half of a key, valid from now until it expires, or puts it in the place of the one it has.
    pub fn add(&mut self, key: &SigningKey, now: Timestamp) {
        let of_key = |it: &PublishedKey| it.id().as_deref() == Some(key.id());
        self.keys.retain(|it| !of_key(it));
        self.keys.push(PublishedKey {
            kty: "OKP".to_owned(),
            crv: Some("Ed25519".to_owned()),
            kid: Some(key.id().to_owned()),
            x: Some(key.public()),
            purpose: Some("sig".to_owned()),
            nbf: Some(now.as_second()),
            exp: key.expires().map(Timestamp::as_second),
            other: Map::new(),
        });
    }

    /// Takes a key out; false where there is none of that name.
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.keys.len();
        self.keys.retain(|it| it.id().as_deref() != Some(id));
        self.keys.len() < before
    }

    /// Takes out keys that have expired, and gives their names.
    pub fn drop_expired(&mut self, now: Timestamp) -> Vec<String> {
        let now = now.as_second();
        let is_over = |it: &PublishedKey| it.exp.is_some_and(|exp| exp <= now);
        let over = self.keys.iter().filter(|it| is_over(it));
        let names = over.filter_map(PublishedKey::id).collect();
        self.keys.retain(|it| !is_over(it));
        names
    }
}

impl PublishedKey {
    /// The bytes of an Ed25519 key.
    pub fn public(&self) -> Option<Vec<u8>> {
        let is_ed25519 = self.kty == "OKP" && self.crv.as_deref() == Some("Ed25519");
        let x = self.x.as_deref().filter(|_| is_ed25519)?;
        from_base64url(x).filter(|it| it.len() == 32)
    }

    /// Its thumbprint, if it is an Ed25519 key.
    pub fn id(&self) -> Option<String> {
        self.public().map(|it| thumbprint(&it))
    }

    /// True where it states a name that is not its thumbprint.
    pub fn is_misnamed(&self) -> bool {
        self.kid.is_some() && self.kid != self.id()
    }

    /// Until when it is valid, if it says so.
    pub fn expires(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.exp?).ok()
    }

    /// True where it is valid at this time.
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        let now = now.as_second();
        self.nbf.is_none_or(|nbf| nbf <= now) && self.exp.is_none_or(|exp| now < exp)
    }
}

/// Where the directory is that `Signature-Agent` names: an address with a path is that of the directory itself.
pub fn address(signature_agent: &Url) -> Url {
    match signature_agent.path() {
        "/" => signature_agent
            .join(WELL_KNOWN)
            .unwrap_or_else(|_| signature_agent.clone()),
        _ => signature_agent.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn keys_are_added_listed_once_and_dropped_when_they_expire() {
        let (old, _) = SigningKey::generate(at(1000)).unwrap();
        let (new, _) = SigningKey::generate(at(2000)).unwrap();
        let mut directory = Directory::default();
        directory.add(&old, at(1));
        directory.add(&new, at(900));
        directory.add(&new, at(901));
        let mut read = Directory::parse(directory.to_json().as_bytes()).unwrap();
        assert_eq!(read, directory);
        let ids: Vec<_> = read.keys.iter().filter_map(PublishedKey::id).collect();
        assert_eq!(ids, [old.id(), new.id()]);
        assert!(!read.keys[1].is_valid_at(at(900)) && read.keys[1].is_valid_at(at(901)));
        assert_eq!(read.drop_expired(at(999)), Vec::<String>::new());
        assert_eq!(read.drop_expired(at(1000)), [old.id()]);
        assert!(read.remove(new.id()) && !read.remove(new.id()));
        assert!(read.keys.is_empty());
    }

    #[test]
    fn the_file_has_what_the_draft_names_and_keeps_what_others_wrote() {
        let text = r#"{"keys":[{"kty":"RSA","n":"AQAB","kid":"a"},{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs","kid":"b"}],"purpose":"news"}"#;
        let mut directory = Directory::parse(text.as_bytes()).unwrap();
        assert_eq!(directory.keys[0].id(), None);
        assert_eq!(
            directory.keys[1].id().unwrap(),
            "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U"
        );
        assert!(directory.keys[1].is_misnamed());
        let (key, _) = SigningKey::generate(at(2000)).unwrap();
        directory.add(&key, at(1));
        let json: Value = serde_json::from_str(&directory.to_json()).unwrap();
        assert_eq!(
            (&json["purpose"], &json["keys"][0]["n"]),
            (&Value::from("news"), &Value::from("AQAB"))
        );
        let names: Vec<_> = json["keys"][2].as_object().unwrap().keys().collect();
        assert_eq!(names, ["kty", "crv", "kid", "x", "use", "nbf", "exp"]);
    }

    #[test]
    fn what_is_no_directory_is_refused() {
        let parse = |text: &str| Directory::parse(text.as_bytes()).unwrap_err().to_string();
        assert!(parse("<html>").contains("no list of public keys"));
        assert!(parse("{}").contains("no list of public keys"));
        assert!(parse(r#"{"keys":[{"kty":"OKP","d":"x"}]}"#).contains("private half"));
        assert!(parse(&" ".repeat(LONGEST + 1)).contains("too long"));
        let many = format!("{{\"keys\":[{}]}}", vec![r#"{"kty":"a"}"#; 101].join(","));
        assert!(parse(&many).contains("too long"));
    }

    #[test]
    fn a_bare_host_has_its_directory_at_the_well_known_path() {
        for (named, address) in [
            (
                "https://bot.example.org",
                "https://bot.example.org/.well-known/http-message-signatures-directory",
            ),
            (
                "https://bot.example.org/jwks.json",
                "https://bot.example.org/jwks.json",
            ),
        ] {
            assert_eq!(
                super::address(&Url::parse(named).unwrap()).as_str(),
                address
            );
        }
    }
}
