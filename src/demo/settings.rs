//! The configuration of the demo: a file to read and to change, as any other.

use std::net::SocketAddr;

use crate::config::{Config, Source};
use crate::demo::site;

/// What stands before the sources.
const HEAD: &str = r#"# The demo: five small news sites, which `newsprint demo` serves on this machine and crawls with these settings.
#
# status, pages, explain, diff, export, reextract, rules and serve work on what was stored. crawl, fetch and discover
# need the sites: keep `newsprint demo --keep-serving` running in another terminal. Change what you like: the demo
# leaves this file as it is. The configuration of your own crawl begins with `newsprint init`.

[crawl]
user_agent = "newsprint-demo (+http://127.0.0.1/)"   # who visits; `newsprint init` writes yours
requests_per_second = 8.0    # to each site; the default is 1.0
recheck = "1s"               # front pages, feeds and sitemaps are due again after this; the default is 5m
max_age = "never"            # the demo's articles do not get younger

# The sites' names lead to this machine, whatever else they lead to. An entry for each:
[network.resolve]
"#;

/// The text of the configuration, for sites served at this address.
pub(super) fn text<'h>(address: SocketAddr, hosts: impl Iterator<Item = &'h String>) -> String {
    let (mut out, mut sources) = (HEAD.to_owned(), String::new());
    for host in hosts {
        out.push_str(&format!("\"{host}:80\" = \"{address}\"\n"));
        let name = host.trim_end_matches(".example");
        sources.push_str(&format!(
            "\n[[source]]\nname = \"{name}\"\nstart = [\"http://{host}/\"]\n"
        ));
    }
    out + &sources
}

/// Where the demo's sites are by a configuration all of whose sources are such sites; `None` for any other
/// configuration.
pub fn served_at(config: &Config) -> Option<SocketAddr> {
    let sites = site::all();
    let mut address = None;
    for url in config.sources.iter().flat_map(Source::entry_points) {
        let host = url.host_str().filter(|it| sites.contains_key(*it))?;
        let key = (host.to_owned(), url.port_or_known_default()?);
        let found = *config.network.resolve.get(&key)?;
        if !found.ip().is_loopback() || address.is_some_and(|it| it != found) {
            return None;
        }
        address = Some(found);
    }
    address
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn address() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 4000))
    }

    fn config() -> String {
        text(address(), site::all().keys())
    }

    fn served(text: &str) -> Option<SocketAddr> {
        served_at(&Config::parse(text, Path::new("config.toml")).unwrap())
    }

    #[test]
    fn the_demo_is_known_by_its_sources_whatever_else_was_changed() {
        assert_eq!(served(&config()), Some(address()));
        let changed = config().replace("requests_per_second = 8.0", "requests_per_second = 2.0");
        assert_eq!(served(&changed), Some(address()));
    }

    #[test]
    fn no_other_configuration_is_taken_for_the_demo() {
        let more = "\n[[source]]\nname = \"daily\"\nstart = [\"https://daily.test/\"]\n";
        let elsewhere = config().replace("127.0.0.1:4000", "10.0.0.1:4000");
        let apart = config().replacen("127.0.0.1:4000", "127.0.0.1:4001", 1);
        for other in [config() + more, elsewhere, apart, String::new()] {
            assert_eq!(served(&other), None, "{other}");
        }
    }
}
