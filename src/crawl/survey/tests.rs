//! Where a site is looked for.

use super::*;

#[test]
fn a_page_that_does_not_answer_is_looked_for_at_addresses_like_it() {
    use VisitOutcome::{Connect, Dns, Http4xx, Robots, TooSlow};
    let others = |page: &str, failure| -> Vec<String> {
        let all = alternatives(&Url::parse(page).unwrap(), failure);
        all.into_iter().map(String::from).collect()
    };
    assert_eq!(
        others("https://paper.example/a?b", Connect),
        [
            "http://paper.example/a?b",
            "https://www.paper.example/a?b",
            "http://www.paper.example/a?b"
        ]
    );
    assert_eq!(
        others("http://www.paper.example/", Dns),
        ["http://paper.example/", "https://paper.example/"]
    );
    assert_eq!(
        others("https://paper.example/", TooSlow),
        ["http://paper.example/"]
    );
    assert_eq!(others("https://paper.example/", Http4xx).len(), 3);
    assert!(others("https://paper.example/a", Http4xx).is_empty());
    assert!(others("https://paper.example/", Robots).is_empty());
    assert!(others("https://paper.example:8443/", Connect).is_empty());
    assert_eq!(others("https://10.0.0.1/", Connect), ["http://10.0.0.1/"]);
}
