//! The readers of what a server sends, for the fuzz targets in `fuzz/`: they are private to this room
//! in every other build. Nothing here sends a request.

use std::time::Duration;

use url::Url;

use crate::config::{CrawlSettings, NetworkSettings};
use crate::fetch::contact::Contact;
use crate::fetch::exchange::{Answer, Exchange};
use crate::fetch::profile::RequestProfile;
use crate::fetch::redirects::{ChainBounds, RedirectChain};
use crate::fetch::robots::Robots;
use crate::fetch::{Arrival, FetchErrorKind, Request, Response, SetupError, refresh};
use crate::limits::Limits;

/// A robots.txt, read for us: whether `url` may be requested, the delay, the sitemaps.
pub fn robots(file: &[u8], url: &Url) -> (bool, Option<Duration>, Vec<Url>) {
    let robots = Robots::parse(file, "newsprint", url);
    (
        robots.allows(url),
        robots.crawl_delay(),
        robots.sitemaps().to_vec(),
    )
}

/// Reads answers as a crawl does, without sending anything.
#[derive(Debug)]
pub struct Reader {
    exchange: Exchange,
    limits: Limits,
}

impl Reader {
    /// A reader with the default settings.
    ///
    /// # Errors
    /// Fails where the HTTP client can't be set up.
    pub fn new() -> Result<Reader, SetupError> {
        let crawl = CrawlSettings::default();
        Ok(Reader {
            exchange: Exchange::new(
                &crawl,
                &NetworkSettings::default(),
                Contact::new(&crawl, None),
            )?,
            limits: Limits::default(),
        })
    }

    /// Reads one answer to a request: body, encodings, cookies, where a redirect or a refresh leads
    /// (without going there), and what came in place of a page.
    ///
    /// # Errors
    /// Fails as a request does.
    pub async fn read(
        &self,
        response: reqwest::Response,
        request: &Request,
    ) -> Result<Option<Response>, FetchErrorKind> {
        let max_body = 1 << 20;
        let profile = RequestProfile::of(request, max_body, &self.limits);
        let bounds = ChainBounds {
            redirects: 2,
            url_chars: self.limits.url_chars,
        };
        let mut chain = RedirectChain::new(request.url.clone(), bounds);
        let turns = self.exchange.turns();
        match self
            .exchange
            .read(response.into(), &profile, &turns)
            .await?
        {
            Answer::Redirect(to) => {
                chain.follow(to.location.as_deref(), &to.headers)?;
                let _ = (chain.cookies(), chain.login());
                // Whether it may be requested; the request itself is left out.
                self.exchange.guard.route(chain.current())?;
                Ok(None)
            }
            Answer::Response(response) => {
                let _ = (response.max_age(), chain.is_changed_by(&response.headers));
                let _ = refresh(&response, chain.current(), &self.limits);
                let response = chain.finish(response);
                let arrival = Arrival::of(&response);
                let _ = arrival.unread();
                Ok(Some(response))
            }
        }
    }
}
