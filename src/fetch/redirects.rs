//! The chain of redirects from an address to its answer: where it leads, and when to stop.

use url::Url;

use crate::fetch::Response;
use crate::fetch::exchange::HttpResponse;

/// The addresses of a chain, the current one last.
#[derive(Debug)]
pub(super) struct RedirectChain {
    passed: Vec<Url>,
    current: Url,
    bounds: ChainBounds,
}

/// How long a chain and its addresses may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChainBounds {
    /// Redirects that are followed.
    pub(super) redirects: usize,
    /// Characters of a `Location` header.
    pub(super) url_chars: usize,
}

/// Why a redirect can't be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// The answer has no `Location` header.
    #[error("redirects without saying where to")]
    NoLocation,
    /// The `Location` header is longer than [`url_chars`](crate::limits::Limits::url_chars).
    #[error("redirects to an address of unreasonable length")]
    TooLong,
    /// The `Location` header is no address.
    #[error("redirects to {}, which is not an address: {source}", location.escape_debug())]
    Invalid {
        /// The header.
        location: String,
        /// What is wrong with it.
        source: url::ParseError,
    },
    /// The chain comes back to an address it has passed.
    #[error("redirects in a loop, back to {0}")]
    Loop(Url),
    /// The chain is longer than allowed.
    #[error("more than {0} redirects; raise [crawl] max_redirects if the chain does end")]
    TooMany(usize),
}

impl RedirectChain {
    /// A chain that starts here.
    pub(super) fn new(mut start: Url, bounds: ChainBounds) -> RedirectChain {
        start.set_fragment(None);
        RedirectChain {
            passed: Vec::new(),
            current: start,
            bounds,
        }
    }

    /// The address to request next.
    pub(super) fn current(&self) -> &Url {
        &self.current
    }

    /// Takes a redirect to what the `Location` header says. Where that fails, the chain stays
    /// where it is.
    pub(super) fn follow(&mut self, location: Option<&str>) -> Result<(), RedirectError> {
        let next = self.next(location)?;
        self.passed.push(std::mem::replace(&mut self.current, next));
        Ok(())
    }

    fn next(&self, location: Option<&str>) -> Result<Url, RedirectError> {
        let location = location.ok_or(RedirectError::NoLocation)?.trim();
        if location.len() > self.bounds.url_chars {
            return Err(RedirectError::TooLong);
        }
        let mut next = self.current.join(location).map_err(|source| {
            let location = location.to_owned();
            RedirectError::Invalid { location, source }
        })?;
        next.set_fragment(None);
        if next == self.current || self.passed.contains(&next) {
            return Err(RedirectError::Loop(next));
        }
        if self.passed.len() >= self.bounds.redirects {
            return Err(RedirectError::TooMany(self.bounds.redirects));
        }
        Ok(next)
    }

    /// Ends the chain with the answer of its last address.
    pub(super) fn finish(self, answer: HttpResponse) -> Response {
        Response {
            url: self.current,
            redirects: self.passed,
            status: answer.status.as_u16(),
            content_type: answer.content_type(),
            etag: answer.etag(),
            last_modified: answer.last_modified(),
            x_robots_tag: answer.x_robots_tag(),
            tdm_reservation: answer.tdm_reservation(),
            body: answer.body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> RedirectChain {
        let bounds = ChainBounds {
            redirects: 3,
            url_chars: 2_000,
        };
        RedirectChain::new(Url::parse("http://a.test/x/y?q#top").unwrap(), bounds)
    }

    fn reason(chain: &mut RedirectChain, location: Option<&str>) -> String {
        chain.follow(location).unwrap_err().to_string()
    }

    #[test]
    fn locations_are_relative_to_where_they_were_found() {
        let mut chain = chain();
        chain.follow(Some(" z#part ")).unwrap();
        assert_eq!(chain.current().as_str(), "http://a.test/x/z");
        chain.follow(Some("//b.test/ä")).unwrap();
        assert_eq!(chain.current().as_str(), "http://b.test/%C3%A4");
    }

    #[test]
    fn a_chain_that_comes_back_is_a_loop() {
        let mut chain = chain();
        chain.follow(Some("/z")).unwrap();
        assert!(reason(&mut chain, Some("/z#again")).contains("loop"));
        assert!(reason(&mut chain, Some("/x/y?q")).contains("loop"));
    }

    #[test]
    fn a_chain_has_an_end() {
        let mut chain = chain();
        for step in ["/1", "/2", "/3"] {
            chain.follow(Some(step)).unwrap();
        }
        let reason = reason(&mut chain, Some("/4"));
        assert!(reason.starts_with("more than 3 redirects"), "{reason}");
    }

    #[test]
    fn a_redirect_must_lead_somewhere() {
        assert!(reason(&mut chain(), None).contains("without saying where"));
        assert!(reason(&mut chain(), Some("http://[")).contains("not an address"));
        assert!(reason(&mut chain(), Some(&"x".repeat(10_000))).contains("length"));
    }
}
