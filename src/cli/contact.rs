//! How webmasters reach whoever crawls, and the name that a crawler has by it.

use newsprint::config::reserved_domain;
use url::Url;

use super::inputs::web_address;

/// Names of services that many people have addresses at: the crawler has the person's name, not theirs.
const MAIL_SERVICES: [&str; 15] = [
    "aol",
    "fastmail",
    "gmail",
    "gmx",
    "googlemail",
    "hotmail",
    "icloud",
    "live",
    "mail",
    "outlook",
    "posteo",
    "proton",
    "protonmail",
    "web",
    "yahoo",
];
/// The name of the crawler where an address has no letters to make one of.
const NAMELESS: &str = "news";

/// What is wrong with what was given as a contact, and what would be right.
pub(crate) const EXPECTED: &str = "expected an email address such as you@yourpaper.com, or a page about your crawler \
                                   such as https://yourpaper.com/bot";

/// An email address or the address of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Contact {
    /// The part before the `@`, and the host.
    Email(String, String),
    /// A page.
    Page(Url),
}

/// Reads a contact as people type it.
pub(crate) fn contact(typed: &str) -> Result<Contact, String> {
    let typed = typed.trim();
    let contact = match typed.split_once("://") {
        Some(_) => web_address(typed)
            .ok()
            .filter(|it| it.username().is_empty() && it.password().is_none())
            .map(Contact::Page),
        None => email(typed.trim_start_matches("mailto:")),
    };
    let contact = contact.ok_or_else(|| EXPECTED.to_owned())?;
    let host = contact.host();
    match reserved_domain(host) {
        Some(_) => Err(format!(
            "`{host}` stands in examples and reaches nobody; name your own address"
        )),
        None if !host.contains('.') => {
            Err(format!("`{host}` is no host on the internet; {EXPECTED}"))
        }
        None => Ok(contact),
    }
}

/// A plain address of RFC 5321: letters, digits and some marks, a host with a dot.
fn email(typed: &str) -> Option<Contact> {
    let (name, host) = typed.rsplit_once('@')?;
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let is_name = !name.is_empty() && name.chars().all(is_of_name);
    let host = Url::parse(&format!("https://{host}/")).ok()?;
    let is_host = host.path() == "/" && host.port().is_none() && host.domain().is_some();
    let host = host.host_str()?.to_owned();
    (is_name && is_host).then(|| Contact::Email(name.to_owned(), host))
}

impl Contact {
    fn host(&self) -> &str {
        match self {
            Contact::Email(_, host) => host,
            Contact::Page(url) => url.host_str().unwrap_or_default(),
        }
    }

    /// The name of the crawler: the product token of its user agent, by which robots.txt addresses it (RFC 9309, 2.2.1:
    /// letters, `-` and `_`). `daily-bot` of `https://www.daily.co.uk/bot`.
    pub(crate) fn token(&self) -> String {
        let host = self.host();
        let site = psl::domain_str(host).unwrap_or(host);
        let label = site.split('.').next().unwrap_or_default();
        let name = match self {
            Contact::Email(name, _) if MAIL_SERVICES.contains(&label) => name,
            _ => label,
        };
        let letters = |c: char| {
            if c.is_ascii_alphabetic() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        let words: String = name.chars().map(letters).collect();
        let words: Vec<&str> = words.split('-').filter(|it| !it.is_empty()).collect();
        match words.join("-") {
            name if name.is_empty() => format!("{NAMELESS}-bot"),
            name if name.ends_with("bot") => name,
            name => format!("{name}-bot"),
        }
    }

    /// The email address, if it is one.
    pub(crate) fn email(&self) -> Option<String> {
        match self {
            Contact::Email(name, host) => Some(format!("{name}@{host}")),
            Contact::Page(_) => None,
        }
    }

    /// The `User-Agent` header.
    pub(crate) fn user_agent(&self) -> String {
        let token = self.token();
        match self {
            Contact::Email(name, host) => format!("{token}/1.0 (+mailto:{name}@{host})"),
            Contact::Page(url) => format!("{token}/1.0 (+{url})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crawler_has_a_name_of_its_own_and_says_how_to_reach_whoever_runs_it() {
        for (typed, expected) in [
            ("me@x.org", "x-bot/1.0 (+mailto:me@x.org)"),
            (
                " mailto:Desk@News.Daily.co.uk ",
                "daily-bot/1.0 (+mailto:Desk@news.daily.co.uk)",
            ),
            (
                "https://www.daily.co.uk/bot",
                "daily-bot/1.0 (+https://www.daily.co.uk/bot)",
            ),
            ("https://newsbot.io", "newsbot/1.0 (+https://newsbot.io/)"),
            (
                "jo.doe7@gmail.com",
                "jo-doe-bot/1.0 (+mailto:jo.doe7@gmail.com)",
            ),
            ("7@163.com", "news-bot/1.0 (+mailto:7@163.com)"),
        ] {
            assert_eq!(
                contact(typed).map(|it| it.user_agent()).as_deref(),
                Ok(expected),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_reaches_nobody_is_refused_with_what_would_be_right() {
        for typed in [
            "",
            "me",
            "me@",
            "@x.org",
            "me@host",
            "a b@x.org",
            "ftp://x.org/",
            "https://",
            "me@x.org/a",
        ] {
            let error = contact(typed).unwrap_err();
            assert!(error.contains("yourpaper.com"), "{typed}: {error}");
        }
        for typed in [
            "me@example.org",
            "https://bot.example.com/",
            "me@www.example.net",
            "me@daily.example",
            "me@localhost",
        ] {
            let error = contact(typed).unwrap_err();
            assert!(error.contains("reaches nobody"), "{typed}: {error}");
        }
        assert!(contact("me@notexample.org").is_ok());
        // Nothing that it says ends the comment of the header early, or its line.
        assert!(contact("me\n@x.org").is_err() && contact("me)@x.org").is_err());
    }
}
