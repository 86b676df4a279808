//! Who we are, so that a webmaster can check it: requests signed with a key whose public half is published (Web Bot
//! Auth). This folder owns the key, what a signature covers, the directory of public keys and the proof that goes with
//! it. It sends nothing: `fetch` puts the headers on each request.
//!
//! - Signatures: HTTP Message Signatures (RFC 9421) with Ed25519 (RFC 8032), as draft-meunier-web-bot-auth-architecture
//!   and its successor draft-ietf-webbotauth-httpsig-protocol profile them.
//! - Keys: PKCS#8 in PEM (RFC 8410, RFC 7468); their names are JWK thumbprints (RFC 7638, RFC 8037, A.3).
//! - The directory: a JSON Web Key Set (RFC 7517) at a well-known address
//!   (draft-meunier-http-message-signatures-directory).

mod directory;
mod key;
mod proof;
mod published;
mod signer;
mod structured;

pub use directory::{Directory, DirectoryError, MEDIA_TYPE, PublishedKey, WELL_KNOWN, address};
pub use key::{KeyError, SigningKey};
pub use proof::{Proof, ProofHeaders, sign_response};
pub use published::{Finding, Published};
pub use signer::{SECONDS, Signer};

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Base64 without padding, for JSON Web Keys.
fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Base64 with padding, for structured fields and PEM.
fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// The name of an Ed25519 key: the SHA-256 thumbprint of its JSON Web Key (RFC 7638, 3; RFC 8037, A.3).
fn thumbprint(public: &[u8]) -> String {
    let jwk = format!(
        r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
        base64url(public)
    );
    base64url(&digest(jwk.as_bytes()))
}

fn digest(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// What is signed (RFC 9421, 2.5): the components, each with its value, and last the parameters.
fn signature_base(components: &[(String, String)], params: &str) -> String {
    let mut base = String::new();
    for (component, value) in components {
        let _ = writeln!(base, "{component}: {value}");
    }
    base.push_str("\"@signature-params\": ");
    base.push_str(params);
    base
}
