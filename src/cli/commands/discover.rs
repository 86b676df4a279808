//! `newsprint discover URL`: a site's feeds, sitemaps and sections, as a source ready to paste.

use std::fmt::Write as _;

use anyhow::Result;
use newsprint::crawl::{Lead, PassedOver, Survey, survey};
use newsprint::fetch::Fetcher;
use url::Url;

use crate::cli::args::{Common, DiscoverArgs};
use crate::cli::counts::counted;
use crate::cli::plain::plain;
use crate::cli::printer::Printer;
use crate::cli::signals::block_on;
use crate::cli::{Exit, settings, times};

pub(crate) fn run(args: &DiscoverArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let fetcher = Fetcher::new(&config.crawl, &config.network)?;
    let now = times::now();
    match block_on(async { Ok(survey(&fetcher, &args.url, now).await) })? {
        Ok(found) => {
            if let Some(error) = &found.instead_of {
                printer.error(&format!("{error}; using {} instead", found.front));
            }
            if let Some((_, problem)) = &found.problem {
                printer.error(&format!("{}: {problem}", found.front));
            }
            if is_empty(&found) {
                printer.note(&passed_over(&found));
                printer.error(&format!(
                    "{}: found no feeds, sitemaps or links to articles; try the address of a page \
                     that lists articles",
                    found.front
                ));
                return Ok(Exit::NoArticle);
            }
            printer.text(&(block(&found, now) + &passed_over(&found)))?;
            Ok(Exit::Done)
        }
        Err(error) => {
            printer.error(&error.to_string());
            Ok(if error.stand_in.is_some() {
                Exit::NoArticle
            } else if error.error.is_refusal() {
                Exit::Refused
            } else {
                Exit::Failed
            })
        }
    }
}

/// True where nothing was found that a source could begin with.
fn is_empty(found: &Survey) -> bool {
    let leads = [&found.feeds, &found.sitemaps, &found.sections];
    found.links.articles == 0 && leads.iter().all(|it| it.is_empty())
}

/// What becomes of the front page's links, as comments.
fn passed_over(found: &Survey) -> String {
    let total: usize = found.passed_over.iter().map(|it| it.links).sum();
    let mut out = format!(
        "# Links of the front page: {} followed, {total} passed over\n",
        found.links.articles
    );
    for PassedOver {
        reason,
        links,
        samples,
    } in &found.passed_over
    {
        let samples: Vec<String> = samples.iter().map(|it| plain(it)).collect();
        // Writing to a string can't fail.
        let _ = writeln!(
            out,
            "#   {links} {}: {}",
            reason.text(),
            samples.join(" | ")
        );
    }
    if total > 0 {
        out.push_str(
            "# A pattern of `include` names links to follow, such as include = [\"/news/*\"]\n",
        );
    }
    out
}

/// The source in TOML; each address has a comment that says what was found there.
fn block(found: &Survey, now: i64) -> String {
    let mut out = String::from("[[source]]\n");
    // Writing to a string can't fail.
    let _ = writeln!(out, "name = {}", quoted(&name(&found.front)));
    // A wall has no links.
    let front = Some(&found.links).filter(|it| it.articles > 0);
    let starts: Vec<&Lead> = front.into_iter().chain(&found.sections).collect();
    push_list(&mut out, "start", &starts, now);
    push_list(
        &mut out,
        "feeds",
        &found.feeds.iter().collect::<Vec<_>>(),
        now,
    );
    push_list(
        &mut out,
        "sitemaps",
        &found.sitemaps.iter().collect::<Vec<_>>(),
        now,
    );
    if let Some(language) = &found.language {
        let primary = language.split('-').next().unwrap_or(language);
        let _ = writeln!(out, "language = {}", quoted(primary));
    }
    out
}

fn push_list(out: &mut String, key: &str, leads: &[&Lead], now: i64) {
    if leads.is_empty() {
        return;
    }
    let _ = writeln!(out, "{key} = [");
    for lead in leads {
        let _ = writeln!(
            out,
            "  {},  # {}",
            quoted(lead.url.as_str()),
            seen(lead, now)
        );
        for title in &lead.samples {
            let _ = writeln!(out, "    # {}", plain(title));
        }
    }
    out.push_str("]\n");
}

/// `32 articles, 30 this week, newest 2h ago`
fn seen(lead: &Lead, now: i64) -> String {
    let mut seen = counted(lead.articles as u64, "article");
    if let Some(newest) = lead.newest {
        let newest = times::relative(newest, now);
        let _ = write!(seen, ", {} this week, newest {newest}", lead.recent);
    }
    seen
}

/// `daily-example` of `https://www.daily.example/`
fn name(front: &Url) -> String {
    let host = front.host_str().unwrap_or("source");
    host.trim_start_matches("www.").replace('.', "-")
}

/// A basic string of TOML: the same as a JSON string, except for the delete character.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text.replace('\u{7f}', "")).to_string()
}

#[cfg(test)]
mod tests {
    use newsprint::config::Config;
    use newsprint::discover::PassReason;

    use super::*;

    #[test]
    fn what_is_printed_can_be_pasted_whatever_headlines_say() {
        let lead = |url: &str| Lead {
            url: Url::parse(url).unwrap(),
            articles: 3,
            recent: 1,
            newest: Some(0),
            samples: vec!["Ferry \"back\"\n[[source]]\rname = 1".to_owned()],
        };
        let found = Survey {
            front: Url::parse("https://www.daily.example/").unwrap(),
            instead_of: None,
            problem: None,
            passed_over: vec![PassedOver {
                reason: PassReason::Menu,
                links: 2,
                samples: vec!["Sport\n[[source]]".to_owned(), "World".to_owned()],
            }],
            language: Some("en-GB".to_owned()),
            links: lead("https://www.daily.example/"),
            feeds: vec![lead("https://www.daily.example/feed?a=\"b\"")],
            sitemaps: vec![],
            sections: vec![lead("https://www.daily.example/city/")],
        };
        let block = block(&found, 3_600_000) + &passed_over(&found);
        let menus = "#   2 in a menu, header, footer or sidebar: Sport [[source]] | World\n";
        assert!(block.contains(menus), "{block}");
        assert!(
            block.contains("# 3 articles, 1 this week, newest 1h ago\n"),
            "{block}"
        );
        let config = Config::parse(&block, std::path::Path::new("config.toml")).unwrap();
        let [source] = &config.sources[..] else {
            panic!("{block}");
        };
        assert_eq!(source.name, "daily-example");
        assert_eq!((source.start.len(), source.feeds.len()), (2, 1));
        assert_eq!(source.language.as_deref(), Some("en"));
    }
}
