use std::path::Path;

use super::*;

fn config(text: &str) -> Config {
    Config::parse(text, Path::new("config.toml")).unwrap_or_else(|error| panic!("{error}"))
}

const DAILY: &str = "[[source]]\nname = 'daily'\nstart = ['https://daily.news/']\n";

fn refusal(text: &str) -> String {
    let refused = config(&format!("{text}{DAILY}")).check_contact(&[]);
    refused.unwrap_err().to_string()
}

#[test]
fn a_contact_is_a_web_address_or_an_email_address_that_reaches_someone() {
    for good in [
        "bot/1.0 (+https://daily.news/bot)",
        "bot (https://daily.news)",
        "bot/1.0 +http://www.daily.news/about; crawls at night",
        "bot/1.0 (ada@daily.news)",
        "bot/1.0 (contact: mailto:ada+bot@daily.news)",
        "bot/1.0 (+https://203.0.113.9/bot)",
        "bot/1.0 (+https://myexample.org/bot)",
    ] {
        assert_eq!(fault_of(good), Ok(()), "{good}");
    }
    for nobody in [
        "bot",
        "bot/1.0",
        "bot/1.0 (daily.news)",
        "bot/1.0 (+https://YOUR-SITE/bot)",
        "bot/1.0 (YOU@YOUR-SITE)",
        "bot/1.0 (ftp://daily.news/)",
        "bot/1.0 (ada@)",
        "httpbot/1.0",
    ] {
        assert_eq!(fault_of(nobody), Err(Fault::Missing), "{nobody}");
    }
}

#[test]
fn addresses_for_examples_reach_nobody() {
    for (user_agent, domain) in [
        (
            "newsprint/0.1 (+https://example.org/newsprint)",
            "example.org",
        ),
        ("bot/1 (+https://news.example.com/bot)", "example.com"),
        ("bot/1 (+https://EXAMPLE.NET./bot)", "example.net"),
        ("bot/1 (ada@Example.Org)", "example.org"),
        (
            "bot/1 (+https://daily.news/bot; ada@example.org)",
            "example.org",
        ),
        ("bot/1 (+https://daily.test/)", "daily.test"),
        ("bot/1 (+http://localhost:8080/)", "localhost"),
    ] {
        let fault = Fault::Reserved(domain.to_owned());
        assert_eq!(fault_of(user_agent), Err(fault), "{user_agent}");
    }
}

#[test]
fn a_refusal_names_the_line_and_what_to_write() {
    let said =
        refusal("[crawl]\nretries = 1\nuser_agent = \"mybot/2.0 (+https://example.org/x)\"\n");
    assert!(
        said.starts_with("config.toml:3:14: `user_agent` names example.org, "),
        "{said}"
    );
    assert!(said.contains("write user_agent = \"mybot/2.0 (+https://YOUR-SITE/bot)\", or user_agent = \"mybot/2.0 (YOU@YOUR-SITE)\""), "{said}");
    let said = refusal("[store]\nwait = '1m'\n[crawl]\nretries = 1\n");
    assert!(
        said.starts_with("config.toml:3:1: there is no `user_agent`, "),
        "{said}"
    );
    assert!(
        said.contains("below this line write user_agent = \"newsprint/"),
        "{said}"
    );
    let said = refusal("");
    assert!(
        said.starts_with("config.toml:1:1: there is no `user_agent`, "),
        "{said}"
    );
    assert!(
        said.contains("write [crawl], and below it user_agent = \"newsprint/"),
        "{said}"
    );
    let said = refusal("[crawl]\nuser_agent = 'mybot'\n");
    assert!(
        said.starts_with("config.toml:2:14: `user_agent` names no address"),
        "{said}"
    );
    let without_file = Config::default().contact().unwrap_err().to_string();
    assert!(
        without_file.starts_with("there is no `user_agent`"),
        "{without_file}"
    );
}

#[test]
fn what_a_refusal_says_to_write_with_an_address_put_in_is_accepted() {
    let said = refusal("");
    let line = said
        .split("below it ")
        .nth(1)
        .unwrap()
        .split(", or")
        .next()
        .unwrap();
    let line = line.replace("YOUR-SITE", "daily.news");
    assert_eq!(
        config(&format!("[crawl]\n{line}\n{DAILY}")).check_contact(&[]),
        Ok(())
    );
}

#[test]
fn whoever_visits_only_this_machine_needs_no_contact() {
    let local = "[network.resolve]\n'local.test:80' = '127.0.0.1:8080'\n'six.test:80' = '[::1]:8080'\n\
                 'lan.test:80' = '10.0.0.1:80'\n";
    let source =
        |name: &str, url: &str| format!("[[source]]\nname = '{name}'\nstart = ['{url}']\n");
    for (url, is_here) in [
        ("http://127.0.0.1:8000/", true),
        ("http://127.9.9.9/", true),
        ("http://[::1]/", true),
        ("http://[::ffff:127.0.0.1]/", true),
        ("http://localhost/", true),
        ("http://a.localhost/", true),
        ("http://local.test/", true),
        ("http://LOCAL.test:80/", true),
        ("http://six.test/", true),
        ("http://local.test:81/", false),
        ("https://local.test/", false),
        ("http://lan.test/", false),
        ("http://192.168.0.1/", false),
        ("http://notlocalhost/", false),
        ("https://daily.news/", false),
    ] {
        let config = config(&format!("{local}{}", source("a", url)));
        assert_eq!(config.check_contact(&[]).is_ok(), is_here, "{url}");
    }
    let both = source("here", "http://localhost/") + &source("there", "https://daily.news/");
    let both = config(&both);
    assert!(both.check_contact(&[]).is_err());
    assert!(both.check_contact(&["there".to_owned()]).is_err());
    assert_eq!(both.check_contact(&["here".to_owned()]), Ok(()));
    // A feed counts as much as a front page, and a proxy's loopback is not ours.
    let feed = source("a", "http://localhost/") + "feeds = ['https://daily.news/feed']\n";
    assert!(config(&feed).check_contact(&[]).is_err());
    let proxied = format!(
        "[network]\nproxy = 'http://gate.news:3128'\n{}",
        source("a", "http://127.0.0.1/")
    );
    assert!(config(&proxied).check_contact(&[]).is_err());
}

#[test]
fn from_is_an_email_address_or_nothing() {
    let from = |text: &str| {
        let text = format!("[crawl]\nfrom = {text:?}\n");
        Config::parse(&text, Path::new("config.toml")).map(|it| it.crawl.from)
    };
    assert_eq!(
        from("ada.b+c@news.example.org").unwrap().as_deref(),
        Some("ada.b+c@news.example.org")
    );
    assert_eq!(from("").unwrap(), None);
    for wrong in [
        "Ada <ada@daily.news>",
        "ada",
        "ada@",
        "@daily.news",
        "ada@daily",
        "ada@daily..news",
        "ada@daily.news, bob@daily.news",
        "ada@daily.news\r\nX-A: b",
        "ädä@daily.news",
        "https://daily.news/",
    ] {
        let said = from(wrong).unwrap_err().to_string();
        assert!(
            said.contains("config.toml:2:8: `from` must be an email address"),
            "{wrong}: {said}"
        );
    }
}

#[test]
fn the_address_of_the_example_in_from_reaches_nobody_either() {
    let said = refusal(
        "[crawl]\nuser_agent = 'bot (+https://daily.news/bot)'\nfrom = 'crawler@news.example.org'\n",
    );
    assert!(
        said.contains("`from` in [crawl] names example.org"),
        "{said}"
    );
}
