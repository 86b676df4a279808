//! What a page states about its use: whether it may be read without paying, and its opt-outs from
//! indexing, mining and training. Opt-outs are told as stated, never interpreted here.

use crate::article::{Access, Rights};
use crate::extract::fields::field;
use crate::extract::fields::meta::Metas;
use crate::page::Input;

/// Directives of robots that speak of machine learning, by their beginnings.
const AI_DIRECTIVES: [&str; 3] = ["noai", "noimageai", "noml"];

/// Names of `<meta>` that tell who may read the article.
pub(super) const TIERS: [&str; 2] = ["article:content_tier", "og:article:content_tier"];

/// Microdata's answer to whether the article is free.
pub(super) const IS_FREE: &str = "isaccessibleforfree";

/// Whether the page may be read without paying. JSON-LD speaks of the article itself and is
/// believed before `article:content_tier`.
pub(super) fn access(is_free: Option<bool>, metas: &Metas<'_>) -> Option<Access> {
    let tier = metas.first(&TIERS).first().and_then(|it| of_tier(it));
    match (is_free, tier) {
        // 'Not free' and 'metered' together mean metered.
        (Some(false), Some(Access::Metered)) => Some(Access::Metered),
        (Some(is_free), _) => Some(of_freedom(is_free)),
        (None, tier) => tier.or_else(|| of_answer(metas.get(IS_FREE)?)),
    }
}

/// What an article's tier means.
pub(super) fn of_tier(tier: &str) -> Option<Access> {
    match tier.trim().to_ascii_lowercase().as_str() {
        "free" => Some(Access::Free),
        "metered" => Some(Access::Metered),
        "locked" | "premium" | "paid" => Some(Access::Paywalled),
        _ => None,
    }
}

/// What the answer to 'Is it free?' means.
pub(super) fn of_answer(answer: &str) -> Option<Access> {
    match answer.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(of_freedom(true)),
        "false" | "no" => Some(of_freedom(false)),
        _ => None,
    }
}

/// What it means to be free or not.
pub(super) fn of_freedom(is_free: bool) -> Access {
    if is_free {
        Access::Free
    } else {
        Access::Paywalled
    }
}

/// The opt-outs of the page and of its headers. TDMRep ranks the page's own word above the header.
pub(super) fn rights(metas: &Metas<'_>, input: &Input<'_>) -> Rights {
    let stated: Vec<String> = metas
        .all(&["robots"])
        .chain(input.x_robots_tag)
        .filter_map(field::clean)
        .collect();
    let directives: Vec<&str> = stated
        .iter()
        .flat_map(|it| it.split([',', ' ', ';', ':']))
        .filter(|word| AI_DIRECTIVES.contains(&word.to_ascii_lowercase().as_str()))
        .collect();
    let ai = directives.join(", ");
    Rights {
        robots_meta: field::clean(&stated.join(", ")),
        tdm_reservation: metas
            .get("tdm-reservation")
            .or(input.tdm_reservation)
            .and_then(field::clean),
        ai_policy: field::clean(&ai).or_else(|| metas.get("ai-policy").and_then(field::clean)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metas(pairs: &[(&'static str, &'static str)]) -> Metas<'static> {
        let mut metas = Metas::default();
        for &(name, content) in pairs {
            metas.add([("name", name), ("content", content)].into_iter());
        }
        metas
    }

    #[test]
    fn the_article_s_own_word_on_paying_counts_first() {
        let metered = metas(&[("article:content_tier", "metered")]);
        assert_eq!(access(Some(true), &metered), Some(Access::Free));
        assert_eq!(access(Some(false), &metered), Some(Access::Metered));
        assert_eq!(access(None, &metered), Some(Access::Metered));
        assert_eq!(access(Some(false), &metas(&[])), Some(Access::Paywalled));
        assert_eq!(access(None, &metas(&[])), None);
    }

    #[test]
    fn opt_outs_are_told_as_stated() {
        let page = metas(&[("ROBOTS", "index, noai"), ("tdm-reservation", "1")]);
        let headers = Input {
            x_robots_tag: Some("NoImageAI, nosnippet"),
            tdm_reservation: Some("0"),
            ..Input::default()
        };
        let rights = rights(&page, &headers);
        assert_eq!(
            rights.robots_meta.as_deref(),
            Some("index, noai, NoImageAI, nosnippet")
        );
        assert_eq!(rights.ai_policy.as_deref(), Some("noai, NoImageAI"));
        assert_eq!(rights.tdm_reservation.as_deref(), Some("1"));
    }

    #[test]
    fn a_header_reserves_where_the_page_is_silent() {
        let headers = Input {
            tdm_reservation: Some("1"),
            ..Input::default()
        };
        let rights = rights(&metas(&[]), &headers);
        assert_eq!(rights.tdm_reservation.as_deref(), Some("1"));
    }

    #[test]
    fn a_silent_page_opts_out_of_nothing() {
        assert_eq!(rights(&metas(&[]), &Input::default()), Rights::default());
    }
}
