//! Cookies for the length of one visit (RFC 6265). Sites set one and redirect to the same address to see
//! whether it comes back; others remember by one that consent was given. The jar belongs to one redirect
//! chain: nothing is kept for the next visit, so no site can follow a crawl from page to page.

use std::fmt;
use std::time::SystemTime;

use url::{Host, Url};

/// Cookies in one jar; the oldest go first.
const MAX_COOKIES: usize = 50;
/// Bytes of one cookie, name and value (RFC 6265, 6.1: at least 4096).
const MAX_COOKIE_BYTES: usize = 4096;
/// Bytes of one `Cookie` header. Servers refuse requests whose headers are longer than 8 KiB.
const MAX_HEADER_BYTES: usize = 6 << 10;
/// `Set-Cookie` headers read from one answer.
const MAX_PER_ANSWER: usize = 100;

/// The cookies that the answers of one visit have set, and those that they have removed.
#[derive(Debug, Clone, Default)]
pub(super) struct CookieJar {
    set: Vec<Cookie>,
    removed: Vec<Cookie>,
}

/// A `Cookie` header. Nothing shows it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct CookieHeader {
    pub(super) text: String,
    /// Cookies of the user's own are among them.
    pub(super) has_own: bool,
}

impl fmt::Debug for CookieHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CookieHeader").finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cookie {
    name: String,
    value: String,
    /// The host that set it, or the `Domain` it named.
    domain: String,
    /// Sent to `domain` alone, not to its subdomains.
    host_only: bool,
    path: String,
    secure: bool,
}

impl CookieJar {
    /// Takes the `Set-Cookie` headers of an answer from `url`.
    pub(super) fn store<'a>(&mut self, url: &Url, headers: impl Iterator<Item = &'a str>) {
        for header in headers.take(MAX_PER_ANSWER) {
            let Some((cookie, is_expired)) = Cookie::read(header, url, SystemTime::now()) else {
                continue;
            };
            self.set.retain(|old| !old.is_replaced_by(&cookie));
            self.removed.retain(|old| !old.is_replaced_by(&cookie));
            let cookies = match is_expired {
                true => &mut self.removed,
                false => &mut self.set,
            };
            cookies.push(cookie);
            if cookies.len() > MAX_COOKIES {
                cookies.remove(0);
            }
        }
    }

    /// The `Cookie` header for a request to `url`: the user's `own` cookies, unless an answer has set or removed one of
    /// that name for the address, then those of the answers, with the longest paths first (RFC 6265, 5.4).
    pub(super) fn header<'a>(
        &'a self,
        url: &Url,
        own: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Option<CookieHeader> {
        let mut cookies: Vec<&Cookie> = self.set.iter().filter(|it| it.is_for(url)).collect();
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let mut header = Header::default();
        let removed = self.removed.iter().filter(|it| it.is_for(url));
        let overruled: Vec<&str> = removed
            .chain(cookies.iter().copied())
            .map(|it| it.name.as_str())
            .collect();
        for (name, value) in own.filter(|(name, _)| !overruled.contains(name)) {
            if !header.push(name, value) {
                break;
            }
        }
        let has_own = !header.0.is_empty();
        for Cookie { name, value, .. } in cookies {
            if !header.push(name, value) {
                break;
            }
        }
        let text = header.0;
        (!text.is_empty()).then_some(CookieHeader { text, has_own })
    }
}

/// The text of a `Cookie` header.
#[derive(Default)]
struct Header(String);

impl Header {
    /// Adds a cookie; false where there is no room for it.
    fn push(&mut self, name: &str, value: &str) -> bool {
        let text = &mut self.0;
        if text.len() + name.len() + value.len() + 3 > MAX_HEADER_BYTES {
            return false;
        }
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(name);
        text.push('=');
        text.push_str(value);
        true
    }
}

impl Cookie {
    /// Reads one `Set-Cookie` header (RFC 6265, 5.2 and 5.3), and whether it removes the cookie. `None`
    /// where the cookie is malformed, too long, or not for the host that sets it.
    fn read(header: &str, url: &Url, now: SystemTime) -> Option<(Cookie, bool)> {
        let mut parts = header.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        let is_text = |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if name.is_empty()
            || name.len() + value.len() > MAX_COOKIE_BYTES
            || !is_text(name)
            || !is_text(value)
        {
            return None;
        }
        let mut cookie = Cookie {
            name: name.to_owned(),
            value: value.to_owned(),
            domain: url.host_str()?.trim_end_matches('.').to_owned(),
            host_only: true,
            path: default_path(url),
            secure: false,
        };
        let (mut expires, mut max_age) = (false, None);
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "domain" => cookie.widen(value, url)?,
                "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
                "secure" => cookie.secure = true,
                "max-age" => max_age = value.parse::<i64>().ok().map(|age| age <= 0).or(max_age),
                "expires" => {
                    expires = httpdate::parse_http_date(value).is_ok_and(|until| until <= now);
                }
                _ => {}
            }
        }
        let may_set = !cookie.secure || url.scheme() == "https";
        may_set.then(|| (cookie, max_age.unwrap_or(expires)))
    }

    /// Sends the cookie to all of a domain. `None` where the host that sets it is not part of that, or where
    /// others own parts of it too, as with `co.uk`.
    fn widen(&mut self, domain: &str, url: &Url) -> Option<()> {
        let domain = domain.trim_start_matches('.').trim_end_matches('.');
        let domain = domain.to_ascii_lowercase();
        if domain.is_empty() || domain == self.domain {
            self.host_only = self.host_only && domain.is_empty();
            return Some(());
        }
        let is_name = matches!(url.host(), Some(Host::Domain(_)));
        if !is_name || !is_subdomain(&self.domain, &domain) || psl::domain_str(&domain).is_none() {
            return None;
        }
        (self.domain, self.host_only) = (domain, false);
        Some(())
    }

    fn is_replaced_by(&self, new: &Cookie) -> bool {
        (&self.name, &self.domain, &self.path) == (&new.name, &new.domain, &new.path)
    }

    /// True where the cookie is sent along with a request for this address.
    fn is_for(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        let is_host = host == self.domain || (!self.host_only && is_subdomain(host, &self.domain));
        let below = url.path().strip_prefix(self.path.as_str());
        let is_path = below.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/')
        });
        is_host && is_path && (!self.secure || url.scheme() == "https")
    }
}

fn is_subdomain(host: &str, domain: &str) -> bool {
    let above = host.strip_suffix(domain);
    above.is_some_and(|above| above.ends_with('.'))
}

/// The folder of the address (RFC 6265, 5.1.4).
fn default_path(url: &Url) -> String {
    match url.path().rsplit_once('/') {
        Some((folder, _)) if !folder.is_empty() => folder.to_owned(),
        _ => "/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    /// What a jar sends to `to` after `from` has set `cookies`.
    fn sent(from: &str, cookies: &[&str], to: &str) -> Option<String> {
        let mut jar = CookieJar::default();
        jar.store(&url(from), cookies.iter().copied());
        Some(jar.header(&url(to), std::iter::empty())?.text)
    }

    #[test]
    fn cookies_of_a_visit_go_with_the_users_own_and_win() {
        let page = "http://daily.test/news/1";
        let sent = |cookies: &[&str]| {
            let mut jar = CookieJar::default();
            jar.store(&url(page), cookies.iter().copied());
            let header = jar.header(&url(page), [("sid", "own"), ("b", "2")].into_iter());
            assert!(!format!("{header:?}").contains("own"));
            header.map(|it| (it.text, it.has_own))
        };
        let header = |text: &str| Some((text.to_owned(), true));
        assert_eq!(sent(&[]), header("sid=own; b=2"));
        assert_eq!(sent(&["c=3"]), header("sid=own; b=2; c=3"));
        assert_eq!(sent(&["sid=new"]), header("b=2; sid=new"));
        assert_eq!(sent(&["sid=; Max-Age=0"]), header("b=2"));
        assert_eq!(
            sent(&["sid=; Max-Age=0", "sid=again"]),
            header("b=2; sid=again")
        );
        assert_eq!(sent(&["sid=there; Path=/sport"]), header("sid=own; b=2"));
        assert_eq!(
            sent(&["sid=; Max-Age=0; Path=/sport"]),
            header("sid=own; b=2")
        );
    }

    #[test]
    fn cookies_go_back_to_the_host_the_path_and_the_scheme_they_are_for() {
        let page = "https://www.daily.test/news/1";
        for (cookie, to, expected) in [
            ("a=1", page, Some("a=1")),
            ("a=1; Path=/", "https://www.daily.test/x", Some("a=1")),
            ("a=1", "https://www.daily.test/news/2", Some("a=1")),
            ("a=1", "https://www.daily.test/newsroom", None),
            ("a=1; Path=/", "https://daily.test/", None),
            ("a=1; Path=/", "https://evil-www.daily.test/", None),
            (
                "a=1; Path=/; Domain=daily.test",
                "https://a.daily.test/",
                Some("a=1"),
            ),
            (
                "a=1; Path=/; domain=.DAILY.test",
                "https://daily.test/",
                Some("a=1"),
            ),
            (
                "a=1; Path=/; Domain=other.test",
                "https://other.test/",
                None,
            ),
            ("a=1; Path=/; Domain=test", "https://www.daily.test/", None),
            ("a=1; Path=/; Secure", "http://www.daily.test/", None),
            (
                "a=1; Path=/; Secure; HttpOnly; SameSite=Lax",
                page,
                Some("a=1"),
            ),
            ("a=\"1=2\"; Path=/", page, Some("a=\"1=2\"")),
            ("a=1; Max-Age=0", page, None),
            ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", page, None),
            (
                "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60",
                page,
                Some("a=1"),
            ),
            ("no cookie", page, None),
            ("=1", page, None),
            ("a=\u{1}", page, None),
        ] {
            assert_eq!(
                sent(page, &[cookie], to).as_deref(),
                expected,
                "{cookie} {to}"
            );
        }
    }

    #[test]
    fn a_secure_cookie_is_not_taken_from_a_plain_connection() {
        let page = "http://daily.test/";
        assert_eq!(sent(page, &["a=1; Secure"], "https://daily.test/"), None);
    }

    #[test]
    fn nobody_sets_cookies_for_a_whole_public_suffix_or_for_numeric_neighbours() {
        let uk = "http://daily.co.uk/";
        assert_eq!(
            sent(uk, &["a=1; Domain=co.uk"], "http://other.co.uk/"),
            None
        );
        let ip = "http://10.1.2.3/";
        assert_eq!(sent(ip, &["a=1; Domain=2.3"], "http://10.1.2.3/"), None);
        assert_eq!(
            sent(ip, &["a=1; Domain=10.1.2.3"], ip).as_deref(),
            Some("a=1")
        );
    }

    #[test]
    fn a_cookie_set_again_replaces_the_first_and_an_expired_one_removes_it() {
        let page = "http://daily.test/";
        assert_eq!(
            sent(page, &["a=1", "b=2", "a=3"], page).as_deref(),
            Some("b=2; a=3")
        );
        assert_eq!(sent(page, &["a=1", "a=; Max-Age=-1"], page), None);
    }

    #[test]
    fn a_flood_of_cookies_stays_within_bounds() {
        let page = "http://daily.test/";
        let many: Vec<String> = (0..100_000).map(|at| format!("c{at}=1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let sent_back = sent(page, &many, page).unwrap();
        assert_eq!(sent_back.split("; ").count(), MAX_COOKIES);
        let large: Vec<String> = (0..50)
            .map(|at| format!("c{at}={}", "x".repeat(4000)))
            .collect();
        let large: Vec<&str> = large.iter().map(String::as_str).collect();
        assert!(sent(page, &large, page).unwrap().len() <= MAX_HEADER_BYTES);
        let huge = format!("a={}", "x".repeat(MAX_COOKIE_BYTES));
        assert_eq!(sent(page, &[&huge], page), None);
    }
}
