//! What a page is that holds no article, in one line for a person, with what can be done about it: which
//! service checks for bots, that a wall asks for consent, that scripts would load the text.

use crate::page::Page;
use crate::page::text::word_count;
use crate::verdict::Verdict;

/// Bytes of the source that are searched for the marks of services and scripts.
const SEARCHED: usize = 512 << 10;
/// Words of a page that holds no more than a request to turn scripts on.
const SHELL_WORDS: usize = 60;

/// What the pages of services that check for bots have in their source, in lower case.
const SERVICES: [(&str, &str); 22] = [
    ("_cf_chl_opt", "Cloudflare"),
    ("challenges.cloudflare.com", "Cloudflare"),
    ("cf-error-details", "Cloudflare"),
    ("captcha-delivery.com", "DataDome"),
    ("_incapsula_resource", "Imperva"),
    ("incapsula incident", "Imperva"),
    ("gokuprops", "AWS WAF"),
    ("awswaf.com", "AWS WAF"),
    ("px-captcha", "HUMAN"),
    ("perimeterx", "HUMAN"),
    ("window.kpsdk", "Kasada"),
    ("sucuri", "Sucuri"),
    ("anubis_challenge", "Anubis"),
    ("within.website", "Anubis"),
    ("errors.edgesuite.net", "Akamai"),
    ("_sec_cpt", "Akamai"),
    ("ddos-guard", "DDoS-Guard"),
    ("vercel security checkpoint", "Vercel"),
    ("acw_sc__v2", "Alibaba Cloud"),
    ("client challenge", "Fastly"),
    ("akamai", "Akamai"),
    ("cloudflare", "Cloudflare"),
];
/// Elements that scripts fill, as the frameworks name them.
const MOUNTS: [&str; 9] = [
    "id=\"root\"",
    "id=root",
    "id=\"app\"",
    "id=app",
    "id=\"__next\"",
    "id=\"__nuxt\"",
    "id=\"___gatsby\"",
    "<app-root",
    "id=\"svelte\"",
];

/// What stands on a page with this verdict; `None` where the verdict says all there is.
pub(in crate::extract) fn note(page: &Page<'_>, verdict: Verdict) -> Option<String> {
    let note = match verdict {
        Verdict::Challenge => {
            let source = source(page);
            let service = SERVICES.iter().find(|(mark, _)| source.contains(mark));
            let service = service.map(|(_, name)| format!(" ({name})"));
            format!(
                "a bot check{} stands in the page's place; ask more rarely ([crawl] \
                 requests_per_second), or ask the site to let your user agent in",
                service.unwrap_or_default()
            )
        }
        Verdict::ConsentWall => {
            "a consent wall stands in the page's place; the site's feed may hold \
             the text, or save the page from a browser for `newsprint extract`"
                .to_owned()
        }
        Verdict::PaywallStub => {
            "only the beginning of an article for subscribers stands there".to_owned()
        }
        Verdict::Soft404 => "a \"not found\" page answers in the page's place".to_owned(),
        Verdict::Empty | Verdict::NotArticle if is_script_shell(page, verdict) => {
            "a script shell: the page holds no text, scripts load it in a browser; the site's feed \
             may hold it, `render` shows it in a browser (docs/sources.md), or save the page from a browser for `newsprint extract`"
                .to_owned()
        }
        Verdict::Empty => "the page holds no text".to_owned(),
        _ => return None,
    };
    Some(note)
}

/// True where scripts would make the page, and next to nothing is there without them.
fn is_script_shell(page: &Page<'_>, verdict: Verdict) -> bool {
    if has_text(page) {
        return false;
    }
    let source = source(page);
    if !source.contains("<script") || word_count(&page.tree.text(0)) > SHELL_WORDS {
        return false;
    }
    let is_mount = || MOUNTS.iter().any(|mark| source.contains(mark));
    verdict == Verdict::Empty || source.contains("javascript") || is_mount()
}

/// True where the page surely holds more words than a shell does. The first and the last word of a text may
/// be parts of a word that goes on in another. This spares most pages a copy of their source.
fn has_text(page: &Page<'_>) -> bool {
    let mut words = 0;
    let mut texts = (0..page.tree.len()).filter_map(|id| page.tree.own_text(id));
    texts.any(|text| {
        words += word_count(text).saturating_sub(2);
        words > SHELL_WORDS
    })
}

/// The start of the page's source in lower case.
fn source(page: &Page<'_>) -> String {
    let bytes = page.input.bytes;
    String::from_utf8_lossy(&bytes[..bytes.len().min(SEARCHED)]).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use crate::extract::Extractor;
    use crate::page::Input;

    fn note(html: &str) -> String {
        let extraction = Extractor::default().extract(&Input::new(html.as_bytes()));
        extraction.note.unwrap_or_default()
    }

    #[test]
    fn bot_checks_are_named_with_their_service() {
        let cloudflare = "<title>Just a moment...</title><p>Checking your browser before accessing daily.test.\
            <script>window._cf_chl_opt={}</script>";
        assert!(note(cloudflare).starts_with("a bot check (Cloudflare) "));
        let amazon = "<script>window.gokuProps = {}</script>";
        assert!(
            note(amazon).starts_with("a bot check (AWS WAF) "),
            "{}",
            note(amazon)
        );
        let unknown = "<title>Are you a robot?</title><h1>Are you a robot?</h1>";
        assert!(
            note(unknown).starts_with("a bot check stands"),
            "{}",
            note(unknown)
        );
    }

    #[test]
    fn script_shells_are_named() {
        for shell in [
            "<title>Daily</title><div id=root></div><script src=/app.js></script>",
            "<noscript>You need to enable JavaScript to run this app.</noscript><div id=\"app\"></div>\
             <script src=/app.js></script>",
        ] {
            assert!(
                note(shell).starts_with("a script shell: "),
                "{}",
                note(shell)
            );
        }
        assert_eq!(note("<title>Daily</title>"), "the page holds no text");
        let index = format!(
            "<script></script>{}",
            "<li><a href=/a>A headline of the day</a>".repeat(40)
        );
        assert_eq!(note(&index), "");
    }
}
