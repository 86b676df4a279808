//! A page as an archive replays it, without what the archive adds: its bar at the top, and its own address before each
//! link. The Wayback Machine and pywb write both in one way.

use memchr::memmem;
use url::Url;

/// What the Wayback Machine puts around its bar.
const BAR: [&[u8]; 2] = [
    b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->",
    b"<!-- END WAYBACK TOOLBAR INSERT -->",
];

/// The page without the bar and with links as they were. `memento` is the address of the copy.
pub(super) fn without_archive(body: Vec<u8>, memento: &Url) -> Vec<u8> {
    let body = without_bar(body);
    let Some(prefix) = prefix(memento) else {
        return body;
    };
    let origin = memento.origin().ascii_serialization();
    let bare = origin
        .trim_start_matches("https:")
        .trim_start_matches("http:");
    let origins = [origin.as_bytes(), bare.as_bytes()];
    let mut out: Vec<u8> = Vec::with_capacity(body.len());
    let (finder, mut rest) = (memmem::Finder::new(prefix.as_bytes()), body.as_slice());
    while let Some(at) = finder.find(rest) {
        let after = &rest[at + prefix.len()..];
        out.extend_from_slice(&rest[..at]);
        match original(after) {
            Some(skipped) => {
                if let Some(origin) = origins.iter().find(|it| out.ends_with(it)) {
                    out.truncate(out.len() - origin.len());
                }
                rest = &after[skipped..];
            }
            None => {
                out.extend_from_slice(prefix.as_bytes());
                rest = after;
            }
        }
    }
    out.extend_from_slice(rest);
    out
}

fn without_bar(mut body: Vec<u8>) -> Vec<u8> {
    let [begins, ends] = BAR;
    if let Some(start) = memmem::find(&body, begins)
        && let Some(length) = memmem::find(&body[start..], ends)
    {
        body.drain(start..start + length + ends.len());
    }
    body
}

/// The part of the path of a copy before its time: `/web/`.
fn prefix(memento: &Url) -> Option<String> {
    let mut prefix = String::from("/");
    for segment in memento.path_segments()? {
        if time(segment.as_bytes()) == segment.len() && segment.len() >= 14 {
            return (prefix.len() > 1).then_some(prefix);
        }
        if segment.contains(':') {
            return None;
        }
        prefix.push_str(segment);
        prefix.push('/');
    }
    None
}

/// How long the time is with which this begins, and what says what is wanted of it: `20260203040506im_`.
fn time(text: &[u8]) -> usize {
    let digits = text
        .iter()
        .take(14)
        .take_while(|it| it.is_ascii_digit())
        .count();
    let flag = &text[digits..];
    let is_flag =
        flag.len() >= 3 && flag[..2].iter().all(u8::is_ascii_lowercase) && flag[2] == b'_';
    if digits == 0 {
        0
    } else if is_flag {
        digits + 3
    } else {
        digits
    }
}

/// How much stands before the address of the original, if this is the rest of an address of a copy.
fn original(text: &[u8]) -> Option<usize> {
    let time = time(text);
    let rest = text.get(time..).filter(|_| time > 0)?.strip_prefix(b"/")?;
    let is_address = rest.starts_with(b"http://") || rest.starts_with(b"https://");
    is_address.then_some(time + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(body: &str) -> String {
        let memento = "https://web.archive.test/web/20260203040506/https://daily.test/a";
        let body = without_archive(body.into(), &Url::parse(memento).unwrap());
        String::from_utf8(body).unwrap()
    }

    #[test]
    fn links_lead_where_they_led_and_the_bar_is_gone() {
        let page = "<body><!-- BEGIN WAYBACK TOOLBAR INSERT --><div>The archive</div>\
             <!-- END WAYBACK TOOLBAR INSERT --><a href=\"/web/20260203040506/https://daily.test/b\">b</a>\
             <a href=\"https://web.archive.test/web/20260203040506/http://other.test/\">c</a>\
             <img src=\"//web.archive.test/web/20260203040506im_/https://daily.test/d.jpg\">\
             <a href=\"/web/today\">e</a><a href=\"/web/2026/next\">f</a></body>";
        assert_eq!(
            cleaned(page),
            "<body><a href=\"https://daily.test/b\">b</a><a href=\"http://other.test/\">c</a>\
             <img src=\"https://daily.test/d.jpg\"><a href=\"/web/today\">e</a>\
             <a href=\"/web/2026/next\">f</a></body>"
        );
        assert_eq!(
            cleaned("<!-- BEGIN WAYBACK TOOLBAR INSERT -->x"),
            "<!-- BEGIN WAYBACK TOOLBAR INSERT -->x"
        );
    }

    #[test]
    fn an_address_without_a_time_changes_nothing() {
        for memento in [
            "https://a.test/",
            "https://a.test/https://daily.test/20260203040506/",
            "https://a.test/20260203040506/x",
        ] {
            let page = b"<a href=/20260203040506/https://b.test/>".to_vec();
            assert_eq!(
                without_archive(page.clone(), &Url::parse(memento).unwrap()),
                page,
                "{memento}"
            );
        }
    }
}
