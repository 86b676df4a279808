//! What the guard lets through, by address, name and port.

use std::net::SocketAddr;

use super::ranges::refused;
use super::resolver::public_only;
use super::*;
use crate::fetch::FetchErrorKind;
use crate::verdict::VisitOutcome;

fn outcome(error: &AddressError) -> VisitOutcome {
    VisitOutcome::from(&FetchErrorKind::from(error.clone()))
}

fn route(url: &str) -> Result<Route, AddressError> {
    Guard::new(&NetworkSettings::default()).route(&Url::parse(url).unwrap())
}

fn kind(address: &str) -> Option<&'static str> {
    refused(address.parse().unwrap())
}

#[test]
fn addresses_that_are_not_public_are_refused() {
    for address in [
        "127.0.0.1",
        "127.255.255.255",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.1.1",
        "169.254.169.254",
        "168.63.129.16",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "0.0.0.0",
        "0.1.2.3",
        "192.0.0.192",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1",
    ] {
        assert!(kind(address).is_some(), "{address}");
    }
}

#[test]
fn public_addresses_pass() {
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "2001:200::1",
    ] {
        assert_eq!(kind(address), None, "{address}");
    }
}

#[test]
fn every_form_of_a_loopback_address_is_refused() {
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]:8080/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST:8080/",
        "https://app.localhost/",
        "http://127.0.0.1./",
        "http://metadata.google.internal/computeMetadata/v1/",
    ] {
        let error = route(url).unwrap_err();
        assert_eq!(
            outcome(&error),
            VisitOutcome::BlockedAddress,
            "{url}: {error}"
        );
    }
}

#[test]
fn the_error_says_what_the_address_is_and_how_to_allow_it() {
    assert_eq!(
        route("http://127.0.0.1/").unwrap_err().to_string(),
        "127.0.0.1 is a loopback address; to fetch from there, set [network] allow_private = true \
         or add a resolve entry"
    );
}

#[test]
fn only_web_schemes_are_fetched() {
    for url in [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "data:,x",
    ] {
        assert!(matches!(route(url), Err(AddressError::Scheme(_))), "{url}");
    }
}

#[test]
fn ports_of_other_services_are_refused() {
    for port in [1, 22, 25, 79, 81, 442, 444, 1023, 2049, 6000, 6667, 10080] {
        let refused = route(&format!("http://example.org:{port}/"));
        assert!(matches!(refused, Err(AddressError::Port { .. })), "{port}");
    }
    for port in [80, 443, 1024, 8080, 65535] {
        assert_eq!(
            route(&format!("http://example.org:{port}/")),
            Ok(Route::Open),
            "{port}"
        );
    }
}

#[test]
fn allow_private_lifts_the_refusal_of_addresses_and_local_names() {
    let guard = Guard::new(&NetworkSettings {
        allow_private: true,
        ..NetworkSettings::default()
    });
    for url in [
        "http://127.0.0.1:8080/",
        "http://localhost/",
        "http://[fe80::1]/",
    ] {
        assert_eq!(
            guard.route(&Url::parse(url).unwrap()),
            Ok(Route::Open),
            "{url}"
        );
    }
}

#[test]
fn a_resolve_entry_is_trusted_for_its_host_and_port_alone() {
    let address: SocketAddr = "127.0.0.1:4000".parse().unwrap();
    let resolve = [
        (("daily.test".to_owned(), 80), address),
        (("127.0.0.1".to_owned(), 22), address),
    ];
    let guard = Guard::new(&NetworkSettings {
        resolve: resolve.into(),
        ..NetworkSettings::default()
    });
    let route = |url: &str| guard.route(&Url::parse(url).unwrap());

    assert_eq!(route("http://daily.test/"), Ok(Route::Pinned(address)));
    assert_eq!(route("http://DAILY.test.:80/a"), Ok(Route::Pinned(address)));
    assert_eq!(route("http://127.0.0.1:22/"), Ok(Route::Pinned(address)));
    assert_eq!(route("http://other.test/"), Ok(Route::Open));
    // A made-up name is never asked of DNS, whatever the port.
    let elsewhere = route("https://daily.test/").unwrap_err();
    assert_eq!(outcome(&elsewhere), VisitOutcome::Dns);
    assert!(
        elsewhere.to_string().contains("daily.test:443"),
        "{elsewhere}"
    );
}

const PROXIES: [&str; 4] = [
    "http://10.0.0.1:3128",
    "https://gate.corp:3128",
    "socks5://127.0.0.1:1080",
    "socks5h://[::1]:9050",
];

/// The guard behind each kind of proxy.
fn behind_proxies() -> impl Iterator<Item = Guard> {
    PROXIES.iter().map(|proxy| {
        Guard::new(&NetworkSettings {
            proxy: Url::parse(proxy).ok(),
            ..NetworkSettings::default()
        })
    })
}

#[test]
fn no_name_that_a_public_site_has_not_goes_to_a_proxy() {
    for name in [
        "intranet",
        "INTRANET",
        "intranet.",
        "intranet..",
        "%69ntranet",
        "wiki.internal",
        "wiki.internal.",
        "metadata.google.internal",
        "printer.local",
        "printer。local",
        "api.default.svc",
        "api.default.svc.cluster.local",
        "nas.home.arpa",
        "1.0.0.10.in-addr.arpa",
        "app.localhost",
        "nas.lan",
        "nas.LAN..",
        "wiki.corp",
        "tv.home",
        "mx.mail",
        "wiki.intranet",
        "a.private",
        "a.localdomain",
        "a.test",
        "a.invalid",
        "a.example",
        "a.alt",
        "web.service.consul",
        "10.0.0.1.nip.io",
        "app.10.0.0.1.nip.io",
        "app-10-0-0-1.nip.io",
        "7f000001.nip.io",
        "app-c0a80001.nip.io",
        "127-0-0-1.sslip.io",
        "www.192.168.1.1.sslip.io.",
        "--1.sslip.io",
        "fe80--1.sslip.io",
        "169.254.169.254.xip.io",
        "10-0-0-1.traefik.me",
        "7f000001.c0a80001.rbndr.us",
        "localtest.me",
        "a.lvh.me",
        "news..example.org",
        "127.0.0.1..",
        "0x7f.1..",
        "2130706433",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::1]",
    ] {
        for guard in behind_proxies() {
            let refused = guard.route(&Url::parse(&format!("http://{name}/")).unwrap());
            let refused = refused.unwrap_err();
            assert_eq!(outcome(&refused), VisitOutcome::BlockedAddress, "{name}");
            assert!(refused.to_string().contains("allow_private"), "{refused}");
        }
    }
}

#[test]
fn public_names_and_addresses_go_to_the_proxy() {
    for name in [
        "news.example.org",
        "news.example.org.",
        "internal.news.example.org",
        "local.paper.co.uk",
        "10-things.paper.com",
        "8.8.8.8",
        "8.8.8.8.nip.io",
        "8-8-8-8.sslip.io",
        "08080808.nip.io",
        "xn--mller-kva.de",
        "a.home.pl",
        "a.mail.ru",
        "nip.io",
        "paper.onion",
        "paper.i2p",
        "[2606:4700::1111]",
    ] {
        for guard in behind_proxies() {
            let route = guard.route(&Url::parse(&format!("https://{name}/")).unwrap());
            assert_eq!(route, Ok(Route::Proxied), "{name}");
        }
    }
}

#[test]
fn what_the_settings_allow_goes_to_the_proxy_too() {
    for proxy in PROXIES {
        let address: SocketAddr = "10.0.0.9:80".parse().unwrap();
        let network = NetworkSettings {
            proxy: Url::parse(proxy).ok(),
            resolve: [(("wiki.corp".to_owned(), 80), address)].into(),
            ..NetworkSettings::default()
        };
        let url = |text| Url::parse(text).unwrap();
        let pinned = Guard::new(&network).route(&url("http://wiki.corp/"));
        assert_eq!(pinned, Ok(Route::Pinned(address)));
        let guard = Guard::new(&NetworkSettings {
            allow_private: true,
            ..network
        });
        for allowed in ["http://intranet/", "http://10.0.0.1/", "http://a.internal/"] {
            assert_eq!(guard.route(&url(allowed)), Ok(Route::Proxied), "{allowed}");
        }
    }
}

#[test]
fn what_no_proxy_excepts_is_judged_where_it_is_looked_up() {
    let mut guard = behind_proxies().next().unwrap();
    let proxy = Url::parse(PROXIES[0]).unwrap();
    let exceptions = "wiki.corp, .paper.test,8.8.0.0/16,1.1.1.1";
    guard.proxy = Some(Proxy::with_exceptions(&proxy, exceptions));
    let route = |url: &str| guard.route(&Url::parse(url).unwrap());
    for url in [
        "http://wiki.corp/",
        "http://en.wiki.corp/",
        "http://news.paper.test/",
        "http://8.8.4.4/",
        "http://1.1.1.1/",
    ] {
        assert_eq!(route(url), Ok(Route::Open), "{url}");
    }
    assert_eq!(route("http://1.1.1.2/"), Ok(Route::Proxied));
    assert!(route("http://nas.corp/").is_err());
    assert!(route("http://10.0.0.1/").is_err());
}

#[tokio::test]
async fn a_name_is_looked_up_here_before_a_proxy_gets_it() {
    let proxy = |url: &str| Proxy::with_exceptions(&Url::parse(url).unwrap(), "");
    let here = proxy(PROXIES[0]);
    for _ in 0..2 {
        let refused = here.check("localhost").await.unwrap_err();
        assert!(
            matches!(refused, AddressError::PrivateName { .. }),
            "{refused}"
        );
    }
    // This one cannot be looked up anywhere: the proxy may know it, unless it says itself that it does not.
    for (name, passes) in [
        ("no-such-host.example.org.invalid", false),
        ("10.0.0.1.no-such-host.example.org", false),
        ("a-192-168-0-1.no-such-host.example.org", false),
        ("8.8.8.8.no-such-host.example.org", true),
        ("no-such-host.example.org", true),
        ("a.no-such-zone", false),
    ] {
        for _ in 0..2 {
            assert_eq!(here.check(name).await.is_ok(), passes, "{name}");
        }
    }
    // A hidden service has no address, and the resolver of the client looks names up itself for `socks5://`.
    assert_eq!(here.check("paper.onion").await, Ok(()));
    assert_eq!(
        proxy("socks5://127.0.0.1:1080").check("localhost").await,
        Ok(())
    );
}

#[test]
fn no_top_level_domain_of_local_networks_is_a_public_one() {
    for (name, is_public) in [
        ("a.corp", false),
        ("a.consul", false),
        ("a.fritz", false),
        ("a.svc", false),
        ("fritz.box", true),
        ("a.com", true),
        ("a.onion", true),
    ] {
        assert_eq!(names::has_known_suffix(name), is_public, "{name}");
    }
    for top in names::LOCAL_NETWORK {
        assert!(!names::has_known_suffix(&format!("a.{top}")), "{top}");
    }
}

#[tokio::test]
async fn an_entry_that_leads_inwards_is_for_addresses_of_the_user_alone() {
    let entry = |host: &str, address: &str| ((host.to_owned(), 80), address.parse().unwrap());
    let network = NetworkSettings {
        resolve: [
            entry("staging.test", "10.0.0.5:8080"),
            entry("www.staging.test", "10.0.0.6:8080"),
            entry("alias.test", "10.0.0.5:8080"),
            entry("admin.test", "10.0.0.5:9090"),
            entry("public.test", "8.8.8.8:80"),
        ]
        .into(),
        ..NetworkSettings::default()
    };
    let guard = Guard::new(&network);
    let url = |host: &str| Url::parse(&format!("http://{host}/a")).unwrap();
    for (named, host, passes) in [
        (&["staging.test"][..], "staging.test", true),
        (&["staging.test"], "www.staging.test", true),
        (&["news.staging.test"], "staging.test", true),
        (&["staging.test"], "alias.test", true),
        (&["staging.test"], "admin.test", false),
        (&["paper.test"], "staging.test", false),
        (&["paper.test", "alias.test"], "staging.test", true),
        (&["paper.test"], "public.test", true),
        (&[], "staging.test", false),
    ] {
        let named: Vec<Url> = named.iter().map(|host| url(host)).collect();
        let admitted = guard.admit(&url(host), &named).await;
        assert_eq!(admitted.is_ok(), passes, "{host} for {named:?}");
        if let Err(refused) = admitted {
            assert_eq!(outcome(&refused), VisitOutcome::BlockedAddress);
            assert!(refused.to_string().contains("`start`"), "{refused}");
        }
    }
    let guard = Guard::new(&NetworkSettings {
        allow_private: true,
        ..network
    });
    assert!(guard.admit(&url("admin.test"), &[]).await.is_ok());
}

#[test]
fn a_page_cannot_lead_to_the_proxy() {
    let proxy = Url::parse("socks5://gate.corp:1080").ok();
    let guard = Guard::new(&NetworkSettings {
        proxy,
        ..NetworkSettings::default()
    });
    let refused = guard.route(&Url::parse("http://gate.corp/").unwrap());
    assert!(matches!(refused, Err(AddressError::LocalName(_))));
}

#[test]
fn a_name_with_any_private_address_is_refused() {
    let lead_to = |addresses: &[&str]| {
        let found = addresses
            .iter()
            .map(|text| SocketAddr::new(text.parse().unwrap(), 0));
        public_only("news.test".to_owned(), found.collect())
    };
    for found in [&["10.0.0.1"][..], &["8.8.8.8", "10.0.0.1", "9.9.9.9"]] {
        let error = lead_to(found).unwrap_err().to_string();
        let expected = "news.test leads to 10.0.0.1, a private address;";
        assert!(error.starts_with(expected), "{error}");
    }
    assert_eq!(lead_to(&["8.8.8.8", "2600::1"]).unwrap().len(), 2);
}
