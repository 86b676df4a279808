//! The way from an address through its redirects: where we are, where we were, and when to stop.

use url::Url;

use crate::fetch::Response;
use crate::fetch::exchange::HttpResponse;
use crate::fetch::failure::Failure;
use crate::limits::Limits;
use crate::verdict::VisitOutcome;

/// The addresses on the way, the current one last.
#[derive(Debug)]
pub(super) struct RedirectChain {
    passed: Vec<Url>,
    here: Url,
    limit: usize,
}

impl RedirectChain {
    /// A way that starts here and takes at most `limit` redirects.
    pub(super) fn new(mut start: Url, limit: usize) -> RedirectChain {
        start.set_fragment(None);
        RedirectChain {
            passed: Vec::new(),
            here: start,
            limit,
        }
    }

    /// The address to ask for next.
    pub(super) fn here(&self) -> &Url {
        &self.here
    }

    /// Takes a redirect to what the `Location` header says. Where that fails, the way ends here.
    pub(super) fn follow(&mut self, location: Option<&str>) -> Result<(), Failure> {
        let next = self.next(location);
        let next = next.map_err(|reason| Failure::new(VisitOutcome::Redirects, reason))?;
        self.passed.push(std::mem::replace(&mut self.here, next));
        Ok(())
    }

    fn next(&self, location: Option<&str>) -> Result<Url, String> {
        let location = location.ok_or("redirects without saying where to")?.trim();
        if location.len() > Limits::DEFAULT.url_chars {
            return Err("redirects to an address of unreasonable length".to_owned());
        }
        let shown = location.escape_debug();
        let mut next = self
            .here
            .join(location)
            .map_err(|error| format!("redirects to {shown}, which is no address: {error}"))?;
        next.set_fragment(None);
        if next == self.here || self.passed.contains(&next) {
            return Err(format!("redirects in a loop, back to {next}"));
        }
        if self.passed.len() >= self.limit {
            return Err(format!(
                "more than {} redirects; raise [crawl] max_redirects if they do end",
                self.limit
            ));
        }
        Ok(next)
    }

    /// The end of the way.
    pub(super) fn arrive(self, arrival: HttpResponse) -> Response {
        Response {
            url: self.here,
            redirects: self.passed,
            status: arrival.status.as_u16(),
            content_type: arrival.content_type,
            etag: arrival.etag,
            last_modified: arrival.last_modified,
            x_robots_tag: arrival.x_robots_tag,
            tdm_reservation: arrival.tdm_reservation,
            body: arrival.body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail() -> RedirectChain {
        RedirectChain::new(Url::parse("http://a.test/x/y?q#top").unwrap(), 3)
    }

    fn reason(trail: &mut RedirectChain, location: Option<&str>) -> String {
        let error = trail.follow(location).unwrap_err();
        assert_eq!(error.outcome, VisitOutcome::Redirects);
        error.reason
    }

    #[test]
    fn locations_are_relative_to_where_they_were_found() {
        let mut trail = trail();
        trail.follow(Some(" z#part ")).unwrap();
        assert_eq!(trail.here().as_str(), "http://a.test/x/z");
        trail.follow(Some("//b.test/ä")).unwrap();
        assert_eq!(trail.here().as_str(), "http://b.test/%C3%A4");
    }

    #[test]
    fn a_way_that_comes_back_is_a_loop() {
        let mut trail = trail();
        trail.follow(Some("/z")).unwrap();
        assert!(reason(&mut trail, Some("/z#again")).contains("loop"));
        assert!(reason(&mut trail, Some("/x/y?q")).contains("loop"));
    }

    #[test]
    fn a_way_has_an_end() {
        let mut trail = trail();
        for step in ["/1", "/2", "/3"] {
            trail.follow(Some(step)).unwrap();
        }
        let reason = reason(&mut trail, Some("/4"));
        assert!(reason.starts_with("more than 3 redirects"), "{reason}");
    }

    #[test]
    fn a_redirect_must_lead_somewhere() {
        assert!(reason(&mut trail(), None).contains("without saying where"));
        assert!(reason(&mut trail(), Some("http://[")).contains("no address"));
        assert!(reason(&mut trail(), Some(&"x".repeat(10_000))).contains("length"));
    }
}
