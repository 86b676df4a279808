//! When the article was published and when it was changed. Whom to believe first: JSON-LD and
//! `<meta>` speak of the article and are made by the content system; visible dates may be those of
//! another; JSON-LD on the page may be that of the template; the address comes after these, and last the
//! only day that the data of the page's scripts or its lines name. Machines tell
//! instants in Greenwich's time; where readers are told the same instant in another, that is the
//! page's own offset.

use crate::extract::fields::dates::{self, DateTime, Order};
use crate::extract::fields::visible::{self, MarkedText};
use crate::extract::fields::{
    AFTER_LABEL, LINE_CHARS, NEAR_HEADLINE, PageSources, meta, script_data,
};
use crate::page::Id;

/// Nodes before a day in which what it is the day of may stand.
const BEFORE_DAY: usize = 4;
/// Characters of such a label.
const LABEL_CHARS: usize = 30;
/// Words of a line that is hardly more than a date.
const DATE_WORDS: usize = 8;

/// The moment of publication.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Publication {
    pub(super) moment: Option<DateTime>,
    /// What is doubtful about it, as a warning of the record.
    pub(super) doubt: Option<&'static str>,
}

/// The doubt about a day that the page announces as that of a change.
const FROM_UPDATE: &str = "published_from_update";

impl Publication {
    fn sure(moment: DateTime) -> Publication {
        Publication {
            moment: Some(moment),
            doubt: None,
        }
    }
}

/// Where the day of publication may stand when nothing states or marks it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// A line that announces it.
    Labelled,
    /// A line beside the headline.
    BesideHeadline,
    /// The page's address.
    Address,
    /// The data of the page's scripts.
    Data,
    /// The only line of the page that is a date.
    OnlyLine,
}

impl Place {
    /// The most trusted first.
    pub(super) const ALL: [Place; 5] = [
        Place::Labelled,
        Place::BesideHeadline,
        Place::Address,
        Place::Data,
        Place::OnlyLine,
    ];

    /// What `explain` calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Place::Labelled => "line that says 'published'",
            Place::BesideHeadline => "line beside the headline",
            Place::Address => "the address",
            Place::Data => "the page's own data",
            Place::OnlyLine => "only day on the page",
        }
    }
}

impl PageSources<'_, '_> {
    /// The moment of publication. Where readers are told no other day than that of a change, it is
    /// that day, and doubtful.
    pub(super) fn published(&self, headline: Option<Id>) -> Publication {
        let (beside, far) = self.scan.visible.published_beside(headline, NEAR_HEADLINE);
        fn mentioned<'m>(it: &&'m MarkedText) -> (&'m str, Option<Id>) {
            (it.text.as_str(), Some(it.node))
        }
        let metas = |names| self.scan.metas.all(names).map(|it| (it, None));
        let linked = self.linked.published.as_deref();
        let of_page = self.linked.page_published.as_deref();
        let stated: Vec<(&str, Option<Id>)> = linked
            .map(|it| (it, None))
            .into_iter()
            .chain(metas(meta::PUBLISHED))
            .chain(beside.iter().map(mentioned))
            .chain(metas(meta::DATED))
            .chain(far.iter().map(mentioned))
            .chain(of_page.map(|it| (it, None)))
            .collect();
        let order = self.order_agreed(&stated);
        let read = |raw: &str| dates::parse(raw, order);
        let read_all = stated
            .iter()
            .filter_map(|(raw, node)| Some((read(raw)?, *node)));
        let (moments, nodes): (Vec<DateTime>, Vec<Option<Id>>) = read_all.unzip();
        if let Some(found) = first_instant(&moments) {
            let seen = || beside.iter().filter_map(|it| read(&it.text));
            let line = || Some(self.near_headline(headline, order)?.0);
            let far = || far.iter().filter_map(|it| read(&it.text));
            let shown = || seen().chain(far()).chain(line());
            let earlier = || {
                let bears_out = seen().any(|it| it.is_same_day(&found));
                let told = seen().next().or_else(line);
                told.filter(|it| !bears_out && it.is_on_earlier_day(&found))
            };
            let is_of_address = || {
                self.day_of_address()
                    .is_some_and(|it| it.is_same_day(&found))
            };
            if let Some(labelled) = self.labelled_near(headline, order)
                && labelled.is_on_earlier_day(&found)
                && !is_of_address()
            {
                return Publication::sure(labelled);
            }
            if self.is_of_last_change(&found, order)
                && let Some(earlier) = earlier()
            {
                return Publication::sure(earlier);
            }
            let node = nodes.first().copied().flatten();
            return Publication {
                moment: Some(as_readers_are_told(found, shown)),
                doubt: node.and_then(|it| self.doubt_of_change(it)),
            };
        }
        let mut places = Place::ALL.into_iter();
        let found = places.find_map(|place| self.unmarked_day(place, headline, order));
        found.unwrap_or_default()
    }

    /// The day that stands at a place which nothing states or marks.
    pub(super) fn unmarked_day(
        &self,
        place: Place,
        headline: Option<Id>,
        order: Order,
    ) -> Option<Publication> {
        let of_line = |(moment, node)| Publication {
            moment: Some(moment),
            doubt: self.doubt_of_change(node),
        };
        match place {
            Place::Labelled => self.labelled(order).map(Publication::sure),
            Place::BesideHeadline => self.near_headline(headline, order).map(of_line),
            Place::Address => self.day_of_address().map(|day| Publication {
                moment: Some(day),
                doubt: Some("date_from_url"),
            }),
            Place::Data => script_data::only_day(self.source).map(Publication::sure),
            Place::OnlyLine => self.only_day(order).map(of_line),
        }
    }

    /// The warning for a day that the page announces as that of a change.
    fn doubt_of_change(&self, node: Id) -> Option<&'static str> {
        let line = visible::short_text(self.tree, node, LINE_CHARS);
        let before = (node.saturating_sub(BEFORE_DAY)..node).rev();
        let mut before = before.filter_map(|it| self.tree.own_text(it));
        let label = before.find(|it| !it.trim().is_empty());
        let label = label.filter(|it| it.chars().count() <= LABEL_CHARS);
        let says_so = |text: &str| dates::announces_change(text);
        let is_change = line.as_deref().is_some_and(says_so) || label.is_some_and(says_so);
        is_change.then_some(FROM_UPDATE)
    }

    /// True where the page states one moment for both: then its system knows the last change alone,
    /// and what readers are told is believed before it.
    fn is_of_last_change(&self, published: &DateTime, order: Order) -> bool {
        let modified = self.linked.modified.as_deref();
        let mut modified = modified
            .into_iter()
            .chain(self.scan.metas.all(meta::MODIFIED));
        modified.any(|raw| dates::parse(raw, order).as_ref() == Some(published))
    }

    /// The moment of the last change, where it is another than that of publication, or all that the
    /// page tells.
    pub(super) fn modified(&self, headline: Option<Id>, published: Publication) -> Option<String> {
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
        let moments: Vec<DateTime> = stated.filter_map(|raw| dates::parse(raw, order)).collect();
        let is_of_change = published.doubt == Some(FROM_UPDATE);
        let of_change = published.moment.filter(|_| is_of_change);
        let modified = first_instant(&moments).or(of_change)?;
        let is_first = !is_of_change && published.moment == Some(modified);
        (!is_first).then(|| modified.to_string())
    }

    pub(super) fn order(&self) -> Order {
        let language = self.language();
        Order::of(language.as_deref(), self.url.and_then(url::Url::host_str))
    }

    /// The order of numbers in which the page's dates agree: a date that can be read in two ways is
    /// read in the one that another of its dates, or its address, bears out.
    fn order_agreed(&self, stated: &[(&str, Option<Id>)]) -> Order {
        let order = self.order();
        let readings = |(raw, _): &(&str, Option<Id>)| {
            Some((
                dates::parse(raw, order)?,
                dates::parse(raw, order.turned())?,
            ))
        };
        let readings: Vec<(DateTime, DateTime)> = stated.iter().filter_map(readings).collect();
        let is_certain = |(one, other): &(DateTime, DateTime)| one.is_same_day(other);
        let address = self.day_of_address();
        let certain = readings.iter().filter(|it| is_certain(it)).map(|it| &it.0);
        let certain: Vec<&DateTime> = certain.chain(&address).collect();
        let bears_out = |moment: &DateTime| certain.iter().any(|it| it.is_same_day(moment));
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
    fn near_headline(&self, headline: Option<Id>, order: Order) -> Option<(DateTime, Id)> {
        self.near(headline?)
            .find_map(|node| Some((self.date_line(node, order)?, node)))
    }

    /// A line that is hardly more than a date, where the page has no such line of another day.
    fn only_day(&self, order: Order) -> Option<(DateTime, Id)> {
        let is_short = |node: &Id| {
            let text = self.tree.own_text(*node).unwrap_or_default();
            text.split_whitespace().nth(DATE_WORDS).is_none()
        };
        let lines = (0..self.tree.len()).filter(is_short);
        let mut lines = lines.filter_map(|node| Some((self.date_line(node, order)?, node)));
        let only = lines.next()?;
        lines.all(|(it, _)| it.is_same_day(&only.0)).then_some(only)
    }

    fn day_of_address(&self) -> Option<DateTime> {
        self.url.and_then(dates::day_in_path)
    }

    /// What readers are told beside the headline to be the day of publication. Where it is earlier
    /// than the one that machines are told, the content system has dated the article anew.
    fn labelled_near(&self, headline: Option<Id>, order: Order) -> Option<DateTime> {
        let mut near = self.near(headline?);
        near.find_map(|node| self.labelled_at(node, order))
    }

    /// A short line that is announced as the day of publication, wherever it stands.
    fn labelled(&self, order: Order) -> Option<DateTime> {
        (0..self.tree.len()).find_map(|node| self.labelled_at(node, order))
    }

    /// The day that a short line announces as that of publication.
    fn labelled_at(&self, node: Id, order: Order) -> Option<DateTime> {
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
    }

    /// The date in a text that is no longer than a line, or with which a paragraph opens.
    pub(super) fn date_line(&self, node: Id, order: Order) -> Option<DateTime> {
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
fn first_instant(moments: &[DateTime]) -> Option<DateTime> {
    let first = moments.first()?;
    let instant = moments
        .iter()
        .find(|it| it.is_instant() && it.is_same_day(first));
    Some(instant.copied().unwrap_or(*first))
}

/// An instant told in Greenwich's time, in the offset in which readers are told it. Where they are
/// told a day alone, and the instant is the midnight with which it begins, there is no more to it.
fn as_readers_are_told<I: Iterator<Item = DateTime>>(
    found: DateTime,
    shown: impl Fn() -> I,
) -> DateTime {
    if !found.is_utc() {
        return found;
    }
    let told = shown().find_map(|shown| found.told_as(&shown));
    told.unwrap_or_else(|| {
        let day = shown().next().map(|shown| shown.date());
        day.filter(|day| found.begins(day)).unwrap_or(found)
    })
}
