//! Where pages name licences, and the licences that stand in pages themselves.

use url::Url;

use super::{LicenceFile, Licences, MAX_BYTES, MAX_FILES, MEDIA_TYPE};
use crate::rights::scan::{Piece, Pieces};

/// The licence files that a page's markup names, and the licences that it holds itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfPage {
    /// Addresses of files: `<link rel="license" type="application/rsl+xml" href=…>`.
    pub files: Vec<Url>,
    /// What `<script type="application/rsl+xml">` holds.
    pub inline: Licences,
}

impl OfPage {
    /// Reads the markup of a page at an address. Pages without the media type, nearly all, are not looked through.
    pub fn of(bytes: &[u8], page: &Url) -> OfPage {
        let mut found = OfPage::default();
        let has = |word: &[u8]| memchr::memmem::find(bytes, word).is_some();
        if !has(b"sl+xml") && !has(b"SL+XML") {
            return found;
        }
        let text = String::from_utf8_lossy(bytes);
        let (mut pieces, mut scripts) = (Pieces::of(&text), 0);
        while let Some(piece) = pieces.next() {
            let Piece::Open {
                name, attributes, ..
            } = piece
            else {
                continue;
            };
            let of = |key: &str| {
                let mut all = attributes.iter().filter(|(name, _)| name == key);
                all.next().map_or("", |(_, value)| value.as_str())
            };
            let is_licence = is_licence(of("type"));
            match name.as_str() {
                "script" | "style" => {
                    let content = pieces.raw(&name);
                    if is_licence && scripts < MAX_FILES {
                        scripts += 1;
                        found.script(content, page);
                    }
                }
                "link" if is_licence && has_word(of("rel"), "license") => {
                    found.link(of("href"), page);
                }
                _ => {}
            }
        }
        found
    }

    /// Adds a file that the page names.
    fn link(&mut self, href: &str, page: &Url) {
        let url = page.join(href.trim()).ok();
        let url = url.filter(|it| matches!(it.scheme(), "http" | "https"));
        self.files.extend(url.filter(|it| !self.files.contains(it)));
        self.files.truncate(MAX_FILES);
    }

    fn script(&mut self, text: &str, page: &Url) {
        let file = LicenceFile::parse(&text[..text.floor_char_boundary(MAX_BYTES)]);
        if let Some(terms) = file.and_then(|it| it.terms(page)) {
            self.inline.0.push((Licences::INLINE.to_owned(), terms));
        }
    }
}

/// The licence files that `Link` headers name (RFC 8288): `<https://…>; rel="license"; type="application/rsl+xml"`.
pub fn linked(header: &str, page: &Url) -> Vec<Url> {
    let mut found = OfPage::default();
    for link in header.split('<').skip(1) {
        let Some((target, parameters)) = link.split_once('>') else {
            continue;
        };
        let parameter = |name: &str| {
            let mut all = parameters
                .split([';', ','])
                .filter_map(|it| it.split_once('='));
            let value = all.find(|(key, _)| key.trim().eq_ignore_ascii_case(name));
            value.map_or("", |(_, value)| value.trim().trim_matches('"'))
        };
        if has_word(parameter("rel"), "license") && is_licence(parameter("type")) {
            found.link(target, page);
        }
    }
    found.files
}

fn is_licence(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(MEDIA_TYPE)
}

fn has_word(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace()
        .any(|it| it.eq_ignore_ascii_case(word))
}
