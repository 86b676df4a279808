//! Whether the article can be read without paying.

use crate::article::Access;
use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::json_ld::LinkedData;
use crate::extract::fields::meta::Metas;

/// Names of `<meta>` that state who may read the article.
const TIERS: [&str; 2] = ["article:content_tier", "og:article:content_tier"];
/// Microdata's answer to whether the article is free.
const IS_FREE: &str = "isaccessibleforfree";

/// What the page states, in order of trust: JSON-LD describes the article itself, then its
/// parts, and comes before the site's tiers.
pub(super) fn candidates<'p>(
    linked: &LinkedData,
    metas: &'p Metas<'_>,
) -> impl Iterator<Item = Candidate<'p, Access>> + use<'p> {
    let json_ld = |property, access: Option<Access>| {
        access.map(|it| Candidate::new(Source::JsonLd(property), it))
    };
    let own = json_ld("isAccessibleForFree", linked.access);
    let of_parts = json_ld("hasPart isAccessibleForFree", linked.access_of_parts);
    let tier = TIERS
        .iter()
        .find_map(|name| Some((*name, metas.get(name)?)));
    let tier = tier.and_then(|(name, tier)| {
        let access = of_tier(tier)?;
        Some(Candidate::new(Source::Meta(name), access))
    });
    let answer = metas.get(IS_FREE).and_then(of_answer);
    let answer = answer.map(|it| Candidate::new(Source::Meta(IS_FREE), it));
    [own, of_parts, tier, answer].into_iter().flatten()
}

/// The first candidate. 'Not free' and 'metered' together mean metered.
pub(super) fn decide(linked: &LinkedData, metas: &Metas<'_>) -> Option<Access> {
    let mut all = candidates(linked, metas);
    let first = all.next()?.value;
    if first == Access::Paywalled && all.any(|it| it.value == Access::Metered) {
        return Some(Access::Metered);
    }
    Some(first)
}

/// What an article's tier means.
fn of_tier(tier: &str) -> Option<Access> {
    match tier.trim().to_ascii_lowercase().as_str() {
        "free" => Some(Access::Free),
        "metered" => Some(Access::Metered),
        "locked" | "premium" | "paid" => Some(Access::Paywalled),
        _ => None,
    }
}

/// What the answer to 'Is it free?' means.
fn of_answer(answer: &str) -> Option<Access> {
    match answer.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(Access::Free),
        "false" | "no" => Some(Access::Paywalled),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn what_the_article_itself_states_on_paying_counts_first() {
        let free = Some(Access::Free);
        let paywalled = Some(Access::Paywalled);
        let access = |own, access_of_parts, tier: &'static str| {
            let mut metas = Metas::default();
            let attributes = [("name", "article:content_tier"), ("content", tier)];
            metas.add(attributes.into_iter(), &Limits::DEFAULT);
            let linked = LinkedData {
                access: own,
                access_of_parts,
                ..LinkedData::default()
            };
            decide(&linked, &metas)
        };
        let metered = Some(Access::Metered);
        assert_eq!(access(free, None, "metered"), free);
        assert_eq!(access(free, paywalled, ""), free);
        assert_eq!(access(paywalled, None, "metered"), metered);
        assert_eq!(access(None, paywalled, ""), paywalled);
        assert_eq!(access(None, None, "metered"), metered);
        assert_eq!(access(paywalled, None, ""), paywalled);
        assert_eq!(access(None, None, ""), None);
    }
}
