//! Which sitemaps of an index are read. A sitemap that has not changed for longer than articles are wanted
//! names none, if the index is right; but many indexes have dates that nobody keeps up.

use url::Url;

/// Names of sitemaps that hold what is new, whatever the index says of their age.
const CURRENT: &[&str] = &["news", "latest", "recent", "today", "current", "breaking"];
/// Of an index without a date that is young enough, so many of the youngest are read…
const YOUNGEST: usize = 3;

/// The sitemaps of an index, with the dates at which it says that they last changed, that may name pages
/// younger than `oldest`.
pub fn maps_to_read(maps: Vec<(Url, Option<i64>)>, oldest: Option<i64>) -> Vec<(Url, Option<i64>)> {
    let Some(oldest) = oldest else {
        return maps;
    };
    let is_young = |at: Option<i64>| at.is_none_or(|at| at >= oldest);
    let is_kept_up = maps.iter().any(|(_, at)| at.is_some_and(|at| at >= oldest));
    let mut dates: Vec<i64> = maps.iter().filter_map(|(_, at)| *at).collect();
    dates.sort_unstable_by(|a, b| b.cmp(a));
    let youngest = dates.get(YOUNGEST - 1).or(dates.last()).copied();
    let count = maps.len();
    let (mut at, mut by_date) = (0, 0);
    maps.into_iter()
        .filter(|(url, changed)| {
            at += 1;
            let is_among = !is_kept_up && *changed >= youngest && by_date < YOUNGEST;
            by_date += usize::from(is_among);
            // …and the first and the last: sites add new ones at either end.
            let is_end = !is_kept_up && (at == 1 || at == count);
            is_young(*changed) || is_among || is_end || is_current(url)
        })
        .collect()
}

/// True for names such as `news-sitemap.xml`, but not for `news-2019-03.xml`.
fn is_current(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let has_year = name
        .split(|c: char| !c.is_ascii_digit())
        .any(|it| it.len() >= 4);
    !has_year
        && words.any(|word| {
            CURRENT
                .iter()
                .any(|it| word == *it || word == format!("{it}sitemap"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(maps: &[(&str, Option<i64>)], oldest: Option<i64>) -> Vec<String> {
        let base = Url::parse("https://paper.example/").unwrap();
        let maps = maps
            .iter()
            .map(|(name, at)| (base.join(name).unwrap(), *at));
        let kept = maps_to_read(maps.collect(), oldest);
        kept.iter()
            .map(|(url, _)| url.path()[1..].to_owned())
            .collect()
    }

    #[test]
    fn an_index_that_is_kept_up_is_believed() {
        let maps = [("a", Some(1)), ("b", Some(9)), ("c", None), ("d", Some(2))];
        assert_eq!(read(&maps, Some(5)), ["b", "c"]);
        assert_eq!(read(&maps, None).len(), 4);
    }

    #[test]
    fn of_an_index_with_old_dates_alone_the_youngest_and_both_ends_are_read() {
        let names: Vec<String> = (0..100).map(|n| format!("m{n}")).collect();
        let dated = |of: fn(i64) -> i64| -> Vec<(&str, Option<i64>)> {
            let dates = (0..100).map(|n| Some(of(n)));
            names.iter().map(String::as_str).zip(dates).collect()
        };
        assert_eq!(read(&dated(|n| n), Some(500)), ["m0", "m97", "m98", "m99"]);
        assert_eq!(read(&dated(|n| -n), Some(500)), ["m0", "m1", "m2", "m99"]);
        assert_eq!(read(&dated(|_| 7), Some(500)), ["m0", "m1", "m2", "m99"]);
        assert_eq!(read(&[("m0", Some(1))], Some(500)), ["m0"]);
    }

    #[test]
    fn a_name_that_says_so_counts_more_than_a_date() {
        let maps = [
            ("news-sitemap.xml", Some(1)),
            ("sitemap_latest.xml.gz", Some(1)),
            ("news-2019-03.xml", Some(1)),
            ("newsletter.xml", Some(1)),
            ("pages.xml", Some(9)),
        ];
        let kept = ["news-sitemap.xml", "sitemap_latest.xml.gz", "pages.xml"];
        assert_eq!(read(&maps, Some(5)), kept);
    }
}
