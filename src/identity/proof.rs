//! The proof that goes with a directory: each key signs the answer that serves it, so that nobody can serve a copy
//! under a name of their own (draft-meunier-http-message-signatures-directory, 'Binding keys to the directory
//! authority'; draft-ietf-webbotauth-httpsig-protocol, B.1).

use jiff::Timestamp;
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::identity::structured::{Member, Params, Value, dictionary, param};
use crate::identity::{SigningKey, base64, digest, signature_base};

/// What signatures of an answer are for.
const TAG: &str = "http-message-signatures-directory";

/// The headers that a server sends with the directory, next to its media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofHeaders {
    /// `Content-Digest`
    pub content_digest: String,
    /// `Signature-Input`
    pub signature_input: String,
    /// `Signature`
    pub signature: String,
}

impl ProofHeaders {
    /// The headers with their names.
    pub fn all(&self) -> [(&'static str, &str); 3] {
        [
            ("Content-Digest", &self.content_digest),
            ("Signature-Input", &self.signature_input),
            ("Signature", &self.signature),
        ]
    }
}

/// Signs the answer in which a host (`bot.example.org`) serves these bytes, by each of the keys.
pub fn sign_response(
    keys: &[SigningKey],
    (authority, body): (&str, &[u8]),
    (created, expires): (Timestamp, Timestamp),
) -> ProofHeaders {
    let digest = format!("sha-256=:{}:", base64(&digest(body)));
    let components = [
        ("\"@authority\";req".to_owned(), authority.to_owned()),
        ("\"content-digest\"".to_owned(), digest.clone()),
    ];
    let signed = keys.iter().enumerate().map(|(number, key)| {
        let params = format!(
            "(\"@authority\";req \"content-digest\");created={};expires={};keyid=\"{}\";alg=\"ed25519\";tag=\"{TAG}\"",
            created.as_second(),
            expires.as_second(),
            key.id()
        );
        let signature = key.sign(&signature_base(&components, &params));
        (format!("binding{number}={params}"), format!("binding{number}=:{signature}:"))
    });
    let (inputs, signatures): (Vec<_>, Vec<_>) = signed.unzip();
    ProofHeaders {
        content_digest: digest,
        signature_input: inputs.join(", "),
        signature: signatures.join(", "),
    }
}

/// What the signatures of an answer say of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// It has signed the answer, and that holds until then.
    Valid(Timestamp),
    /// It has signed the answer, and that held until then.
    Expired(Timestamp),
    /// It has not.
    Missing,
    /// There is a signature, and it is wrong in this way.
    Wrong(String),
}

/// An answer as a verifier sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) authority: &'a str,
    /// By their names, in any case.
    pub(super) headers: &'a [(String, String)],
    pub(super) body: &'a [u8],
}

impl Answer<'_> {
    /// The values of a header, joined (RFC 9421, 2.1).
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let named = self
            .headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name));
        let values: Vec<&str> = named.map(|(_, value)| value.trim()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// What its signatures say of this key.
    pub(super) fn proof(&self, (id, public): (&str, &[u8]), now: Timestamp) -> Proof {
        let Some(inputs) = self.header("signature-input") else {
            return Proof::Missing;
        };
        let Some(inputs) = dictionary(&inputs) else {
            return Proof::Wrong("its Signature-Input cannot be read".to_owned());
        };
        let text = |member: &Member, name: &str| match param(&member.params, name) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let is_of_key = |it: &&Member| {
            text(it, "keyid").as_deref() == Some(id) && text(it, "tag").as_deref() == Some(TAG)
        };
        match inputs.iter().find(is_of_key) {
            None => Proof::Missing,
            Some(input) => self.check(input, public, now).unwrap_or_else(Proof::Wrong),
        }
    }

    fn check(&self, input: &Member, public: &[u8], now: Timestamp) -> Result<Proof, String> {
        let Value::List(items) = &input.value else {
            return Err("its Signature-Input is no list of components".to_owned());
        };
        let components: Result<Vec<_>, String> = items
            .iter()
            .map(|(name, params)| self.component(name, params))
            .collect();
        let components = components?;
        if !items.iter().any(|(name, _)| name == "@authority") {
            return Err("it does not cover \"@authority\";req".to_owned());
        }
        let time = |name| match param(&input.params, name) {
            Some(Value::Integer(second)) => Timestamp::from_second(*second).ok(),
            _ => None,
        };
        let (created, expires) = (time("created"), time("expires"));
        let (Some(created), Some(expires)) = (created, expires) else {
            return Err("it lacks `created` or `expires`".to_owned());
        };
        let signatures = self.header("signature").and_then(|it| dictionary(&it));
        let signature = signatures.iter().flatten().find(|it| it.key == input.key);
        let Some(Value::Bytes(signature)) = signature.map(|it| &it.value) else {
            return Err(format!(
                "the Signature header has nothing named {}",
                input.key
            ));
        };
        let base = signature_base(&components, &input.raw);
        let key = UnparsedPublicKey::new(&ED25519, public);
        if key.verify(base.as_bytes(), signature).is_err() {
            return Err(
                "it does not fit: signed for another host or another file, or changed on the way"
                    .to_owned(),
            );
        }
        if created > now {
            return Err(format!("it was made in the future, on {created}"));
        }
        Ok(match expires > now {
            true => Proof::Valid(expires),
            false => Proof::Expired(expires),
        })
    }

    /// A component with its value.
    fn component(&self, name: &str, params: &Params) -> Result<(String, String), String> {
        let is_of_request = matches!(params.as_slice(), [(key, Value::True)] if key == "req");
        if name == "@authority" && is_of_request {
            return Ok(("\"@authority\";req".to_owned(), self.authority.to_owned()));
        }
        if name.starts_with('@') || !params.is_empty() {
            return Err(format!(
                "it covers {name:?} in a way that verifiers may not know"
            ));
        }
        match self.header(name) {
            Some(value) => Ok((format!("\"{name}\""), value)),
            None => Err(format!("it covers the header {name}, which is not there")),
        }
    }

    /// Whether `Content-Digest` fits the body; `None` where there is none by SHA-256.
    pub(super) fn fits_digest(&self) -> Option<bool> {
        let members = dictionary(&self.header("content-digest")?)?;
        let stated = members.into_iter().find(|it| it.key == "sha-256")?;
        Some(stated.value == Value::Bytes(digest(self.body)))
    }
}
