//! Your own subscription to a source: its headers and cookies, and to which addresses they are sent. They go to the
//! hosts that the source's entry points name, by the scheme and the port that those have, and nowhere else: not to
//! where a redirect leads, not for robots.txt.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use reqwest::header::{HeaderName, HeaderValue};
use url::Url;

use crate::canonical::digest;
use crate::config::{Config, ConfigError, Cookie, Credentials, Source, twin};
use crate::verdict::{LOCKED_OUT, VisitOutcome};

/// A header that is sent. Its value is marked as sensitive, so that nothing shows it.
pub(super) type OwnHeader = (HeaderName, HeaderValue);

/// The headers and cookies of one source. Clones are the same.
#[derive(Clone)]
pub struct Subscription(Arc<Inner>);

struct Inner {
    places: Vec<Place>,
    headers: Vec<OwnHeader>,
    cookies: Vec<Cookie>,
    expired: Option<String>,
}

/// A host, by one scheme and port.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    is_https: bool,
    host: String,
    port: u16,
}

/// Logs hold no values.
impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("places", &self.0.places)
            .finish_non_exhaustive()
    }
}

impl Subscription {
    /// The subscription of a source, if it has one. `now` says which cookies have expired.
    ///
    /// # Errors
    /// Fails where a value can't be read; see [`Source::credentials`].
    pub fn of(source: &Source, now: Timestamp) -> Result<Option<Subscription>, ConfigError> {
        let credentials = source.credentials(now)?;
        Ok(credentials.map(|it| Subscription::new(it, source.entry_points())))
    }

    /// Those of the sources among whose places one of these addresses is.
    ///
    /// # Errors
    /// Fails where a value of one of those can't be read; see [`Source::credentials`].
    pub fn for_urls(
        config: &Config,
        urls: &[Url],
        now: Timestamp,
    ) -> Result<Vec<Subscription>, ConfigError> {
        let is_asked = |source: &&Source| {
            let places = places(source.entry_points());
            let mut asked = urls.iter().filter_map(Place::of);
            asked.any(|place| places.contains(&place))
        };
        let asked = config.sources.iter().filter(is_asked);
        let all = asked.map(|source| Self::of(source, now));
        all.filter_map(Result::transpose).collect()
    }

    /// A text that is another when the headers or cookies are. It is short, so that nobody finds out by it what they
    /// are: many thousands of others have the same.
    pub fn fingerprint(&self) -> String {
        let headers = self.0.headers.iter();
        let headers = headers.map(|(name, value)| {
            format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))
        });
        let cookies = self.0.cookies.iter().map(|it| {
            format!(
                "{} {:?} {} {}\n",
                it.name,
                it.domain,
                it.path,
                it.value.expose()
            )
        });
        let all: String = headers.chain(cookies).collect();
        digest(all.as_bytes())[..4].to_owned()
    }

    fn new<'a>(
        credentials: Credentials,
        entry_points: impl Iterator<Item = &'a Url>,
    ) -> Subscription {
        let headers = credentials.headers.iter();
        let headers = headers.filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, sensitive(value.expose())?))
        });
        Subscription(Arc::new(Inner {
            places: places(entry_points),
            headers: headers.collect(),
            cookies: credentials.cookies,
            expired: credentials.expired,
        }))
    }

    /// True where a request for the address is sent with these headers and cookies.
    pub fn covers(&self, url: &Url) -> bool {
        Place::of(url).is_some_and(|place| self.0.places.contains(&place))
    }

    /// The headers for an address that is covered.
    pub(super) fn headers(&self) -> &[OwnHeader] {
        &self.0.headers
    }

    /// The cookies for an address that is covered.
    pub(super) fn cookies<'a>(&'a self, url: &'a Url) -> impl Iterator<Item = (&'a str, &'a str)> {
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        let is_secure = url.scheme() == "https";
        let cookies = self.0.cookies.iter().filter(move |it| {
            it.is_for_host(host) && it.is_for_path(url.path()) && (is_secure || !it.secure)
        });
        cookies.map(|it| (it.name.as_str(), it.value.expose()))
    }

    /// What to say of an address that is covered and that ended so all the same, where that is what subscribers are
    /// spared. `what` stands there.
    pub(crate) fn locked_out(
        &self,
        url: &Url,
        (outcome, status): (VisitOutcome, Option<u16>),
        what: &str,
    ) -> Option<String> {
        let is_wall = match outcome {
            VisitOutcome::PaywallStub => true,
            VisitOutcome::Http4xx => matches!(status, Some(401 | 402)),
            // To a log-in page; where redirects lead nowhere, there is no answer.
            VisitOutcome::Redirects => status.is_some(),
            _ => false,
        };
        if !is_wall || !self.covers(url) {
            return None;
        }
        let cause = match &self.0.expired {
            Some(expired) => expired.as_str(),
            None => "the subscription has ended, or its session has",
        };
        Some(format!(
            "{LOCKED_OUT} ({what}): {cause}; log in again and renew `headers`, `cookies` or `cookie_jar`"
        ))
    }
}

/// A header's value that nothing shows.
pub(super) fn sensitive(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl Place {
    fn of(url: &Url) -> Option<Place> {
        Some(Place {
            is_https: url.scheme() == "https",
            host: url.host_str()?.trim_end_matches('.').to_owned(),
            port: url.port_or_known_default()?,
        })
    }
}

/// The places that these addresses name, each with and without `www.`, and by https where they name the usual port of
/// http. What is named by https is none by http.
fn places<'a>(entry_points: impl Iterator<Item = &'a Url>) -> Vec<Place> {
    let named: Vec<Place> = entry_points.filter_map(Place::of).collect();
    let mut places: Vec<Place> = Vec::new();
    let mut add = |place: Place| {
        for host in [twin(&place.host), place.host.clone()] {
            places.push(Place { host, ..place });
        }
    };
    for place in &named {
        if place.is_https {
            add(place.clone());
            continue;
        }
        let is_same = |it: &&Place| it.host == place.host || it.host == twin(&place.host);
        if !named.iter().filter(is_same).any(|it| it.is_https) {
            add(place.clone());
        }
        if place.port == 80 {
            add(Place {
                is_https: true,
                port: 443,
                ..place.clone()
            });
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use reqwest::header::AUTHORIZATION;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn subscription(start: &str, lines: &str) -> Subscription {
        let text = format!("[[source]]\nname = 'a'\nstart = [{start}]\n{lines}\n");
        let config = Config::parse(&text, Path::new("config.toml")).unwrap();
        Subscription::of(&config.sources[0], Timestamp::UNIX_EPOCH)
            .unwrap()
            .unwrap()
    }

    #[test]
    fn only_the_places_that_the_source_names_are_covered() {
        let headers = "headers = { X = 'hunter2' }";
        let https = subscription("'https://www.a.test/news'", headers);
        let http = subscription("'http://a.test/'", headers);
        let both = subscription("'http://a.test/', 'https://a.test/'", headers);
        let port = subscription("'http://a.test:8080/'", headers);
        for (address, expected) in [
            ("https://www.a.test/", [true, true, true, false]),
            ("https://a.test/x", [true, true, true, false]),
            ("https://a.test./x", [true, true, true, false]),
            ("http://a.test/", [false, true, false, false]),
            ("http://www.a.test/", [false, true, false, false]),
            ("https://a.test:8443/", [false, false, false, false]),
            ("http://a.test:8080/", [false, false, false, true]),
            ("https://shop.a.test/", [false, false, false, false]),
            ("https://a.test.evil.test/", [false, false, false, false]),
            ("https://evila.test/", [false, false, false, false]),
            ("https://user:pw@b.test/", [false, false, false, false]),
        ] {
            let covered = [&https, &http, &both, &port].map(|it| it.covers(&url(address)));
            assert_eq!(covered, expected, "{address}");
        }
    }

    #[test]
    fn nothing_shows_the_values() {
        let own = subscription(
            "'https://a.test/'",
            "headers = { Authorization = 'hunter2' }\ncookies = { sid = 'hunter2' }",
        );
        let shown = format!("{own:?} {:?}", own.headers());
        assert!(!shown.contains("hunter2"), "{shown}");
        let page = url("https://a.test/x");
        assert_eq!(own.cookies(&page).collect::<Vec<_>>(), [("sid", "hunter2")]);
        assert_eq!(own.headers()[0].0, AUTHORIZATION);
        let stub = (VisitOutcome::PaywallStub, Some(200));
        let said = own.locked_out(&page, stub, "a stub").unwrap();
        assert!(
            said.starts_with(LOCKED_OUT) && said.contains("(a stub)"),
            "{said}"
        );
        for (outcome, status, is_named) in [
            (VisitOutcome::Http4xx, 401, true),
            (VisitOutcome::Http4xx, 402, true),
            (VisitOutcome::Http4xx, 403, false),
            (VisitOutcome::Challenge, 200, false),
        ] {
            let said = own.locked_out(&page, (outcome, Some(status)), "");
            assert_eq!(said.is_some(), is_named, "{status}");
        }
        assert_eq!(own.locked_out(&url("https://b.test/"), stub, ""), None);
    }
}
