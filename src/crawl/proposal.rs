//! What a survey has found, as a source to begin with.

use std::fmt::Write as _;

use url::Url;

use crate::config::{BlockStyle, NewSource};
use crate::crawl::{Lead, PassedOver, Survey};
use crate::wording::counts::counted;
use crate::wording::plain::plain;
use crate::wording::times::relative;

impl Survey {
    /// A source that begins at all that was found; `None` where nothing was.
    pub fn proposal(&self) -> Option<NewSource> {
        let urls = |leads: &[Lead]| leads.iter().map(|it| it.url.clone()).collect();
        let proposal = NewSource {
            name: name(&self.front),
            start: self.starts().map(|it| it.url.clone()).collect(),
            feeds: urls(&self.feeds),
            sitemaps: urls(&self.sitemaps),
            language: self.primary_language(),
        };
        let is_empty = proposal.entry_points().next().is_none();
        (!is_empty).then_some(proposal)
    }

    /// The proposed source as a block for `config.toml`, with a comment on each address that says what was found there,
    /// and others that say what becomes of the front page's links; `None` where nothing was found.
    pub fn block(&self, now: i64) -> Option<String> {
        Some(self.block_of(&self.proposal()?, now))
    }

    /// The same of the proposal as the caller has changed it.
    pub fn block_of(&self, proposal: &NewSource, now: i64) -> String {
        let notes = |key: &str, url: &Url| {
            let lead = self.leads(key).into_iter().find(|it| it.url == *url);
            lead.map(|it| it.notes(now)).unwrap_or_default()
        };
        proposal.block(&BlockStyle::default(), &notes) + &self.link_comments()
    }

    /// What becomes of the front page's links, as comments.
    pub fn link_comments(&self) -> String {
        let total: usize = self.passed_over.iter().map(|it| it.links).sum();
        let mut out = format!(
            "# Links of the front page: {} followed, {total} passed over\n",
            self.links.articles
        );
        for PassedOver {
            reason,
            links,
            samples,
        } in &self.passed_over
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

    /// The leads of a list of the proposal.
    fn leads(&self, key: &str) -> Vec<&Lead> {
        match key {
            "feeds" => self.feeds.iter().collect(),
            "sitemaps" => self.sitemaps.iter().collect(),
            _ => self.starts().collect(),
        }
    }

    /// The front page and the sections. A wall has no links.
    fn starts(&self) -> impl Iterator<Item = &Lead> {
        let front = Some(&self.links).filter(|it| it.articles > 0);
        front.into_iter().chain(&self.sections)
    }

    fn primary_language(&self) -> Option<String> {
        let primary = self.language.as_ref()?.split('-').next()?;
        Some(primary.to_owned())
    }
}

impl Lead {
    /// `32 articles, 30 this week, newest 2h ago`
    pub fn summary(&self, now: i64) -> String {
        let mut seen = counted(self.articles as u64, "article");
        if let Some(newest) = self.newest {
            let newest = relative(newest, now);
            let _ = write!(seen, ", {} this week, newest {newest}", self.recent);
        }
        seen
    }

    /// What was found there, and some headlines.
    fn notes(&self, now: i64) -> Vec<String> {
        let samples = self.samples.iter().map(|it| plain(it));
        std::iter::once(self.summary(now)).chain(samples).collect()
    }
}

/// `daily-example` of `https://www.daily.example/`
fn name(front: &Url) -> String {
    let host = front.host_str().unwrap_or("source");
    host.trim_start_matches("www.").replace('.', "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::discover::PassReason;

    #[test]
    fn what_is_proposed_can_be_pasted_whatever_headlines_say() {
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
        let block = found.block(3_600_000).unwrap();
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
        assert_eq!(NewSource::from(source), found.proposal().unwrap());
        assert_eq!(source.name, "daily-example");
        assert_eq!((source.start.len(), source.feeds.len()), (2, 1));
        assert_eq!(source.language.as_deref(), Some("en"));
    }

    #[test]
    fn nothing_is_proposed_where_nothing_was_found() {
        let front = Url::parse("https://daily.example/").unwrap();
        let found = Survey {
            links: Lead {
                url: front.clone(),
                articles: 0,
                recent: 0,
                newest: None,
                samples: Vec::new(),
            },
            front,
            instead_of: None,
            problem: None,
            passed_over: Vec::new(),
            language: None,
            feeds: Vec::new(),
            sitemaps: Vec::new(),
            sections: Vec::new(),
        };
        assert_eq!(found.proposal(), None);
        assert_eq!(found.block(0), None);
    }
}
