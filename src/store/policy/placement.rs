//! What an article is to what is stored already: new, a duplicate, a revision, or known.

use url::Url;

use crate::article::Article;
use crate::canonical;
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
    /// Under its own URL, since another article has the canonical URL that its page states.
    UnderOwnUrl(Url),
}

/// Places an article, by the one that is stored under its id.
pub(crate) fn placement(stored: Option<&Article>, article: &Article) -> Placement {
    let Some(stored) = stored else {
        return Placement::New;
    };
    if stored.content_hash == article.content_hash {
        Placement::Unchanged
    } else if stored.url == article.url {
        Placement::Revision
    } else if is_nearly_the_same(stored, article) {
        Placement::Unchanged
    } else {
        // Two URLs, two texts, one canonical URL: the site states it wrongly.
        own_url(article).map_or(Placement::Unchanged, Placement::UnderOwnUrl)
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
    let own = canonical::canonical(&Url::parse(&article.final_url).ok()?);
    (own.as_str() != article.canonical_url).then_some(own)
}

/// Gives an article its own URL as the canonical one.
pub(crate) fn move_to(article: &mut Article, own: Url) {
    article.id = canonical::id(&own);
    article.canonical_url = own.into();
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
            url: url.to_owned(),
            final_url: url.to_owned(),
            canonical_url: STATED.to_owned(),
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
    fn a_page_that_states_its_own_url_has_no_other_place() {
        let stored = article(OWN, &text(0));
        let other = article(STATED, &text(60));
        assert_eq!(placement(Some(&stored), &other), Placement::Unchanged);
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
