use super::*;
use crate::identity::{ProofHeaders, SigningKey, WELL_KNOWN, sign_response};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

struct Site {
    key: SigningKey,
    url: Url,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Site {
    /// A directory of one key, signed for the time from 100 to 200.
    fn new() -> Site {
        let (key, _) = SigningKey::generate(at(1000)).unwrap();
        let mut directory = Directory::default();
        directory.add(&key, at(1));
        let body = directory.to_json().into_bytes();
        let proof = sign_response(
            std::slice::from_ref(&key),
            ("bot.daily.news", &body),
            (at(100), at(200)),
        );
        let mut site = Site {
            key,
            url: Url::parse(&format!("https://bot.daily.news{WELL_KNOWN}")).unwrap(),
            headers: vec![("content-type".to_owned(), MEDIA_TYPE.to_owned())],
            body,
        };
        site.prove(&proof);
        site
    }

    fn prove(&mut self, proof: &ProofHeaders) {
        let headers = proof
            .all()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.headers.extend(headers);
    }

    fn set(&mut self, name: &str, value: &str) {
        self.headers
            .retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    fn check(&self, now: i64) -> Vec<Finding> {
        let published = Published {
            url: &self.url,
            status: 200,
            headers: &self.headers,
            body: &self.body,
        };
        published.check(self.key.id(), at(now))
    }

    fn faults(&self) -> String {
        let found = self.check(150);
        let faults = found.iter().filter(|it| it.is_fault());
        faults.map(|it| format!("{it:?}\n")).collect()
    }
}

#[test]
fn a_directory_as_it_should_be_has_nothing_to_find() {
    let site = Site::new();
    let found = site.check(150);
    assert!(
        found.iter().all(|it| matches!(it, Finding::Good(_))),
        "{found:?}"
    );
    assert_eq!(found.len(), 4, "{found:?}");
}

#[test]
fn a_signature_holds_for_its_host_its_file_and_its_time() {
    let mut other = Site::new();
    other.url = Url::parse(&format!("https://mirror.daily.news{WELL_KNOWN}")).unwrap();
    assert!(
        other.faults().contains("another host"),
        "{}",
        other.faults()
    );
    let mut changed = Site::new();
    changed.body.push(b' ');
    assert!(
        changed
            .faults()
            .contains("Content-Digest is not that of the file"),
        "{}",
        changed.faults()
    );
    let site = Site::new();
    assert!(format!("{:?}", site.check(200)).contains("has expired on 1970-01-01T00:03:20Z"));
    assert!(format!("{:?}", site.check(99)).contains("made in the future"));
    let mut forged = Site::new();
    let (stranger, _) = SigningKey::generate(at(1000)).unwrap();
    let id = stranger.id().to_owned();
    let proof = sign_response(
        &[stranger],
        ("bot.daily.news", &forged.body),
        (at(100), at(200)),
    );
    let input = proof.signature_input.replace(&id, forged.key.id());
    forged.set("signature-input", &input);
    forged.set("signature", &proof.signature);
    assert!(forged.faults().contains("is wrong"), "{}", forged.faults());
}

#[test]
fn what_keeps_verifiers_from_the_key_is_a_fault() {
    let mut site = Site::new();
    site.set("content-type", "application/json");
    assert!(
        site.faults().contains("Content-Type is application/json"),
        "{}",
        site.faults()
    );
    let mut site = Site::new();
    site.set("content-encoding", "gzip");
    assert!(
        site.faults().contains("turn compression off"),
        "{}",
        site.faults()
    );
    let mut site = Site::new();
    site.key = SigningKey::generate(at(1000)).unwrap().0;
    assert!(
        site.faults().contains("does not list your key"),
        "{}",
        site.faults()
    );
    let mut site = Site::new();
    site.url = Url::parse(&format!("http://bot.daily.news{WELL_KNOWN}")).unwrap();
    assert!(site.faults().contains("over https"), "{}", site.faults());
    let mut site = Site::new();
    site.body = b"<html>".to_vec();
    assert!(
        site.faults().contains("no list of public keys"),
        "{}",
        site.faults()
    );
    assert!(format!("{:?}", Site::new().check(1000)).contains("which is not valid now"));
}

#[test]
fn an_answer_without_a_signature_is_advised_against() {
    let mut site = Site::new();
    site.headers.truncate(1);
    let found = site.check(150);
    assert!(site.faults().is_empty());
    assert!(format!("{found:?}").contains("not signed by"), "{found:?}");
    site.set("signature-input", "((");
    assert!(
        site.faults().contains("cannot be read"),
        "{}",
        site.faults()
    );
}
