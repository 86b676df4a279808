//! When the article was published and when it was changed. Whom to believe first: JSON-LD and
//! `<meta>` speak of the article and are made by the content system; visible dates may be those of
//! another; JSON-LD on the page may be that of the template; the address comes last. Machines tell
//! instants in Greenwich's time; where readers are told the same instant in another, that is the
//! page's own offset.

use super::dates::{self, Moment, Order};
use super::{AFTER_LABEL, LINE_CHARS, NEAR_HEADLINE, Page, meta, visible};
use crate::page::Id;

impl Page<'_, '_> {
    /// The moment of publication, and whether only the address tells it.
    pub(super) fn published(&self, headline: Option<Id>) -> (Option<Moment>, bool) {
        let (beside, far) = self.scan.visible.published_beside(headline, NEAR_HEADLINE);
        let beside = || beside.iter().map(|it| it.text.as_str());
        let far = far.iter().map(|it| it.text.as_str());
        let stated: Vec<&str> = self
            .linked
            .published
            .as_deref()
            .into_iter()
            .chain(self.scan.metas.all(meta::PUBLISHED))
            .chain(beside())
            .chain(self.scan.metas.all(meta::DATED))
            .chain(far.clone())
            .chain(self.linked.page_published.as_deref())
            .collect();
        let order = self.order_agreed(&stated);
        let read = |raw: &str| dates::parse(raw, order);
        let moments: Vec<Moment> = stated.iter().filter_map(|raw| read(raw)).collect();
        let line = || self.near_headline(headline, order);
        if let Some(found) = first_instant(&moments) {
            let seen = || beside().filter_map(read);
            let shown = || seen().chain(far.clone().filter_map(read)).chain(line());
            let earlier = || {
                let bears_out = seen().any(|it| it.is_same_day(&found));
                let told = seen().next().or_else(line).filter(|_| !bears_out)?;
                told.is_on_earlier_day(&found).then_some(told)
            };
            if self.is_of_last_change(&found, order)
                && let Some(earlier) = earlier()
            {
                return (Some(earlier), false);
            }
            return (Some(as_readers_are_told(found, shown)), false);
        }
        let found = self.labelled(order).or_else(line);
        match found {
            Some(moment) => (Some(moment), false),
            None => {
                let day = self.url.and_then(dates::day_in_path);
                (day, day.is_some())
            }
        }
    }

    /// True where the page states one moment for both: then its system knows the last change alone,
    /// and what readers are told is believed before it.
    fn is_of_last_change(&self, published: &Moment, order: Order) -> bool {
        let modified = self.linked.modified.as_deref();
        let mut modified = modified
            .into_iter()
            .chain(self.scan.metas.all(meta::MODIFIED));
        modified.any(|raw| dates::parse(raw, order).as_ref() == Some(published))
    }

    /// The moment of the last change, where it is another than that of publication.
    pub(super) fn modified(
        &self,
        headline: Option<Id>,
        published: Option<Moment>,
    ) -> Option<String> {
        let order = self.order();
        let visible = self.scan.visible.modified(headline);
        let stated = self
            .linked
            .modified
            .as_deref()
            .into_iter()
            .chain(self.scan.metas.all(meta::MODIFIED))
            .chain(visible.iter().map(|it| it.text.as_str()))
            .chain(self.linked.page_modified.as_deref());
        let moments: Vec<Moment> = stated.filter_map(|raw| dates::parse(raw, order)).collect();
        let modified = first_instant(&moments)?;
        let is_first = published.is_some_and(|it| it == modified);
        (!is_first).then(|| modified.to_string())
    }

    pub(super) fn order(&self) -> Order {
        let language = self.language();
        Order::of(language.as_deref(), self.url.and_then(url::Url::host_str))
    }

    /// The order of numbers in which the page's dates agree: a date that can be read in two ways is
    /// read in the one that another of its dates, or its address, bears out.
    fn order_agreed(&self, stated: &[&str]) -> Order {
        let order = self.order();
        let readings = |raw: &&str| {
            Some((
                dates::parse(raw, order)?,
                dates::parse(raw, order.turned())?,
            ))
        };
        let readings: Vec<(Moment, Moment)> = stated.iter().filter_map(readings).collect();
        let is_certain = |(one, other): &(Moment, Moment)| one.is_same_day(other);
        let address = self.url.and_then(dates::day_in_path);
        let certain = readings.iter().filter(|it| is_certain(it)).map(|it| &it.0);
        let certain: Vec<&Moment> = certain.chain(&address).collect();
        let bears_out = |moment: &Moment| certain.iter().any(|it| it.is_same_day(moment));
        let doubtful = readings.iter().find(|it| !is_certain(it));
        match doubtful {
            Some((one, other)) if !bears_out(one) && bears_out(other) => order.turned(),
            Some((one, other)) if !bears_out(one) => {
                let seen = self.labelled(order).filter(|it| it.is_same_day(other));
                seen.map_or(order, |_| order.turned())
            }
            _ => order,
        }
    }

    /// A line beside the headline that is a date.
    pub(super) fn near_headline(&self, headline: Option<Id>, order: Order) -> Option<Moment> {
        self.near(headline?)
            .find_map(|node| self.date_line(node, order))
    }

    /// A short line that is announced as the day of publication, wherever it stands.
    pub(super) fn labelled(&self, order: Order) -> Option<Moment> {
        (0..self.tree.len()).find_map(|node| {
            let text = self.tree.own_text(node)?;
            let rest = dates::after_published(text)?;
            if rest.chars().count() > LINE_CHARS {
                return None;
            }
            let next = || {
                let after = node + 1..self.tree.len().min(node + AFTER_LABEL);
                after
                    .into_iter()
                    .find_map(|node| self.date_line(node, order))
            };
            dates::parse(rest, order).or_else(next)
        })
    }

    /// The date in a text that is no longer than a line, or with which a paragraph opens.
    pub(super) fn date_line(&self, node: Id, order: Order) -> Option<Moment> {
        let text = self.tree.own_text(node)?;
        let is_line = text.len() <= LINE_CHARS * 4
            && text.chars().any(char::is_numeric)
            && text.trim().chars().count() <= LINE_CHARS;
        if is_line {
            dates::parse(text, order)
        } else {
            dates::before_mark(text, order)
        }
    }

    /// The text of a node and what is below it, where it is no longer than a line.
    pub(super) fn line(&self, node: Id) -> Option<String> {
        visible::short_text(self.tree, node, LINE_CHARS)
    }
}

/// The first moment; where it names a day alone and another the instant on that day, the instant.
fn first_instant(moments: &[Moment]) -> Option<Moment> {
    let first = moments.first()?;
    let instant = moments
        .iter()
        .find(|it| it.is_instant() && it.is_same_day(first));
    Some(instant.copied().unwrap_or(*first))
}

/// An instant told in Greenwich's time, in the offset in which readers are told it. Where they are
/// told a day alone, and the instant is the midnight with which it begins, there is no more to it.
fn as_readers_are_told<I: Iterator<Item = Moment>>(found: Moment, shown: impl Fn() -> I) -> Moment {
    if !found.is_utc() {
        return found;
    }
    let told = shown().find_map(|shown| found.told_as(&shown));
    told.unwrap_or_else(|| {
        let day = shown().next().map(|shown| shown.date());
        day.filter(|day| found.begins(day)).unwrap_or(found)
    })
}
