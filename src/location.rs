//! Where a store is: in a file of SQLite, or in a database of a PostgreSQL server.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use url::{Host, Url};

/// Where a store is, as `[store] url` of the configuration says.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreLocation {
    /// `sqlite:newsprint.db`
    File(PathBuf),
    /// `postgres://user@host/database`
    Server(ServerUrl),
}

/// The address of a database on a PostgreSQL server, as libpq reads it
/// (<https://www.postgresql.org/docs/current/libpq-connect.html>). It is shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl {
    url: Url,
    wait: Duration,
    worker: Option<WorkerName>,
}

/// The name of one of the processes that share a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerName(pub(crate) String);

impl WorkerName {
    /// The longest that a name may be.
    pub const MOST_CHARS: usize = 40;

    /// True if the text is a name: it stands in the names of files.
    pub fn is_valid(text: &str) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !text.is_empty() && text.len() <= WorkerName::MOST_CHARS && text.bytes().all(is_plain)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How long a server that is away is waited for, unless the settings say otherwise.
pub const SERVER_WAIT: Duration = Duration::from_secs(5 * 60);

impl ServerUrl {
    /// The address with its password, if it has one.
    pub fn secret(&self) -> &Url {
        &self.url
    }

    /// How long the server is waited for while it is away.
    pub fn wait(&self) -> Duration {
        self.wait
    }

    /// The worker that uses the store from here on, if one does.
    pub fn worker(&self) -> Option<&WorkerName> {
        self.worker.as_ref()
    }

    /// The store as this worker uses it.
    #[must_use]
    pub fn of_worker(&self, worker: WorkerName) -> ServerUrl {
        ServerUrl {
            worker: Some(worker),
            ..self.clone()
        }
    }

    /// The value of a parameter, such as `sslmode`.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.url.query_pairs();
        let (_, value) = pairs.find(|(key, _)| key == name)?;
        Some(value.into_owned())
    }

    /// The host that it names, if it does: a name, an address, or the folder of a socket.
    pub fn host(&self) -> Option<String> {
        if let Some(host) = self
            .parameter("hostaddr")
            .or_else(|| self.parameter("host"))
        {
            return Some(host);
        }
        match self.url.host()? {
            Host::Domain("") => None,
            Host::Domain(name) => Some(name.replace("%2F", "/").replace("%2f", "/")),
            Host::Ipv4(address) => Some(address.to_string()),
            Host::Ipv6(address) => Some(address.to_string()),
        }
    }
}

impl StoreLocation {
    /// The same; a server that is away is waited for so long.
    #[must_use]
    pub fn waiting(self, wait: Duration) -> StoreLocation {
        match self {
            StoreLocation::File(path) => StoreLocation::File(path),
            StoreLocation::Server(url) => StoreLocation::Server(ServerUrl { wait, ..url }),
        }
    }
}

impl FromStr for StoreLocation {
    type Err = String;

    fn from_str(text: &str) -> Result<StoreLocation, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            return match path {
                "" => Err("name a file, such as \"sqlite:newsprint.db\"".to_owned()),
                path => Ok(StoreLocation::File(PathBuf::from(path))),
            };
        }
        if !text.starts_with("postgres:") && !text.starts_with("postgresql:") {
            return Err(
                "name a SQLite file, such as \"sqlite:newsprint.db\", or a PostgreSQL database, such as \
                 \"postgres://user@host/database?sslmode=verify-full\""
                    .to_owned(),
            );
        }
        let url = Url::parse(text).map_err(|error| {
            format!("{error}; a database is named as in \"postgres://user@host/database\"")
        })?;
        if url.cannot_be_a_base() {
            return Err("write \"postgres://user@host/database\"".to_owned());
        }
        Ok(StoreLocation::Server(ServerUrl {
            url,
            worker: None,
            wait: SERVER_WAIT,
        }))
    }
}

impl From<&Path> for StoreLocation {
    fn from(path: &Path) -> StoreLocation {
        StoreLocation::File(path.to_owned())
    }
}

impl From<&PathBuf> for StoreLocation {
    fn from(path: &PathBuf) -> StoreLocation {
        StoreLocation::File(path.clone())
    }
}

impl From<PathBuf> for StoreLocation {
    fn from(path: PathBuf) -> StoreLocation {
        StoreLocation::File(path)
    }
}

impl From<&StoreLocation> for StoreLocation {
    fn from(location: &StoreLocation) -> StoreLocation {
        location.clone()
    }
}

impl fmt::Display for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreLocation::File(path) => path.display().fmt(f),
            StoreLocation::Server(url) => url.fmt(f),
        }
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = without_parameters(&self.url, |name| name.contains("password"));
        // An address without a host has no password either.
        let _ = shown.set_password(None);
        f.write_str(shown.as_str())
    }
}

/// The address without these parameters.
pub(crate) fn without_parameters(url: &Url, is_left_out: impl Fn(&str) -> bool) -> Url {
    let pairs = url.query_pairs().filter(|(name, _)| !is_left_out(name));
    let kept: Vec<_> = pairs.collect();
    let mut url = url.clone();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    url
}

impl fmt::Debug for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> ServerUrl {
        match text.parse().unwrap() {
            StoreLocation::Server(url) => url,
            StoreLocation::File(path) => panic!("{path:?}"),
        }
    }

    #[test]
    fn a_location_is_a_file_or_a_server() {
        let file: StoreLocation = "sqlite:db/news.db".parse().unwrap();
        assert_eq!(file, StoreLocation::File(PathBuf::from("db/news.db")));
        for bad in [
            "sqlite:",
            "news.db",
            "mysql://a/b",
            "postgres:",
            "postgres://[x/",
        ] {
            assert!(bad.parse::<StoreLocation>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for text in [
            "postgres://news:s3cret@db.example.org/news?sslmode=verify-full",
            "postgresql://news@db.example.org/news?password=s3cret&sslmode=verify-full",
            "postgres:///news?host=/run/pg&user=news&password=s3cret",
        ] {
            let url = server(text);
            for shown in [format!("{url}"), format!("{url:?}")] {
                assert!(!shown.contains("s3cret"), "{shown}");
                assert!(shown.contains("news"), "{shown}");
            }
        }
    }

    #[test]
    fn the_host_is_a_name_an_address_or_a_folder() {
        for (text, host) in [
            ("postgres://db.example.org/news", Some("db.example.org")),
            ("postgres://[::1]:5433/news", Some("::1")),
            (
                "postgres:///news?host=/run/postgresql",
                Some("/run/postgresql"),
            ),
            ("postgres://%2Frun%2Fpg/news", Some("/run/pg")),
            ("postgres:///news", None),
        ] {
            assert_eq!(server(text).host().as_deref(), host, "{text}");
        }
    }
}
