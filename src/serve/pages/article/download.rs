//! An article as a file, as the output formats write it.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded::byte_serialize;

use crate::article::Article;
use crate::config::Format;
use crate::output::{article_file, format, to_string};
use crate::serve::app::App;
use crate::serve::pages::article::raw;

/// Files that an article can be had as: the end of the address, the format, its media type.
const FILES: [(&str, Format, &str); 2] = [
    (".txt", Format::Text, "text/plain; charset=utf-8"),
    (".md", Format::Markdown, "text/markdown; charset=utf-8"),
];

/// The id and the format that the last part of an address names.
pub(super) fn format_of(name: &str) -> Option<(&str, Format)> {
    let named = |(end, format, _)| Some((name.strip_suffix(end)?, format));
    FILES.into_iter().find_map(named)
}

/// The article as a file of this format.
pub(super) async fn file(app: &App, mut article: Article, name: Format) -> Response {
    if name == Format::Markdown && article.markdown.is_none() {
        article.markdown = match raw::read(app, &article).await {
            Ok(raw) => raw.markdown(),
            // The text is all there is.
            Err(_) => None,
        };
    }
    let media_type = FILES.iter().find(|it| it.1 == name);
    let media_type = media_type.map_or("text/plain; charset=utf-8", |it| it.2);
    let file = format(name);
    let attached = attachment(&article_file(&article, file.extension()), file.extension());
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, attached),
    ];
    (headers, to_string(&article, file)).into_response()
}

/// The header of a file with this name (RFC 6266).
fn attachment(name: &str, extension: &str) -> String {
    let encoded: String = byte_serialize(name.as_bytes()).collect();
    let encoded = encoded.replace('+', "%20").replace('*', "%2A");
    format!("attachment; filename=\"article.{extension}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_address_names_the_format() {
        assert_eq!(format_of("00ff.md"), Some(("00ff", Format::Markdown)));
        assert_eq!(format_of("00ff.txt"), Some(("00ff", Format::Text)));
        assert_eq!(format_of("00ff"), None);
    }

    #[test]
    fn a_name_of_any_script_is_a_header() {
        let header = attachment("2026-11-23-маяк \"x\".txt", "txt");
        assert!(
            header.ends_with("2026-11-23-%D0%BC%D0%B0%D1%8F%D0%BA%20%22x%22.txt"),
            "{header}"
        );
        assert!(header.starts_with("attachment; filename=\"article.txt\"; filename*=UTF-8''"));
    }
}
