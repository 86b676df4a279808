//! Words and extensions in addresses, as data: service pages, files, parameters.

use url::Url;

/// What a path segment says of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    /// No article, wherever its link stands.
    Never,
    /// No article, unless the page puts it forward as a headline: `/games/` may be a section.
    Perhaps,
}

/// The sort of service page that a path or its parameters name, if they name one.
pub(super) fn service(url: &Url) -> Option<Service> {
    let segments = || {
        let path = url.path_segments().into_iter().flatten();
        path.map(str::to_ascii_lowercase)
    };
    if segments().any(|it| SERVICE_WORDS.contains(&it.as_str())) {
        Some(Service::Never)
    } else if segments().any(|it| SECTION_WORDS.contains(&it.as_str())) {
        Some(Service::Perhaps)
    } else {
        None
    }
}

/// Path segments of pages that are not articles.
const SERVICE_WORDS: &[&str] = &[
    "tag",
    "tags",
    "category",
    "categories",
    "author",
    "authors",
    "autor",
    "autoren",
    "auteur",
    "profile",
    "user",
    "users",
    "account",
    "login",
    "log-in",
    "signin",
    "sign-in",
    "signup",
    "sign-up",
    "logout",
    "register",
    "registration",
    "subscribe",
    "subscription",
    "abo",
    "newsletter",
    "newsletters",
    "search",
    "suche",
    "recherche",
    "about-us",
    "contact",
    "contact-us",
    "kontakt",
    "impressum",
    "imprint",
    "privacy",
    "privacy-policy",
    "datenschutz",
    "terms",
    "terms-of-use",
    "terms-of-service",
    "cookies",
    "cookie-policy",
    "advertise",
    "cart",
    "checkout",
    "feed",
    "rss",
    "sitemap",
    "page",
    "wp-login.php",
    "wp-admin",
    "wp-content",
    "cdn-cgi",
    "share",
];

/// Path segments of service pages that are sections of articles on some sites.
const SECTION_WORDS: &[&str] = &[
    "about",
    "help",
    "faq",
    "jobs",
    "careers",
    "shop",
    "store",
    "archive",
    "archives",
    "archiv",
    "print",
    "amp",
    "comments",
    "games",
    "horoscope",
];

/// Extensions of files that are not pages.
pub(super) const MEDIA: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "svg", "avif", "pdf", "mp3", "mp4", "m4a", "mov", "avi",
    "webm", "zip", "gz", "rar", "exe", "dmg", "apk", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
    "css", "js", "json", "xml", "rss", "ics", "epub", "txt", "csv",
];

/// Parameters whose number names an article.
pub(super) const ARTICLE_PARAMETERS: &[&str] = &[
    "p",
    "id",
    "aid",
    "nid",
    "sid",
    "article",
    "articleid",
    "article_id",
    "artid",
    "art",
    "newsid",
    "news_id",
    "news",
    "story",
    "storyid",
    "story_id",
    "post",
    "postid",
    "post_id",
    "itemid",
    "idxno",
    "no",
    "docid",
];

/// Parameters of lists, searches and feeds.
pub(super) const SERVICE_PARAMETERS: &[&str] = &[
    "cat", "category", "tag", "author", "s", "q", "m", "page", "paged", "page_id", "feed",
];
