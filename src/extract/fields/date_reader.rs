//! How the dates of a page are read: by its language and its host; and how they are written.

use url::Url;

use crate::extract::fields::dates::{DateReader, DateTime, Fetched};
use crate::extract::fields::language;
use crate::extract::fields::sources::PageSources;

impl PageSources<'_> {
    /// Reads dates in the order that the page's language and host suggest.
    pub(super) fn date_reader(&self) -> DateReader {
        let language = language::declared(self);
        let host = self.url().and_then(Url::host_str);
        DateReader::new(language.as_deref(), host, self.limits)
    }

    /// When the page was fetched, if that is known.
    pub(super) fn fetched(&self) -> Option<Fetched<'_>> {
        let at = self.input.fetched_at?;
        let zone = self.rules.timezone();
        Some(Fetched { at, zone })
    }

    /// A date as it is recorded: a local time in the time zone of its source, where that is known.
    pub(super) fn recorded(&self, date: DateTime) -> String {
        date.in_zone(self.rules.timezone()).to_string()
    }
}
