//! Whom webmasters can write to: the contact in `user_agent`, without which nothing of the web is crawled, and
//! the address of the `From` header.

use std::net::IpAddr;
use std::ops::Range;

use url::{Host, Url};

use crate::config::diagnose::{Diagnostics, Place};
use crate::config::values::Text;
use crate::config::{Config, CrawlSettings, NetworkSettings};

/// Domains that are set apart for examples, tests and this machine (RFC 2606, RFC 6761): nobody is reached there.
const RESERVED: [&str; 7] = [
    "example.org",
    "example.com",
    "example.net",
    "example",
    "invalid",
    "localhost",
    "test",
];
/// Bytes of an email address (RFC 5321, 4.5.3.1.3, without the angle brackets).
const LONGEST_EMAIL: usize = 254;

/// Whoever is visited could not tell by whom: `user_agent` or `from` reaches nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{place}{problem}: webmasters must be able to reach you before you crawl their sites; {fix}"
)]
pub struct ContactError {
    /// `config.toml:9:14: `, or nothing where there is no file.
    place: String,
    problem: String,
    fix: String,
}

/// Where the file has `user_agent`, or might have it. Two are equal wherever they are: it is no part of what is set.
#[derive(Debug, Clone, Default)]
pub struct UserAgentPlace(Option<(Place, Stated)>);

impl PartialEq for UserAgentPlace {
    fn eq(&self, _: &UserAgentPlace) -> bool {
        true
    }
}

/// What the file has of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stated {
    Value,
    /// The table, without the key.
    Table,
    Nothing,
}

/// What is wrong with a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    /// It names this domain, which reaches nobody.
    Reserved(String),
    /// There is none.
    Missing,
}

impl Config {
    /// Checks that those who are visited can tell by whom, if the sources of these names are crawled (all of them, if
    /// none is given): that `user_agent` names a web address or an email address at which you are reached, and none
    /// that is made for examples. Where every entry point of theirs leads to this machine, nobody is visited.
    ///
    /// # Errors
    /// Says where it stands, and what to write.
    pub fn check_contact(&self, sources: &[String]) -> Result<(), ContactError> {
        let crawled = self.sources.iter();
        let mut crawled = crawled.filter(|it| sources.is_empty() || sources.contains(&it.name));
        if crawled.all(|it| it.entry_points().all(|url| self.network.leads_here(url))) {
            return Ok(());
        }
        self.contact()
    }

    /// The same, whoever is visited.
    ///
    /// # Errors
    /// Says where it stands, and what to write.
    pub fn contact(&self) -> Result<(), ContactError> {
        if let Err(fault) = fault_of(&self.crawl.user_agent) {
            return Err(self.user_agent_at.error(fault, &self.crawl.user_agent));
        }
        if let Some(Fault::Reserved(domain)) = self.crawl.fault_in_from() {
            return Err(ContactError {
                place: String::new(),
                problem: format!("`from` in [crawl] names {domain}, which reaches nobody"),
                fix: "write the address of a mailbox that is read, or from = \"\"".to_owned(),
            });
        }
        Ok(())
    }
}

impl CrawlSettings {
    /// True where those who are visited could reach nobody.
    pub fn is_anonymous(&self) -> bool {
        fault_of(&self.user_agent).is_err()
    }

    fn fault_in_from(&self) -> Option<Fault> {
        let (_, domain) = self.from.as_deref()?.rsplit_once('@')?;
        reserved_domain(domain).map(Fault::Reserved)
    }
}

impl NetworkSettings {
    /// True where an address leads to this machine: one of loopback, the name `localhost`, or an entry of `resolve`
    /// that leads there.
    pub fn leads_here(&self, url: &Url) -> bool {
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return false;
        };
        if let Some(address) = self.resolve.get(&(host.to_ascii_lowercase(), port)) {
            return is_loopback(address.ip());
        }
        // A proxy's loopback is another machine's.
        self.proxy.is_none()
            && match url.host() {
                Some(Host::Ipv4(address)) => address.is_loopback(),
                Some(Host::Ipv6(address)) => is_loopback(address.into()),
                Some(Host::Domain(name)) => is_below(name, "localhost"),
                None => false,
            }
    }
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

impl UserAgentPlace {
    /// Where the value stands in the text, or else where it belongs.
    pub(super) fn of(given: &Text, diagnostics: &Diagnostics<'_>) -> UserAgentPlace {
        let (place, stated) = match given {
            Some(given) => (given.span(), Stated::Value),
            None => match table(diagnostics.text()) {
                Some(place) => (place, Stated::Table),
                None => (0..0, Stated::Nothing),
            },
        };
        UserAgentPlace(Some((diagnostics.place(place), stated)))
    }

    fn error(&self, fault: Fault, user_agent: &str) -> ContactError {
        let stated = self
            .0
            .as_ref()
            .map_or(Stated::Nothing, |(_, stated)| *stated);
        let name = user_agent.split([' ', '(']).next().unwrap_or_default();
        let line = format!("user_agent = \"{name} (+https://YOUR-SITE/bot)\"");
        let or = format!("or user_agent = \"{name} (YOU@YOUR-SITE)\"");
        ContactError {
            place: self
                .0
                .as_ref()
                .map_or_else(String::new, |(place, _)| format!("{place}: ")),
            problem: match (stated, fault) {
                (Stated::Value, Fault::Reserved(domain)) => {
                    format!("`user_agent` names {domain}, which is for examples and reaches nobody")
                }
                (Stated::Value, Fault::Missing) => {
                    "`user_agent` names no address of yours".to_owned()
                }
                (_, Fault::Reserved(domain)) => {
                    format!("there is no `user_agent`, and the default names {domain}, an example")
                }
                (_, Fault::Missing) => "there is no `user_agent`".to_owned(),
            },
            fix: match stated {
                Stated::Value => format!("write {line}, {or}, with an address of yours"),
                Stated::Table => {
                    format!("below this line write {line}, {or}, with an address of yours")
                }
                Stated::Nothing => {
                    format!(
                        "above all else write [crawl], and below it {line}, {or}, with an address of yours"
                    )
                }
            },
        }
    }
}

/// Where the text has the head of the table `[crawl]`.
fn table(text: &str) -> Option<Range<usize>> {
    let mut begin = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("[crawl]") {
            return Some(begin..begin);
        }
        begin += line.len();
    }
    None
}

/// The user agent must begin with letters, by which robots.txt matches it.
pub(super) fn user_agent(given: Text, diagnostics: &mut Diagnostics<'_>) -> Option<String> {
    let given = given?;
    let text = given.get_ref();
    let named = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if !named || !text.chars().all(|c| (' '..='~').contains(&c)) {
        let message = "`user_agent` must begin with a name in ASCII letters, such as \
                       \"mybot/1.0 (+https://YOUR-SITE/bot)\"";
        diagnostics.push(given.span(), message.to_owned());
    }
    Some(given.into_inner())
}

/// The email address of `from`, or none for `""`. An address alone, without a name (RFC 9110, 10.1.2; RFC 5322, 3.4.1).
pub(super) fn from(given: Text, diagnostics: &mut Diagnostics<'_>) -> Option<String> {
    let given = given.filter(|given| !given.get_ref().is_empty())?;
    if !is_email(given.get_ref()) {
        let message = "`from` must be an email address alone, such as \"crawler@news.example.org\", or \"\" for none";
        diagnostics.push(given.span(), message.to_owned());
    }
    Some(given.into_inner())
}

/// What is wrong with the contact of a user agent, if anything.
fn fault_of(user_agent: &str) -> Result<(), Fault> {
    let mut reached = false;
    for domain in web_hosts(user_agent).chain(email_domains(user_agent)) {
        if let Some(domain) = reserved_domain(&domain) {
            return Err(Fault::Reserved(domain));
        }
        reached |= domain.contains(['.', ':']);
    }
    if reached { Ok(()) } else { Err(Fault::Missing) }
}

/// The hosts of the web addresses in a user agent.
fn web_hosts(text: &str) -> impl Iterator<Item = String> {
    let begins = text.match_indices("http").map(|(at, _)| &text[at..]);
    begins.filter_map(|rest| {
        let end = rest.find([' ', ')', '>', ';', ',', '"', '\'']);
        let url = Url::parse(&rest[..end.unwrap_or(rest.len())]).ok()?;
        let is_web = matches!(url.scheme(), "http" | "https");
        url.host_str().filter(|_| is_web).map(str::to_owned)
    })
}

/// The domains of the email addresses in a user agent.
fn email_domains(text: &str) -> impl Iterator<Item = String> {
    let words = text.split([' ', '(', ')', '<', '>', ',', ';', ':', '"', '\'', '/']);
    words.filter_map(|word| {
        let word = word.trim_start_matches('+').trim_end_matches('.');
        let (_, domain) = word.rsplit_once('@').filter(|_| is_email(word))?;
        Some(domain.to_ascii_lowercase())
    })
}

/// An address such as `ada@news.example.org`: letters, digits and signs that need no quotes (RFC 5322, 3.2.3), and a
/// domain of at least two parts.
fn is_email(text: &str) -> bool {
    let is_atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let are_atoms = |text: &str| {
        text.split('.')
            .all(|it| !it.is_empty() && it.chars().all(is_atom))
    };
    let is_label = |text: &str| {
        let is_label = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !text.is_empty() && text.len() <= 63 && text.chars().all(is_label)
    };
    text.len() <= LONGEST_EMAIL
        && text.rsplit_once('@').is_some_and(|(local, domain)| {
            are_atoms(local) && domain.contains('.') && domain.split('.').all(is_label)
        })
}

/// The domain that is set apart for examples, tests or this machine (RFC 2606, RFC 6761), if the host belongs to one:
/// nobody is reached there.
pub fn reserved_domain(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let reserved = RESERVED.iter().find(|&&domain| is_below(&host, domain));
    // Of a top-level domain for examples, the whole name says more.
    reserved.map(|&domain| {
        if domain.contains('.') {
            domain.to_owned()
        } else {
            host.clone()
        }
    })
}

/// True for a domain and those below it.
fn is_below(host: &str, domain: &str) -> bool {
    let rest = host.strip_suffix(domain);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests;
