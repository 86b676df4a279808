//! What an article is to what is stored already: new, a duplicate, a revision, or known.

use url::Url;

use crate::article::Article;
use crate::canonical;
use crate::store::policy::same_page::{is_further_page, is_same_page};
use crate::store::policy::similarity::Shingles;

/// Articles that share a band with a new one and are compared with it in full, at most.
pub(crate) const MOST_COMPARED: u32 = 20;

/// Where an article goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Placement {
    /// Into the store as a new one.
    New,
    /// In the place of the stored one, which becomes an earlier revision.
    Revision,
    /// Nowhere: it is stored already.
    Unchanged,
    /// Under its own URL, since the canonical URL that its page states is that of another article, or
    /// of a page that has not been seen yet.
    UnderOwnUrl(Url),
    /// Into the place of the stored one, which came from another URL and goes back under that.
    InPlaceOf(Url),
}

/// Places an article, by the one that is stored under its id.
pub(crate) fn placement(stored: Option<&Article>, article: &Article) -> Placement {
    let own = own_url(article);
    let Some(stored) = stored else {
        return match own {
            Some(own) if !is_believed(&own, article) => Placement::UnderOwnUrl(own),
            _ => Placement::New,
        };
    };
    let is_same_text = stored.content_hash == article.content_hash;
    if stored.url == article.url {
        return if is_same_text {
            Placement::Unchanged
        } else {
            Placement::Revision
        };
    }
    // Videos and galleries without text have the same one.
    let is_known =
        can_be_duplicate(article) || own.as_ref().is_none_or(|own| is_believed(own, article));
    if is_same_text && is_known || is_nearly_the_same(stored, article) {
        return Placement::Unchanged;
    }
    // Two URLs, two texts, one canonical URL: the site states it wrongly, unless it is that of the
    // article's first page.
    match (own, own_url(stored)) {
        (Some(own), _) if is_further_page_of(&own, article) => Placement::Unchanged,
        (Some(own), _) => Placement::UnderOwnUrl(own),
        (None, Some(other)) => Placement::InPlaceOf(other),
        (None, None) => Placement::Unchanged,
    }
}

/// Places an article that was moved to its own URL, by the one that is stored under that.
pub(crate) fn placement_under_own_url(stored: Option<&Article>, article: &Article) -> Placement {
    match stored {
        None => Placement::New,
        Some(stored) if stored.content_hash == article.content_hash => Placement::Unchanged,
        Some(_) => Placement::Revision,
    }
}

/// The URL that the article came from in its canonical form, where its page states another.
pub(crate) fn own_url(article: &Article) -> Option<Url> {
    let own = canonical::canonical(&article.parsed_final_url()?);
    (article.canonical_url.as_deref() != Some(own.as_str())).then_some(own)
}

/// True where the canonical URL that the page states can be believed before its page has been seen.
pub(crate) fn is_believed(own: &Url, article: &Article) -> bool {
    let stated = article.parsed_canonical_url();
    stated.is_some_and(|stated| is_same_page(own, &stated))
}

fn is_further_page_of(own: &Url, article: &Article) -> bool {
    let stated = article.parsed_canonical_url();
    stated.is_some_and(|stated| is_further_page(own, &stated))
}

/// The first of the stored articles that is this one. They state this one's URL as their canonical one
/// (`is_named`), and then nearly the same text is enough; or they state the one that this one states.
pub(crate) fn same_article(
    article: &Article,
    is_named: bool,
    stored: Vec<Article>,
) -> Option<Article> {
    stored.into_iter().find(|other| {
        other.content_hash == article.content_hash
            || (is_named && is_nearly_the_same(other, article))
    })
}

/// Gives an article its own URL as the canonical one.
pub(crate) fn move_to(article: &mut Article, own: Url) {
    article.id = canonical::id(&own);
    article.canonical_url = Some(own.into());
}

fn is_nearly_the_same(one: &Article, other: &Article) -> bool {
    let shingles = (Shingles::of(&one.text), Shingles::of(&other.text));
    matches!(shingles, (Some(one), Some(other)) if one.is_nearly(&other))
}

/// True where an article can be a duplicate at all: those without text (videos, galleries) cannot.
pub(crate) fn can_be_duplicate(article: &Article) -> bool {
    !article.text.is_empty()
}

/// The first of these candidates whose text is nearly the same; each is an id and a text.
pub(crate) fn first_duplicate(
    shingles: &Shingles,
    candidates: impl IntoIterator<Item = (String, String)>,
) -> Option<String> {
    let is_nearly = |text: &str| Shingles::of(text).is_some_and(|it| it.is_nearly(shingles));
    let mut candidates = candidates.into_iter();
    candidates
        .find(|(_, text)| is_nearly(text))
        .map(|(id, _)| id)
}

/// Makes an article a revision of the stored one.
pub(crate) fn revise(stored: &Article, article: &mut Article) {
    article.revision = stored.revision.saturating_add(1);
    article.duplicate_of.clone_from(&stored.duplicate_of);
}

/// Makes an article known by the id and URL under which it is stored already.
pub(crate) fn identify(article: &mut Article, stored: Article) {
    article.id = stored.id;
    article.canonical_url = stored.canonical_url;
}

/// Gives an article with the same text what belongs to the revision that is stored.
pub(crate) fn amend(stored: &Article, article: &mut Article) {
    article.revision = stored.revision;
    article.duplicate_of.clone_from(&stored.duplicate_of);
    article.fetched_at.clone_from(&stored.fetched_at);
}

/// The fields in which two records differ, other than the text and what is counted from it.
pub(crate) fn changed_fields(a: &Article, b: &Article) -> Vec<&'static str> {
    let fields = [
        ("kind", a.kind == b.kind),
        ("title", a.title == b.title),
        ("description", a.description == b.description),
        ("authors", a.authors == b.authors),
        ("published", a.published == b.published),
        ("modified", a.modified == b.modified),
        ("section", a.section == b.section),
        ("tags", a.tags == b.tags),
        ("language", a.language == b.language),
        ("site_name", a.site_name == b.site_name),
        ("image", a.image == b.image),
        ("access", a.access == b.access),
        ("rights", a.rights == b.rights),
    ];
    let differ = fields.into_iter().filter(|(_, same)| !same);
    differ.map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://daily.test/ferry?from=feed";
    const STATED: &str = "https://daily.test/ferry";
    const ELSEWHERE: &str = "https://daily.test/bridge";

    /// Sixty words, of which the first `changed` are others.
    fn text(changed: usize) -> String {
        let word = |at: usize| {
            let kind = if at < changed { "other" } else { "word" };
            format!("{kind}{at} ")
        };
        (0..60).map(word).collect()
    }

    fn article(url: &str, text: &str) -> Article {
        Article {
            id: canonical::id(&Url::parse(STATED).unwrap()),
            url: Some(url.to_owned()),
            final_url: Some(url.to_owned()),
            canonical_url: Some(STATED.to_owned()),
            text: text.to_owned(),
            content_hash: canonical::digest(text.as_bytes()),
            ..Article::default()
        }
    }

    #[test]
    fn an_article_that_is_not_stored_is_new() {
        let new = article(OWN, &text(0));
        assert_eq!(placement(None, &new), Placement::New);
        assert_eq!(placement_under_own_url(None, &new), Placement::New);
    }

    #[test]
    fn the_same_text_changes_nothing_and_another_from_the_same_url_is_a_revision() {
        let stored = article(OWN, &text(0));
        let elsewhere = article(STATED, &text(0));
        assert_eq!(placement(Some(&stored), &stored), Placement::Unchanged);
        assert_eq!(placement(Some(&stored), &elsewhere), Placement::Unchanged);
        let changed = article(OWN, &text(1));
        assert_eq!(placement(Some(&stored), &changed), Placement::Revision);
        let placed = placement_under_own_url(Some(&stored), &changed);
        assert_eq!(placed, Placement::Revision);
    }

    #[test]
    fn another_text_from_another_url_goes_under_its_own_unless_it_is_nearly_the_same() {
        let stored = article(STATED, &text(0));
        let nearly = article(OWN, &text(1));
        assert_eq!(placement(Some(&stored), &nearly), Placement::Unchanged);
        let mut other = article(OWN, &text(60));
        let Placement::UnderOwnUrl(own) = placement(Some(&stored), &other) else {
            panic!("two articles must not share an id");
        };
        assert_eq!(own.as_str(), OWN);
        move_to(&mut other, own);
        assert_ne!(other.id, stored.id);
        assert_eq!(own_url(&other), None);
    }

    #[test]
    fn a_page_takes_the_place_of_another_that_stated_its_url() {
        let stored = article(OWN, &text(0));
        let itself = article(STATED, &text(60));
        let Placement::InPlaceOf(own) = placement(Some(&stored), &itself) else {
            panic!("the page of the URL has the better right to it");
        };
        assert_eq!(own.as_str(), OWN);
        let nearly = article(STATED, &text(1));
        assert_eq!(placement(Some(&stored), &nearly), Placement::Unchanged);
    }

    #[test]
    fn the_url_of_another_page_is_not_believed_before_that_was_seen() {
        let first = article(ELSEWHERE, &text(0));
        let own = Url::parse(ELSEWHERE).unwrap();
        let under_own = Placement::UnderOwnUrl(own);
        assert_eq!(placement(None, &first), under_own);
        let itself = article(STATED, &text(0));
        assert_eq!(placement(Some(&itself), &first), Placement::Unchanged);
        // Neither text tells the two apart.
        let (silent, itself) = (article(ELSEWHERE, ""), article(STATED, ""));
        assert_eq!(placement(Some(&itself), &silent), under_own);
    }

    #[test]
    fn a_further_page_of_a_stored_article_is_no_article() {
        let at = |url: &str, text: &str| Article {
            canonical_url: Some("https://daily.test/ferry-sails-again".to_owned()),
            ..article(url, text)
        };
        let first = at("https://daily.test/ferry-sails-again", &text(0));
        let second = at("https://daily.test/ferry-sails-again?page=2", &text(60));
        assert_eq!(placement(Some(&first), &second), Placement::Unchanged);
        assert!(matches!(
            placement(None, &second),
            Placement::UnderOwnUrl(_)
        ));
    }

    #[test]
    fn of_articles_that_state_one_url_the_same_text_is_the_same_article() {
        let stored = || vec![article(OWN, &text(60)), article(OWN, &text(1))];
        let found = |text: &str, is_named| same_article(&article(STATED, text), is_named, stored());
        assert_eq!(found(&text(1), false), Some(article(OWN, &text(1))));
        assert_eq!(
            found(&text(0), false),
            None,
            "it may be another of a series"
        );
        assert_eq!(found(&text(0), true), Some(article(OWN, &text(1))));
    }

    #[test]
    fn the_first_of_several_similar_texts_is_the_original() {
        let shingles = Shingles::of(&text(0)).unwrap();
        let candidate = |id: &str, changed| (id.to_owned(), text(changed));
        let candidates = [candidate("a", 60), candidate("b", 1), candidate("c", 0)];
        let found = first_duplicate(&shingles, candidates);
        assert_eq!(found.as_deref(), Some("b"));
        assert_eq!(first_duplicate(&shingles, [candidate("a", 60)]), None);
    }

    #[test]
    fn articles_without_text_are_never_duplicates() {
        assert!(!can_be_duplicate(&article(OWN, "")));
        assert!(can_be_duplicate(&article(OWN, "Short.")));
    }

    #[test]
    fn a_revision_counts_on_and_an_amendment_does_not() {
        let stored = Article {
            revision: 3,
            duplicate_of: Some("1".repeat(16)),
            fetched_at: Some("2026-11-24T08:00:00Z".to_owned()),
            title: Some("Ferry returns".to_owned()),
            ..article(OWN, &text(0))
        };
        let mut new = article(OWN, &text(1));
        assert_eq!(changed_fields(&stored, &new), ["title"]);
        revise(&stored, &mut new);
        assert_eq!((new.revision, &new.duplicate_of), (4, &stored.duplicate_of));
        assert_eq!(new.fetched_at, None);
        amend(&stored, &mut new);
        assert_eq!((new.revision, &new.fetched_at), (3, &stored.fetched_at));
    }
}
