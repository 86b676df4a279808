//! What a server publishes as the directory, checked as a verifier would.

use jiff::Timestamp;
use url::{Position, Url};

use crate::identity::proof::Answer;
use crate::identity::{Directory, MEDIA_TYPE, Proof};

/// An answer to a request for the directory.
#[derive(Debug, Clone, Copy)]
pub struct Published<'a> {
    /// The address that was requested.
    pub url: &'a Url,
    /// The HTTP status.
    pub status: u16,
    /// The headers, by their names.
    pub headers: &'a [(String, String)],
    /// The body as it came, before any decompression.
    pub body: &'a [u8],
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// As it should be.
    Good(String),
    /// Some verifiers may want it otherwise.
    Advice(String),
    /// Verifiers will not recognise the crawler.
    Fault(String),
}

impl Finding {
    /// True for what keeps verifiers from recognising the crawler.
    pub fn is_fault(&self) -> bool {
        matches!(self, Finding::Fault(_))
    }
}

impl Published<'_> {
    /// Checks it for a crawler that signs with the key of this name.
    pub fn check(&self, own: &str, now: Timestamp) -> Vec<Finding> {
        let mut found = vec![self.address()];
        if self.status != 200 {
            found.push(Finding::Fault(format!(
                "it answers with status {}; verifiers want 200 and follow no redirects",
                self.status
            )));
            return found;
        }
        let answer = Answer {
            authority: &self.url[Position::BeforeHost..Position::AfterPort],
            headers: self.headers,
            body: self.body,
        };
        found.push(media_type(answer.header("content-type")));
        if let Some(coding) = answer.header("content-encoding") {
            found.push(Finding::Fault(format!(
                "it is served with Content-Encoding: {coding}; turn compression off for this address, since the \
                 signatures cover the file as it is"
            )));
            return found;
        }
        match Directory::parse(self.body) {
            Ok(directory) => keys(&directory, &answer, (own, now), &mut found),
            Err(error) => found.push(Finding::Fault(error.to_string())),
        }
        found
    }

    fn address(&self) -> Finding {
        match self.url.scheme() {
            "https" => Finding::Good("it is served over https".to_owned()),
            _ => Finding::Fault("it must be served over https".to_owned()),
        }
    }
}

fn media_type(stated: Option<String>) -> Finding {
    let stated = stated.unwrap_or_default();
    let bare = stated.split(';').next().unwrap_or_default().trim();
    if bare.eq_ignore_ascii_case(MEDIA_TYPE) {
        return Finding::Good(format!("its media type is {MEDIA_TYPE}"));
    }
    let is = if bare.is_empty() { "missing" } else { bare };
    Finding::Fault(format!("its Content-Type is {is}; it must be {MEDIA_TYPE}"))
}

fn keys(
    directory: &Directory,
    answer: &Answer<'_>,
    (own, now): (&str, Timestamp),
    found: &mut Vec<Finding>,
) {
    let mut is_listed = false;
    for key in &directory.keys {
        let (Some(id), Some(public)) = (key.id(), key.public()) else {
            found.push(Finding::Advice(
                "it lists a key that is no Ed25519 key".to_owned(),
            ));
            continue;
        };
        if key.is_misnamed() {
            found.push(Finding::Fault(format!(
                "the `kid` of the key {id} is not its thumbprint"
            )));
        }
        if id == own {
            is_listed = true;
            found.push(match key.is_valid_at(now) {
                true => Finding::Good(format!("it lists your key, {id}")),
                false => Finding::Fault(format!(
                    "it lists your key, {id}, which is not valid now (`nbf`, `exp`)"
                )),
            });
        }
        let proof = answer.proof((&id, &public), now);
        found.push(proved(&id, proof));
    }
    if !is_listed {
        found.push(Finding::Fault(format!("it does not list your key, {own}")));
    }
    if answer.fits_digest() == Some(false) {
        found.push(Finding::Fault(
            "its Content-Digest is not that of the file; run `newsprint identity sign` for the file as it is".to_owned(),
        ));
    }
}

fn proved(id: &str, proof: Proof) -> Finding {
    let again = "`newsprint identity sign` makes the headers to serve";
    match proof {
        Proof::Valid(until) => {
            Finding::Good(format!("the answer is signed by {id}, until {until}"))
        }
        Proof::Missing => Finding::Advice(format!(
            "the answer is not signed by {id}, which some verifiers demand; {again}"
        )),
        Proof::Expired(since) => Finding::Advice(format!(
            "the signature of the answer by {id} has expired on {since}; {again}"
        )),
        Proof::Wrong(why) => Finding::Fault(format!(
            "the signature of the answer by {id} is wrong: {why}; {again}"
        )),
    }
}

#[cfg(test)]
mod tests;
