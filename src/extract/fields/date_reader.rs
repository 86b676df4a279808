//! How the dates of a page are read: by its language and its host.

use url::Url;

use crate::extract::fields::dates::DateReader;
use crate::extract::fields::language;
use crate::extract::fields::sources::PageSources;

impl PageSources<'_> {
    /// Reads dates in the order that the page's language and host suggest.
    pub(super) fn date_reader(&self) -> DateReader {
        let language = language::declared(self);
        let host = self.url().and_then(Url::host_str);
        DateReader::new(language.as_deref(), host, self.limits)
    }
}
