//! The next page of an article that spans several. A link counts where it says so (`rel=next`, 'Next page', the
//! number) and where its address is this page's with the next number: the next article has another address.

use std::borrow::Cow;

use url::Url;

use crate::canonical::pages::{PAGE_PARAMETERS, last_segment, page_number};
use crate::canonical::{canonical, names_article};
use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::field_text;
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::url::resolve;
use crate::page::{Id, Tag};

/// Parameters that number pages where the link itself says so, besides [`PAGE_PARAMETERS`]: words that
/// choose other things, too.
const PARAMETERS: [&str; 2] = ["side", "strona"];
/// Segments and words of addresses before the number of a page.
const PAGE_WORDS: [&str; 6] = ["page", "seite", "pagina", "p", "part", "teil"];
/// What links to the next page are called, in plain form.
const LABELS: &[&str] = &[
    "next",
    "next page",
    "continue reading",
    "continue",
    "nächste seite",
    "weiter",
    "weiterlesen",
    "suivant",
    "page suivante",
    "suite",
    "lire la suite",
    "siguiente",
    "página siguiente",
    "siguiente página",
    "próxima",
    "próxima página",
    "página seguinte",
    "seguinte",
    "avanti",
    "successiva",
    "pagina successiva",
    "volgende",
    "volgende pagina",
    "nästa",
    "nästa sida",
    "neste",
    "neste side",
    "næste",
    "næste side",
    "seuraava",
    "seuraava sivu",
    "następna",
    "następna strona",
    "dalej",
    "další",
    "další strana",
    "ďalšia strana",
    "következő",
    "következő oldal",
    "pagina următoare",
    "επόμενη",
    "επόμενη σελίδα",
    "следующая",
    "следующая страница",
    "далее",
    "наступна",
    "наступна сторінка",
    "sonraki",
    "sonraki sayfa",
    "التالي",
    "الصفحة التالية",
    "صفحه بعد",
    "הבא",
    "העמוד הבא",
    "次へ",
    "次のページ",
    "次ページ",
    "下一页",
    "下一頁",
    "다음",
    "다음 페이지",
    "ถัดไป",
    "หน้าถัดไป",
    "trang sau",
    "trang tiếp",
    "selanjutnya",
    "halaman selanjutnya",
    "halaman berikutnya",
];
/// No label has more letters.
const LABEL_LETTERS: usize = 20;
/// Links of one page that are compared.
const MOST_LINKS: usize = 3_000;
/// A link with more nodes in it is a card.
const LABEL_NODES: usize = 12;

/// What the page states, in order of trust. Links are compared with the next number before anything is made of them.
pub(super) fn candidates<'p>(page: &'p PageSources<'_>) -> impl Iterator<Item = Candidate<'p>> {
    let own = page.url().map(Numbered::of);
    let next = own.map_or(2, |it| it.number.max(1) + 1).to_string();
    let stated = page
        .scan
        .next
        .map(|it| Candidate::borrowed(Source::Place("link rel=next"), it));
    let links = page.tree.elements(Tag::A).take(MOST_LINKS);
    let links = links.filter_map(move |id| {
        let href = page.tree.attr(id, "href")?;
        let is_next = href.contains(&next) && leads_on(page, id, &next);
        is_next.then(|| Candidate::borrowed(Source::Place("link to the next page"), href))
    });
    stated.into_iter().chain(links)
}

/// The first candidate whose address is the page's with the next number.
pub(super) fn decide(page: &PageSources<'_>) -> Option<Url> {
    let own = Numbered::of(page.url()?);
    candidates(page).find_map(|it| {
        let mut url = resolve(&it.value, page.base(), page.limits)?;
        url.set_fragment(None);
        Numbered::of(&url).follows(&own).then_some(url)
    })
}

/// True for a link that says that it leads to the next page.
fn leads_on(page: &PageSources<'_>, id: Id, next: &str) -> bool {
    let tree = page.tree;
    let rel = tree.attr(id, "rel").unwrap_or_default();
    if rel
        .split_ascii_whitespace()
        .any(|it| it.eq_ignore_ascii_case("next"))
    {
        return true;
    }
    let is_short = tree.end(id) - id <= LABEL_NODES && has_few_letters(page, id);
    let text = is_short.then(|| Cow::Owned(tree.text(id)));
    let labels = ["aria-label", "title"]
        .iter()
        .filter_map(|it| tree.attr(id, it));
    text.into_iter()
        .chain(labels.map(Cow::Borrowed))
        .any(|label: Cow<'_, str>| {
            let plain = field_text::plain(&label);
            plain == next || LABELS.contains(&plain.as_str())
        })
}

/// True for a link with no more letters than a label has.
fn has_few_letters(page: &PageSources<'_>, id: Id) -> bool {
    let texts = page.tree.descendants(id);
    let texts = texts.filter_map(|it| page.tree.own_text(it));
    let letters = texts.flat_map(str::chars).filter(|c| c.is_alphanumeric());
    letters.take(LABEL_LETTERS + 1).count() <= LABEL_LETTERS
}

/// An address without the number of its page.
#[derive(Debug, PartialEq, Eq)]
struct Numbered {
    stem: String,
    /// 0 where the address has none.
    number: u32,
    /// The number is the value of a parameter, which may count from 0.
    in_query: bool,
}

impl Numbered {
    fn of(url: &Url) -> Numbered {
        let url = canonical(url);
        Numbered::in_query(&url)
            .or_else(|| Numbered::in_path(&url))
            .unwrap_or_else(|| Numbered {
                stem: key(&url, url.path(), url.query()),
                number: 0,
                in_query: false,
            })
    }

    fn in_query(url: &Url) -> Option<Numbered> {
        let pairs = || url.query().unwrap_or_default().split('&');
        let number_of = |pair: &str| {
            let (name, value) = pair.split_once('=')?;
            let is_parameter = PAGE_PARAMETERS.contains(&name) || PARAMETERS.contains(&name);
            let is_known = is_parameter && (name != "p" || names_article(last_segment(url.path())));
            is_known.then(|| page_number(value)).flatten()
        };
        let (at, number) = pairs()
            .enumerate()
            .find_map(|(at, pair)| Some((at, number_of(pair)?)))?;
        let others: Vec<&str> = pairs()
            .enumerate()
            .filter(|it| it.0 != at)
            .map(|it| it.1)
            .collect();
        let others = others.join("&");
        Some(Numbered {
            stem: key(url, url.path(), Some(&others)),
            number,
            in_query: true,
        })
    }

    /// `/story/2`, `/story/page/2`, `story_2.html`, `story,2.html`, `story-page-2`.
    fn in_path(url: &Url) -> Option<Numbered> {
        let path = url.path().trim_end_matches('/');
        let (folder, name) = path.rsplit_once('/')?;
        let (stem, number) = if let Some(number) = page_number(name) {
            let (above, word) = folder.rsplit_once('/')?;
            let story = if PAGE_WORDS.contains(&word) {
                above
            } else {
                folder
            };
            names_article(last_segment(story)).then(|| (story.to_owned(), number))?
        } else {
            let (name, ending) = name
                .rsplit_once('.')
                .map_or((name, None), |it| (it.0, Some(it.1)));
            let (story, number) = name.rsplit_once(['-', '_', ','])?;
            let mark = name.as_bytes().get(story.len()).copied();
            let number = page_number(number)?;
            let named = story
                .rsplit_once('-')
                .filter(|it| PAGE_WORDS.contains(&it.1));
            let story = match named {
                Some((story, _)) => story,
                None if ending.is_some() || mark == Some(b',') => story,
                None => return None,
            };
            let ending = ending.map(|it| format!(".{it}")).unwrap_or_default();
            (format!("{folder}/{story}{ending}"), number)
        };
        Some(Numbered {
            stem: key(url, &stem, url.query()),
            number,
            in_query: false,
        })
    }

    /// True for the page after `page` of the same article.
    fn follows(&self, page: &Numbered) -> bool {
        let is_next = if page.number == 0 {
            self.number == 2 || (self.in_query && self.number == 1)
        } else {
            self.number == page.number + 1 && self.in_query == page.in_query
        };
        self.stem == page.stem && is_next
    }
}

/// What the addresses of an article's pages have in common.
fn key(url: &Url, path: &str, query: Option<&str>) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let path = path.trim_end_matches('/');
    format!("{host}{path}?{}", query.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follows(next: &str, page: &str) -> bool {
        let of = |path: &str| {
            Numbered::of(&Url::parse(&format!("https://paper.example{path}")).unwrap())
        };
        of(next).follows(&of(page))
    }

    #[test]
    fn no_label_has_more_letters_than_are_read() {
        for label in LABELS {
            let letters = label.chars().filter(|c| c.is_alphanumeric()).count();
            assert!(letters <= LABEL_LETTERS, "{label}");
        }
    }

    #[test]
    fn the_next_page_has_the_address_of_the_page_with_the_next_number() {
        for (next, page) in [
            ("/sea/ferry-sails-again?page=2", "/sea/ferry-sails-again"),
            ("/sea/ferry-sails-again?page=1", "/sea/ferry-sails-again"),
            (
                "/sea/ferry-sails-again/?page=3",
                "/sea/ferry-sails-again?page=2",
            ),
            ("/ferry.html?a=1&seite=2", "/ferry.html?a=1"),
            ("/sea/ferry-sails-again/2/", "/sea/ferry-sails-again/"),
            (
                "/sea/ferry-sails-again/page/3",
                "/sea/ferry-sails-again/page/2",
            ),
            ("/sea/content_8812_2.htm", "/sea/content_8812.htm"),
            ("/sea/ferry,3.html", "/sea/ferry,2.html"),
            ("/sea/ferry-seite-2.html", "/sea/ferry.html"),
            ("/sea/ferry-page-2", "/sea/ferry"),
        ] {
            assert!(follows(next, page), "{next}");
        }
        for (next, page) in [
            ("/sea/bridge-closes-again", "/sea/ferry-sails-again"),
            ("/sea/ferry-sails-again?page=3", "/sea/ferry-sails-again"),
            ("/sea/ferry-sails-again?comment=2", "/sea/ferry-sails-again"),
            (
                "/sea/ferry-sails-again/comment-page-2",
                "/sea/ferry-sails-again",
            ),
            ("/sea/bridge-closes-again?page=2", "/sea/ferry-sails-again"),
            ("/sea/ferry-sails-again-2", "/sea/ferry-sails-again"),
            ("/news/2", "/news"),
            ("/page/2", "/"),
            ("/?p=2", "/"),
            ("/sea/ferry-sails-again", "/sea/ferry-sails-again"),
            ("/sea/ferry-sails-again", "/sea/ferry-sails-again?page=2"),
        ] {
            assert!(!follows(next, page), "{next}");
        }
    }
}
