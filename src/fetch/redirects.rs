//! The chain of redirects from an address to its answer: where it leads, which cookies it has, and when to
//! stop.

use reqwest::header::{HeaderMap, SET_COOKIE};
use url::Url;

use crate::fetch::Response;
use crate::fetch::cookies::{CookieHeader, CookieJar};
use crate::fetch::exchange::HttpResponse;
use crate::fetch::login::{Login, take_login};
use crate::fetch::rights;
use crate::fetch::subscription::{OwnHeader, Subscription};

/// Requests for one address in one chain, with other cookies each time. A site that sets a cookie and
/// redirects to the same address needs two.
const MAX_RETURNS: usize = 3;

/// The addresses of a chain, the current one last.
#[derive(Debug)]
pub(super) struct RedirectChain {
    passed: Vec<Passed>,
    current: Url,
    /// Where the permanent redirects lead that the chain begins with.
    moved_to: Option<Url>,
    bounds: ChainBounds,
    cookies: CookieJar,
    /// For the origin of the first address.
    login: Option<Login>,
    /// What is sent to its own places alone.
    subscription: Option<Subscription>,
    /// The addresses that the user named, for the sake of which the chain is followed.
    named: Vec<Url>,
}

/// An address that was requested, and with which cookies.
#[derive(Debug)]
struct Passed {
    url: Url,
    cookies: Option<CookieHeader>,
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
    /// A chain that starts here. A user name and a password in the address are for its own origin, and no
    /// part of the addresses that the chain shows.
    pub(super) fn new(mut start: Url, bounds: ChainBounds) -> RedirectChain {
        start.set_fragment(None);
        let login = take_login(&mut start);
        RedirectChain {
            passed: Vec::new(),
            named: vec![start.clone()],
            current: start,
            moved_to: None,
            bounds,
            cookies: CookieJar::default(),
            login,
            subscription: None,
        }
    }

    /// The same with the headers and cookies of a subscription, which go to its own places alone.
    pub(super) fn with_subscription(self, subscription: Option<Subscription>) -> RedirectChain {
        RedirectChain {
            subscription,
            ..self
        }
    }

    /// The same for the sake of these addresses, not of its own start.
    pub(super) fn on_behalf_of(self, named: &[Url]) -> RedirectChain {
        RedirectChain {
            named: named.to_vec(),
            ..self
        }
    }

    /// The addresses that the user named.
    pub(super) fn named(&self) -> &[Url] {
        &self.named
    }

    /// The address to request next.
    pub(super) fn current(&self) -> &Url {
        &self.current
    }

    /// The `Cookie` header to request it with.
    pub(super) fn cookies(&self) -> Option<CookieHeader> {
        self.cookies_for(&self.cookies, &self.current)
    }

    /// The headers of the user's own to request it with.
    pub(super) fn own_headers(&self) -> Vec<OwnHeader> {
        let own = self.subscription_for(&self.current);
        own.map_or_else(Vec::new, |it| it.headers().to_vec())
    }

    /// The subscription, where it is for this address. What a chain has had by https is not sent by http any more.
    fn subscription_for(&self, url: &Url) -> Option<&Subscription> {
        let urls = self.passed.iter().map(|it| &it.url).chain([&self.current]);
        let is_downgrade = url.scheme() != "https" && urls.map(Url::scheme).any(|it| it == "https");
        let subscription = self.subscription.as_ref().filter(|it| it.covers(url));
        subscription.filter(|_| !is_downgrade)
    }

    /// The `Cookie` header for an address, where the answers have set these.
    fn cookies_for(&self, jar: &CookieJar, url: &Url) -> Option<CookieHeader> {
        let own = self.subscription_for(url);
        jar.header(url, own.into_iter().flat_map(|it| it.cookies(url)))
    }

    /// The user name and password to request it with.
    pub(super) fn login(&self) -> Option<Login> {
        let start = self.passed.first().map_or(&self.current, |it| &it.url);
        let is_same = start.origin() == self.current.origin();
        self.login.clone().filter(|_| is_same)
    }

    /// Takes a redirect to what the `Location` header says, with the cookies of the answer. Where that
    /// fails, the chain stays where it is.
    pub(super) fn follow(
        &mut self,
        location: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<(), RedirectError> {
        let cookies = self.cookies();
        self.store_cookies(headers);
        let next = self.next(location, cookies.as_ref())?;
        let url = std::mem::replace(&mut self.current, next);
        self.passed.push(Passed { url, cookies });
        Ok(())
    }

    /// Notes that the redirect that was followed last is for good, where all before it are too.
    pub(super) fn note_permanent(&mut self) {
        let is_first = self.passed.len() == 1;
        if is_first || self.moved_to.as_ref() == self.passed.last().map(|it| &it.url) {
            self.moved_to = Some(self.current.clone());
        }
    }

    /// True where the cookies of an answer change what the current address is requested with.
    pub(super) fn is_changed_by(&self, headers: &HeaderMap) -> bool {
        let mut jar = self.cookies.clone();
        jar.store(&self.current, set_cookies(headers));
        self.cookies_for(&jar, &self.current) != self.cookies()
    }

    fn store_cookies(&mut self, headers: &HeaderMap) {
        self.cookies.store(&self.current, set_cookies(headers));
    }

    /// The next address; `cookies` are those that the current one was requested with.
    fn next(
        &self,
        location: Option<&str>,
        cookies: Option<&CookieHeader>,
    ) -> Result<Url, RedirectError> {
        let location = location.ok_or(RedirectError::NoLocation)?.trim();
        if location.len() > self.bounds.url_chars {
            return Err(RedirectError::TooLong);
        }
        let mut next = self.current.join(location).map_err(|source| {
            let location = location.to_owned();
            RedirectError::Invalid { location, source }
        })?;
        next.set_fragment(None);
        take_login(&mut next);
        let sent = self.cookies_for(&self.cookies, &next);
        let requested = self.passed.iter().map(|it| (&it.url, it.cookies.as_ref()));
        let requested = requested.chain([(&self.current, cookies)]);
        let same: Vec<_> = requested.filter(|(url, _)| **url == next).collect();
        if same.len() >= MAX_RETURNS || same.iter().any(|(_, it)| *it == sent.as_ref()) {
            return Err(RedirectError::Loop(next));
        }
        if self.passed.len() >= self.bounds.redirects {
            return Err(RedirectError::TooMany(self.bounds.redirects));
        }
        Ok(next)
    }

    /// Ends the chain with the answer of its last address.
    pub(super) fn finish(self, answer: HttpResponse) -> Response {
        let (signals, licences) = rights::of_headers(&answer.headers, &self.current);
        Response {
            url: self.current,
            moved_to: self.moved_to,
            redirects: self.passed.into_iter().map(|it| it.url).collect(),
            status: answer.status.as_u16(),
            content_type: answer.content_type(),
            etag: answer.etag(),
            last_modified: answer.last_modified(),
            x_robots_tag: answer.x_robots_tag(),
            tdm_reservation: answer.tdm_reservation(),
            memento_datetime: answer.memento_datetime(),
            signals,
            licences,
            truncation: answer.truncation,
            body: answer.body,
        }
    }
}

fn set_cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(SET_COOKIE).iter();
    values.filter_map(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> HeaderMap {
        HeaderMap::new()
    }

    fn sets(cookie: &str) -> HeaderMap {
        HeaderMap::from_iter([(SET_COOKIE, cookie.parse().unwrap())])
    }

    fn chain() -> RedirectChain {
        let bounds = ChainBounds {
            redirects: 3,
            url_chars: 2_000,
        };
        RedirectChain::new(Url::parse("http://a.test/x/y?q#top").unwrap(), bounds)
    }

    fn reason(chain: &mut RedirectChain, location: Option<&str>) -> String {
        chain.follow(location, &none()).unwrap_err().to_string()
    }

    #[test]
    fn locations_are_relative_to_where_they_were_found() {
        let mut chain = chain();
        chain.follow(Some(" z#part "), &none()).unwrap();
        assert_eq!(chain.current().as_str(), "http://a.test/x/z");
        chain.follow(Some("//b.test/ä"), &none()).unwrap();
        assert_eq!(chain.current().as_str(), "http://b.test/%C3%A4");
    }

    #[test]
    fn a_chain_that_comes_back_is_a_loop() {
        let mut chain = chain();
        chain.follow(Some("/z"), &none()).unwrap();
        assert!(reason(&mut chain, Some("/z#again")).contains("loop"));
        assert!(reason(&mut chain, Some("/x/y?q")).contains("loop"));
    }

    #[test]
    fn a_chain_has_an_end() {
        let mut chain = chain();
        for step in ["/1", "/2", "/3"] {
            chain.follow(Some(step), &none()).unwrap();
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

    #[test]
    fn an_address_may_come_again_with_a_new_cookie() {
        let mut chain = chain();
        assert!(chain.is_changed_by(&sets("seen=1")));
        chain.follow(Some("/x/y?q"), &sets("seen=1")).unwrap();
        assert_eq!(chain.cookies().unwrap().text, "seen=1");
        assert!(!chain.is_changed_by(&sets("seen=1")));
        let again = chain.follow(Some("/x/y?q"), &sets("seen=1"));
        assert!(matches!(again, Err(RedirectError::Loop(_))), "{again:?}");
    }

    #[test]
    fn an_address_that_sets_a_new_cookie_each_time_is_a_loop() {
        let mut chain = RedirectChain {
            bounds: ChainBounds {
                redirects: 20,
                url_chars: 2_000,
            },
            ..chain()
        };
        let mut visits = 1;
        while chain
            .follow(Some("/x/y?q"), &sets(&format!("n={visits}")))
            .is_ok()
        {
            visits += 1;
        }
        assert_eq!(visits, MAX_RETURNS);
    }

    #[test]
    fn a_subscription_goes_to_its_own_places_and_never_from_https_to_http() {
        let bounds = ChainBounds {
            redirects: 20,
            ..chain().bounds
        };
        let text = "[[source]]\nname = 'a'\nstart = ['http://a.test/']\nheaders = { X = 'own' }\n\
                    cookies = { sid = 'own' }\n";
        let config = crate::config::Config::parse(text, std::path::Path::new("c.toml")).unwrap();
        let own = Subscription::of(&config.sources[0], jiff::Timestamp::UNIX_EPOCH).unwrap();
        let start = Url::parse("http://a.test/1").unwrap();
        let mut chain = RedirectChain::new(start, bounds).with_subscription(own);
        for (location, expected) in [
            ("http://a.test/1", true),
            ("/2", true),
            ("http://b.test/3", false),
            ("http://www.a.test/4", true),
            ("http://a.test:8080/5", false),
            ("https://a.test/6", true),
            ("http://a.test/7", false),
            ("https://b.test/8", false),
            ("http://a.test/9", false),
            ("https://a.test/10", true),
        ] {
            if !location.ends_with("/1") {
                chain.follow(Some(location), &none()).unwrap();
            }
            let is_sent = chain.cookies().is_some_and(|it| it.has_own);
            assert_eq!(is_sent, expected, "{location}");
            assert_eq!(!chain.own_headers().is_empty(), expected, "{location}");
        }
        assert!(!format!("{chain:?}").contains("own\""), "{chain:?}");
    }

    #[test]
    fn a_login_is_for_its_own_origin_and_never_shown() {
        let bounds = chain().bounds;
        let start = Url::parse("http://me:p%40ss+1@a.test/x").unwrap();
        let mut chain = RedirectChain::new(start, bounds);
        assert_eq!(chain.current().as_str(), "http://a.test/x");
        let login = chain.login().unwrap();
        assert_eq!(
            (login.user.as_str(), login.password.as_deref()),
            ("me", Some("p@ss+1"))
        );
        assert!(!format!("{login:?}").contains("p@ss"));
        chain.follow(Some("/y"), &none()).unwrap();
        assert!(chain.login().is_some());
        chain
            .follow(Some("http://you:other@b.test/"), &none())
            .unwrap();
        assert_eq!(
            (chain.current().as_str(), chain.login()),
            ("http://b.test/", None)
        );
    }
}
