//! The verifier, held to the examples of the standard and of the drafts before it judges what we send.

use std::collections::BTreeMap;

use crate::verifier::{Message, base64, from_base64, verify};

/// RFC 9421, B.1.4.
const PUBLIC: &str = "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs";

fn headers(lines: &[(&str, &str)]) -> BTreeMap<String, String> {
    let lines = lines
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    lines.collect()
}

/// RFC 9421, B.2 and B.2.6.
fn of_the_standard() -> (Message, &'static str) {
    let message = Message {
        authority: "example.com".to_owned(),
        method: "POST".to_owned(),
        path: "/foo?param=Value&Pet=dog".to_owned(),
        headers: headers(&[
            ("host", "example.com"),
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("content-type", "application/json"),
            ("content-length", "18"),
            (
                "signature-input",
                "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")\
                 ;created=1618884473;keyid=\"test-key-ed25519\"",
            ),
            (
                "signature",
                "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
            ),
        ]),
        is_answer: false,
    };
    (message, "sig-b26")
}

/// draft-ietf-webbotauth-httpsig-protocol, E.2.1: the dictionary.
fn of_the_draft() -> (Message, &'static str) {
    let message = Message {
        authority: "example.com".to_owned(),
        headers: headers(&[
            ("signature-agent", "agent2=\"https://signature-agent.test\""),
            (
                "signature-input",
                "sig2=(\"@authority\" \"signature-agent\";key=\"agent2\");created=1735689600;\
                 keyid=\"poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U\";alg=\"ed25519\";expires=4889289600;\
                 nonce=\"n9p433xm+NJ3ph3upfBIGmsuwHw387YV7Q/F+6BSpGCVjYCqQw6rznNA8PVVLySrAWsv0hQtFioQb6E1YsauiA==\";\
                 tag=\"web-bot-auth\"",
            ),
            (
                "signature",
                "sig2=:RdNFx5Bj6au3YgAMQL/RzmUlZE8QZLIaXGRpw985hWnwPfMxT228NMk6ehRS1PSl4e8PhbNZACSanGdhEwYCCg==:",
            ),
        ]),
        ..Message::default()
    };
    (message, "sig2")
}

/// The same, E.2.2, and draft-meunier-web-bot-auth-architecture: the string.
fn of_earlier_drafts() -> (Message, &'static str) {
    let message = Message {
        authority: "example.com".to_owned(),
        headers: headers(&[
            ("signature-agent", "\"https://signature-agent.test\""),
            (
                "signature-input",
                "sig2=(\"@authority\" \"signature-agent\");created=1735689600;\
                 keyid=\"poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U\";alg=\"ed25519\";expires=1735693200;\
                 nonce=\"e8N7S2MFd/qrd6T2R3tdfAuuANngKI7LFtKYI/vowzk4lAZYadIX6wW25MwG7DCT9RUKAJ0qVkU0mEeLElW1qg==\";\
                 tag=\"web-bot-auth\"",
            ),
            (
                "signature",
                "sig2=:jdq0SqOwHdyHr9+r5jw3iYZH6aNGKijYp/EstF4RQTQdi5N5YYKrD+mCT1HA1nZDsi6nJKuHxUi/5Syp3rLWBA==:",
            ),
        ]),
        ..Message::default()
    };
    (message, "sig2")
}

/// The same, E.2.3: the answer with the directory.
fn of_a_directory() -> (Message, &'static str) {
    let message = Message {
        authority: "signature-agent.test".to_owned(),
        headers: headers(&[
            (
                "content-digest",
                "sha-256=:CADMT2aBdV/rqQr/NIru64ERQkCobVvllA4V0fLFDu0=:",
            ),
            (
                "signature-input",
                "binding=(\"@authority\";req \"content-digest\");created=1735689600;expires=4889289600;\
                 keyid=\"poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U\";tag=\"http-message-signatures-directory\"",
            ),
            (
                "signature",
                "binding=:l6P8R67tm3kujAxbHWio7ll01qrEZ0dKD/WWlGhNYEmTnFZM8Wt0VQ9zqGfvo7T/UMkBxsigzChM1Gpz7gOVBg==:",
            ),
        ]),
        is_answer: true,
        ..Message::default()
    };
    (message, "binding")
}

#[test]
fn the_verifier_accepts_the_examples_of_the_standard_and_of_the_drafts() {
    let public = from_base64(PUBLIC);
    for (message, label) in [
        of_the_standard(),
        of_the_draft(),
        of_earlier_drafts(),
        of_a_directory(),
    ] {
        let verified = verify(&message, label, &public);
        assert!(verified.is_ok(), "{verified:?}: {message:?}");
    }
}

#[test]
fn the_verifier_refuses_each_of_them_with_anything_changed() {
    let public = from_base64(PUBLIC);
    for (message, label) in [
        of_the_standard(),
        of_the_draft(),
        of_earlier_drafts(),
        of_a_directory(),
    ] {
        let refuses = |what: &str, changed: &Message| {
            assert!(
                verify(changed, label, &public).is_err(),
                "{label} with another {what} is accepted"
            );
        };
        let other = Message {
            authority: "example.net".to_owned(),
            ..message.clone()
        };
        refuses("authority", &other);
        for (from, to) in [
            ("created=1", "created=2"),
            ("keyid=\"", "keyid=\"x"),
            ("\");", "\" );a=1;"),
        ] {
            let mut other = message.clone();
            let input = other.headers.get_mut("signature-input").unwrap();
            *input = input.replacen(from, to, 1);
            refuses(from, &other);
        }
        let mut other = message.clone();
        let signature = other.headers.get_mut("signature").unwrap();
        let (begin, value) = signature.split_once(":").unwrap();
        let mut bytes = from_base64(value.trim_end_matches(':'));
        bytes[7] ^= 1;
        *signature = format!("{begin}:{}:", base64(&bytes));
        refuses("signature", &other);
        let mut wrong_key = public.clone();
        wrong_key[3] ^= 1;
        assert!(verify(&message, label, &wrong_key).is_err());
        for covered in ["date", "signature-agent", "content-digest"] {
            let mut other = message.clone();
            if let Some(value) = other.headers.get_mut(covered) {
                *value = value.replace(['0', 'h'], "g");
                refuses(covered, &other);
            }
        }
    }
}
