//! The demo sites are complete: every file and link exists.

use super::*;

#[test]
fn every_site_has_a_manifest_that_can_be_read_and_the_files_it_names() {
    let sites = site::all();
    assert!(sites.len() >= 5, "{:?}", sites.keys());
    for (host, site) in &sites {
        for (path, route) in &site.routes {
            assert!(site.has_file(route), "{host}{path}");
        }
    }
    let pages = sites.values().flat_map(|site| site.routes.values());
    assert!(
        pages
            .filter(|route| route.content_type.contains("html"))
            .count()
            >= 24
    );
}

/// A dead link in the demo would be reported as a failure of the crawl.
#[test]
fn no_page_links_to_one_that_is_not_there() {
    let sites = site::all();
    for (host, site) in &sites {
        for (path, route) in &site.routes {
            let body = site.body(route, "http://HERE");
            let text = String::from_utf8_lossy(&body);
            let linked = text.split("http://HERE").skip(1).map(|rest| {
                let end = rest.find(['"', '<', '\n', ' ', '\'']).unwrap_or(rest.len());
                rest[..end].to_owned()
            });
            let relative = text
                .split("href=\"/")
                .skip(1)
                .map(|rest| format!("/{}", rest.split('"').next().unwrap_or_default()));
            for target in linked.chain(relative) {
                let target = if target.is_empty() {
                    "/".to_owned()
                } else {
                    target
                };
                // Dead on purpose, disallowed by robots.txt, and never requested.
                let spared = target.starts_with("/gone/")
                    || target.starts_with("/author/")
                    || target.ends_with(".jpg");
                let known = spared || site.routes.contains_key(&target);
                assert!(known, "{host}{path} links to {target}");
            }
        }
    }
}

#[test]
fn the_pages_that_are_left_as_files_have_their_articles() {
    let saved = saved_pages();
    let has = |at: usize, text: &str| String::from_utf8_lossy(&saved[at].1).contains(text);
    assert!(has(0, "old river market") && has(1, "written in pencil"));
}
