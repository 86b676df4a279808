//! Opt-outs from indexing, mining and training. They are recorded as stated; what they forbid is for
//! [`rights`](crate::rights) to say.

use crate::article::Rights;
use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::field_text;
use crate::extract::fields::meta::Metas;
use crate::extract::fields::sources::PageSources;
use crate::limits::Limits;
use crate::page::Input;
use crate::rights::{Signals, joined, rsl};

/// Directives for robots about machine learning.
const AI_DIRECTIVES: [&str; 3] = ["noai", "noimageai", "noml"];

/// What states a page's opt-outs: its `<meta>` elements and its server's headers.
#[derive(Debug, Clone, Copy)]
pub(super) struct RightsSources<'p> {
    metas: &'p Metas<'p>,
    input: &'p Input<'p>,
    limits: &'p Limits,
}

impl<'p> RightsSources<'p> {
    /// The sources of a page.
    pub(super) fn of(page: &'p PageSources<'p>) -> RightsSources<'p> {
        RightsSources {
            metas: &page.scan.metas,
            input: page.input,
            limits: page.limits,
        }
    }

    /// Directives for robots, all of which hold.
    pub(super) fn robots(self) -> impl Iterator<Item = Candidate<'p>> {
        let header = header("X-Robots-Tag", self.input.x_robots_tag);
        self.meta("robots").chain(header)
    }

    /// Reservations of text and data mining. TDMRep ranks the page above the header.
    pub(super) fn reservations(self) -> impl Iterator<Item = Candidate<'p>> {
        let header = header("TDM-Reservation", self.input.tdm_reservation);
        self.meta("tdm-reservation").chain(header)
    }

    /// Policies on machine learning: the directives for robots, else the page's own.
    pub(super) fn ai_policies(self) -> impl Iterator<Item = Candidate<'p>> {
        self.robots().chain(self.meta("ai-policy"))
    }

    /// Signals in robots.txt and headers, and those that a page repeats in its markup.
    pub(super) fn content_signals(self) -> impl Iterator<Item = Candidate<'p>> {
        let stated = self.signal(|it| it.content_signal.as_deref());
        header("Content-Signal", stated).chain(self.meta("content-signal"))
    }

    /// Preferences in robots.txt and headers, and those that a page repeats in its markup.
    pub(super) fn content_usages(self) -> impl Iterator<Item = Candidate<'p>> {
        let stated = self.signal(|it| it.content_usage.as_deref());
        header("Content-Usage", stated).chain(self.meta("content-usage"))
    }

    /// The terms of licences that are known.
    pub(super) fn known_licences(self) -> impl Iterator<Item = Candidate<'p>> {
        header("RSL", self.signal(|it| it.rsl.as_deref()))
    }

    fn signal(self, field: impl Fn(&'p Signals) -> Option<&'p str>) -> Option<&'p str> {
        self.input.signals.and_then(field)
    }

    /// The terms of all licences: those that were read with the page, what the page holds itself, and the files that
    /// it names and that were not read.
    fn licences(self) -> Option<String> {
        let known = self.signal(|it| it.rsl.as_deref());
        let read = rsl::Licences::parse(known.unwrap_or_default());
        let Some(url) = self.input.url else {
            return read.stated().text();
        };
        let page = rsl::OfPage::of(self.input.bytes, url);
        let mut unread = rsl::Licences::default();
        for file in page.files.iter().filter(|it| !read.has(it)) {
            unread.add(file, rsl::Terms::Unread);
        }
        let all = [read.stated().text(), page.inline.text(), unread.text()];
        all.into_iter().fold(None, joined)
    }

    fn all(self, candidates: impl Iterator<Item = Candidate<'p>>) -> Option<String> {
        let values = candidates.map(|it| self.clean(&it.value));
        values.fold(None, joined)
    }

    fn meta(self, name: &'static str) -> impl Iterator<Item = Candidate<'p>> {
        let contents = self.metas.contents(name).iter();
        contents.map(move |it| Candidate::borrowed(Source::Meta(name), it))
    }

    fn clean(self, raw: &str) -> Option<String> {
        field_text::clean(raw, self.limits)
    }

    /// The opt-outs that the page and its headers state.
    pub(super) fn decide(self) -> Rights {
        let robots = self.robots().filter_map(|it| self.clean(&it.value));
        let robots: Vec<String> = robots.collect();
        let directives: Vec<&str> = robots
            .iter()
            .flat_map(|it| it.split([',', ' ', ';', ':']))
            .filter(|word| AI_DIRECTIVES.contains(&word.to_ascii_lowercase().as_str()))
            .collect();
        let own_policy = || {
            let mut policies = self.ai_policies();
            let own = policies.find(|it| it.source == Source::Meta("ai-policy"))?;
            self.clean(&own.value)
        };
        let reservation = self.reservations().next();
        Rights {
            robots_meta: self.clean(&robots.join(", ")),
            tdm_reservation: reservation.and_then(|it| self.clean(&it.value)),
            ai_policy: self.clean(&directives.join(", ")).or_else(own_policy),
            content_signal: self.all(self.content_signals()),
            content_usage: self.all(self.content_usages()),
            // It holds nothing of the page but plain words.
            rsl: self.licences(),
        }
    }
}

fn header<'p>(
    name: &'static str,
    value: Option<&'p str>,
) -> impl Iterator<Item = Candidate<'p>> + use<'p> {
    let value = value.into_iter();
    value.map(move |it| Candidate::borrowed(Source::Header(name), it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(pairs: &[(&'static str, &'static str)], input: &Input<'_>) -> Rights {
        let mut metas = Metas::default();
        for &(name, content) in pairs {
            let attributes = [("name", name), ("content", content)];
            metas.add(attributes.into_iter(), &Limits::DEFAULT);
        }
        let sources = RightsSources {
            metas: &metas,
            input,
            limits: &Limits::DEFAULT,
        };
        sources.decide()
    }

    #[test]
    fn opt_outs_are_recorded_as_stated() {
        let page = [("ROBOTS", "index, noai"), ("tdm-reservation", "1")];
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
        let rights = rights(&[], &headers);
        assert_eq!(rights.tdm_reservation.as_deref(), Some("1"));
    }

    #[test]
    fn a_silent_page_opts_out_of_nothing() {
        assert_eq!(rights(&[], &Input::default()), Rights::default());
    }
}
