//! The page that an error answer shows in place of what was asked for.

use std::fmt;

use url::Url;

use crate::page::Input;

/// The page that an error answer shows: often a bot check, sometimes the site's own words.
#[derive(Clone, PartialEq, Eq)]
pub struct ErrorPage {
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// Its start, decompressed, at most [`error_page_bytes`](crate::limits::Limits::error_page_bytes).
    pub body: Vec<u8>,
}

impl ErrorPage {
    /// The page as it is parsed and extracted.
    pub fn input<'a>(&'a self, url: &'a Url) -> Input<'a> {
        let input = Input::new(&self.body).with_url(url);
        input.with_content_type(self.content_type.as_deref())
    }
}

impl fmt::Debug for ErrorPage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ErrorPage({} bytes)", self.body.len())
    }
}
