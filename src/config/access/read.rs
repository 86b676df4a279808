//! The values of headers and cookies, read from the environment and from files when they are used.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;

use super::jar::{self, JarError, LONGEST_FILE};
use super::{GivenSecret, Kind, Secret, SecretSource, names};
use crate::config::diagnose::Place;
use crate::config::{ConfigError, Diagnostic, Source};
use crate::files;

/// Bytes of a file that holds one value.
const LONGEST_VALUE: u64 = 64 << 10;

/// The headers and cookies of one source, with their values. What is shown of them has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credentials {
    /// The headers.
    pub headers: Vec<(String, Secret)>,
    /// The cookies that are valid.
    pub cookies: Vec<Cookie>,
    /// All cookies of `cookie_jar` have expired: which file, and when the last one did.
    pub expired: Option<String>,
}

/// A cookie that is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Secret,
    /// The host that it is for; `None` for every host of the source.
    pub domain: Option<String>,
    /// It is for hosts below that one too.
    pub subdomains: bool,
    /// It is for this path and those below it.
    pub path: String,
    /// It is sent by https alone.
    pub secure: bool,
}

impl Cookie {
    /// True where a request to the host may have the cookie (RFC 6265, 5.1.3).
    pub fn is_for_host(&self, host: &str) -> bool {
        let Some(domain) = &self.domain else {
            return true;
        };
        let above = host.strip_suffix(domain.as_str());
        above.is_some_and(|above| above.is_empty() || (self.subdomains && above.ends_with('.')))
    }

    /// True where a request for the path may have the cookie (RFC 6265, 5.1.4).
    pub fn is_for_path(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.path.as_str());
        below.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/')
        })
    }
}

impl Source {
    /// The values of its headers and cookies; `None` where it has none. Warns where others can read a file of them, and
    /// where all cookies of a file have expired.
    ///
    /// # Errors
    /// Names each variable that is not set and each file that can't be read, with its line.
    pub fn credentials(&self, now: Timestamp) -> Result<Option<Credentials>, ConfigError> {
        let access = &self.access;
        if access.is_empty() {
            return Ok(None);
        }
        let mut reader = Reader {
            source: &self.name,
            found: Vec::new(),
        };
        let mut credentials = Credentials::default();
        for given in &access.headers {
            let Some(value) = reader.value(Kind::Header, given) else {
                continue;
            };
            if given.name.eq_ignore_ascii_case("cookie") {
                credentials.cookies.extend(cookies_of(&value));
            } else {
                credentials.headers.push((given.name.clone(), value));
            }
        }
        for given in &access.cookies {
            if let Some(value) = reader.value(Kind::Cookie, given) {
                credentials.cookies.retain(|it| it.name != given.name);
                credentials.cookies.push(of_source(&given.name, value));
            }
        }
        if let Some(path) = &access.cookie_jar {
            reader.jar(path, (&access.jar_place, self), now, &mut credentials);
        }
        match reader.found.is_empty() {
            true => Ok(Some(credentials)),
            false => Err(ConfigError::Invalid(reader.found)),
        }
    }

    /// The hosts of its entry points.
    fn hosts(&self) -> Vec<String> {
        let hosts = self.entry_points().filter_map(|url| url.host_str());
        hosts.map(str::to_owned).collect()
    }
}

/// A cookie for every host of the source.
fn of_source(name: &str, value: Secret) -> Cookie {
    Cookie {
        name: name.to_owned(),
        value,
        domain: None,
        subdomains: false,
        path: "/".to_owned(),
        secure: false,
    }
}

/// The cookies of a `Cookie` header (RFC 6265, 4.2.1).
fn cookies_of(header: &Secret) -> Vec<Cookie> {
    let pairs = header.expose().split(';');
    let pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    let pairs = pairs.filter(|(name, _)| names::is_token(name));
    pairs
        .map(|(name, value)| of_source(name, Secret(value.to_owned())))
        .collect()
}

/// Reads the values of one source.
#[derive(Debug)]
struct Reader<'a> {
    source: &'a str,
    found: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn value(&mut self, kind: Kind, given: &GivenSecret) -> Option<Secret> {
        let (noun, name) = (kind.noun(), &given.name);
        let text = match &given.value {
            SecretSource::Text(text) => return Some(text.clone()),
            SecretSource::Env(variable) => std::env::var(variable).map_err(|_| {
                format!(
                    "the {noun} `{name}` is to come from the environment, and the variable {variable} is not set; set \
                     it for this program (cron, systemd and containers each have an environment of their own)"
                )
            }),
            SecretSource::File(path) => self.file(path, LONGEST_VALUE).map_err(|why| {
                format!("the {noun} `{name}` cannot be read from {}: {why}", path.display())
            }),
        };
        let problem = match text {
            Ok(text) => {
                let text = text.trim().to_owned();
                match names::value_problem(kind, name, &text) {
                    None => return Some(Secret(text)),
                    Some(problem) => problem,
                }
            }
            Err(problem) => problem,
        };
        self.found.push(given.place.diagnostic(problem));
        None
    }

    fn jar(
        &mut self,
        path: &Path,
        (place, source): (&Place, &Source),
        now: Timestamp,
        credentials: &mut Credentials,
    ) {
        let text = match self.file(path, LONGEST_FILE) {
            Ok(text) => text,
            Err(why) => {
                let problem = format!("`cookie_jar`: cannot read {}: {why}", path.display());
                self.found.push(place.diagnostic(problem));
                return;
            }
        };
        let hosts = source.hosts();
        let jar = match jar::read(&text, &hosts, now.as_second()) {
            Ok(jar) => jar,
            Err(JarError { line, problem }) => {
                self.found.push(Diagnostic {
                    path: path.to_owned(),
                    line,
                    column: 1,
                    message: problem,
                });
                return;
            }
        };
        let path = path.display();
        match (jar.cookies.is_empty(), jar.expired_at) {
            (true, Some(at)) => {
                let day = Timestamp::from_second(at).unwrap_or(now).to_string();
                let day = day.split('T').next().unwrap_or_default();
                let expired = format!("all cookies of {path} have expired, the last one on {day}");
                tracing::warn!(
                    "the source `{}`: {expired}; log in again and export them anew",
                    self.source
                );
                credentials.expired = Some(expired);
            }
            (true, None) => tracing::warn!(
                "the source `{}`: {path} has no cookie for its hosts ({}); log in there and export them anew",
                self.source,
                hosts.join(", ")
            ),
            (false, _) => {}
        }
        for cookie in jar.cookies {
            // What stands in the configuration itself wins.
            let is_given = |it: &Cookie| it.domain.is_none() && it.name == cookie.name;
            if !credentials.cookies.iter().any(is_given) {
                credentials.cookies.push(cookie);
            }
        }
    }

    /// The text of a file. Warns where others can read it.
    fn file(&self, path: &Path, most: u64) -> Result<String, String> {
        let data = std::fs::metadata(path).map_err(|error| error.to_string())?;
        if !data.is_file() {
            return Err("it is not a file".to_owned());
        }
        if files::is_open_to_others(&data) {
            tracing::warn!(
                "the source `{}`: every user of this machine can read {path}; run `chmod 600 {path}`",
                self.source,
                path = path.display()
            );
        }
        let mut text = Vec::new();
        let mut file = File::open(path)
            .map_err(|error| error.to_string())?
            .take(most + 1);
        file.read_to_end(&mut text)
            .map_err(|error| error.to_string())?;
        if text.len() as u64 > most {
            return Err(format!("it is larger than {most} bytes"));
        }
        String::from_utf8(text).map_err(|_| "it is not a text in UTF-8".to_owned())
    }
}
