//! Names that say nothing of an article where a section or a keyword is expected: 'Home', 'News', 'Uncategorized'
//! in the languages of the news (as data), the site's own name, the author's, the headline.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::extract::fields::field_text;
use crate::extract::fields::sources::PageSources;

/// Generic names by language.
const GENERIC: &[&[&str]] = &[
    &[
        "home",
        "homepage",
        "home page",
        "front page",
        "frontpage",
        "main",
        "index",
        "start",
        "news",
        "all news",
        "latest",
        "latest news",
        "recent news",
        "news feed",
        "newsfeed",
        "top news",
        "top stories",
        "headlines",
        "article",
        "articles",
        "all articles",
        "latest articles",
        "story",
        "stories",
        "post",
        "posts",
        "all posts",
        "blog",
        "blogs",
        "blog post",
        "blog posts",
        "our blog",
        "tag",
        "tags",
        "topic",
        "topics",
        "category",
        "categories",
        "section",
        "sections",
        "uncategorized",
        "uncategorised",
        "unclassified",
        "general",
        "misc",
        "miscellaneous",
        "other",
        "others",
        "archive",
        "archives",
        "featured",
        "site",
        "website",
        "page",
        "pages",
        "wiki",
        "default",
        "undefined",
        "null",
        "none",
        "n a",
        "untitled",
        "print",
        "content",
    ],
    // German
    &[
        "startseite",
        "nachrichten",
        "aktuelles",
        "aktuell",
        "aktuelle nachrichten",
        "artikel",
        "alle artikel",
        "beitrag",
        "beiträge",
        "alle beiträge",
        "meldung",
        "meldungen",
        "neuigkeiten",
        "allgemein",
        "allgemeines",
        "sonstiges",
        "verschiedenes",
        "ohne kategorie",
        "nicht kategorisiert",
        "unkategorisiert",
        "statischeseiten",
    ],
    // French
    &[
        "accueil",
        "actualités",
        "actualité",
        "actu",
        "actus",
        "nouvelles",
        "à la une",
        "la une",
        "articles",
        "non classé",
        "divers",
        "toutes les actualités",
    ],
    // Spanish, Catalan
    &[
        "inicio",
        "portada",
        "noticias",
        "noticia",
        "últimas noticias",
        "actualidad",
        "artículos",
        "artículo",
        "sin categoría",
        "sin clasificar",
        "varios",
        "portada principal",
        "inici",
        "notícies",
        "sense categoria",
    ],
    // Portuguese
    &[
        "início",
        "página inicial",
        "notícias",
        "notícia",
        "últimas notícias",
        "artigos",
        "artigo",
        "sem categoria",
    ],
    // Italian
    &[
        "notizie",
        "notizia",
        "articoli",
        "articolo",
        "prima pagina",
        "senza categoria",
        "ultime notizie",
    ],
    // Dutch
    &[
        "nieuws",
        "voorpagina",
        "artikelen",
        "algemeen",
        "geen categorie",
        "laatste nieuws",
    ],
    // Swedish, Norwegian, Danish, Icelandic
    &[
        "nyheter",
        "nyheder",
        "nyhet",
        "nyhed",
        "hem",
        "hjem",
        "forside",
        "startsida",
        "startsidan",
        "förstasidan",
        "forsiden",
        "artikkel",
        "artikler",
        "artiklar",
        "okategoriserad",
        "okategoriserade",
        "ukategorisert",
        "ikke kategoriseret",
        "allmänt",
        "fréttir",
        "forsíða",
    ],
    // Finnish, Estonian, Latvian, Lithuanian
    &[
        "uutiset",
        "etusivu",
        "artikkelit",
        "yleinen",
        "uudised",
        "avaleht",
        "ziņas",
        "sākums",
        "jaunumi",
        "naujienos",
        "pradžia",
        "straipsniai",
    ],
    // Polish, Czech, Slovak, Slovenian, Croatian, Serbian
    &[
        "strona główna",
        "główna",
        "wiadomości",
        "aktualności",
        "artykuły",
        "artykuł",
        "bez kategorii",
        "zprávy",
        "úvod",
        "domů",
        "články",
        "článek",
        "aktuality",
        "nezařazené",
        "správy",
        "domov",
        "nezaradené",
        "novice",
        "domača stran",
        "vijesti",
        "naslovnica",
        "vesti",
        "naslovna",
        "вести",
        "почетна",
    ],
    // Hungarian, Romanian, Albanian
    &[
        "hírek",
        "címlap",
        "főoldal",
        "kezdőlap",
        "cikkek",
        "egyéb",
        "știri",
        "stiri",
        "acasă",
        "acasa",
        "articole",
        "prima pagină",
        "necategorizat",
        "fără categorie",
        "lajme",
        "ballina",
    ],
    // Greek
    &[
        "αρχική",
        "ειδήσεις",
        "νέα",
        "επικαιρότητα",
        "άρθρα",
        "χωρίς κατηγορία",
    ],
    // Russian, Ukrainian, Bulgarian
    &[
        "главная",
        "новости",
        "новость",
        "статьи",
        "статья",
        "публикации",
        "все новости",
        "лента новостей",
        "без рубрики",
        "без категории",
        "разное",
        "головна",
        "новини",
        "статті",
        "публікації",
        "без категорії",
        "начало",
    ],
    // Turkish
    &[
        "ana sayfa",
        "anasayfa",
        "haberler",
        "haber",
        "genel",
        "son dakika",
        "tüm haberler",
    ],
    // Arabic, Persian, Hebrew
    &[
        "الرئيسية",
        "أخبار",
        "الأخبار",
        "اخبار",
        "مقالات",
        "غير مصنف",
        "خانه",
        "صفحه نخست",
        "خبر",
        "ראשי",
        "חדשות",
        "דף הבית",
        "כתבות",
        "כללי",
    ],
    // Hindi, Bengali
    &["होम", "समाचार", "खबरें", "ख़बरें", "হোম", "সংবাদ", "খবর", "প্রচ্ছদ"],
    // Chinese, Japanese, Korean
    &[
        "首页",
        "首頁",
        "新闻",
        "新聞",
        "文章",
        "正文",
        "资讯",
        "資訊",
        "未分类",
        "未分類",
        "ニュース",
        "トップ",
        "トップページ",
        "ホーム",
        "記事",
        "記事一覧",
        "新着",
        "뉴스",
        "홈",
        "기사",
        "전체기사",
    ],
    // Thai, Vietnamese, Indonesian
    &[
        "หน้าแรก",
        "ข่าว",
        "บทความ",
        "trang chủ",
        "tin tức",
        "tin mới",
        "beranda",
        "berita",
        "artikel",
    ],
];

static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let names = GENERIC.iter().copied().flatten();
    names.map(|name| field_text::plain(name)).collect()
});

/// What the other fields of a page say, and what every site has: neither is a section or a keyword.
#[derive(Debug)]
pub(super) struct KnownNames<'p> {
    headline: String,
    authors: Vec<String>,
    site_names: &'p [String],
}

impl<'p> KnownNames<'p> {
    pub(super) fn of(
        page: &'p PageSources<'_>,
        headline: Option<&str>,
        authors: &[String],
    ) -> KnownNames<'p> {
        KnownNames {
            headline: headline.map(field_text::plain).unwrap_or_default(),
            authors: authors.iter().map(|it| field_text::plain(it)).collect(),
            site_names: &page.site_names,
        }
    }

    /// True for a text, in plain form, that names neither a section nor a subject.
    pub(super) fn contains(&self, plain: &str) -> bool {
        self.is_generic(plain)
            || self.headline == plain
            || self.names_author(plain)
            || self.is_site(plain)
    }

    /// True for the name of an author, and for 'Articles by' an author.
    fn names_author(&self, plain: &str) -> bool {
        let ends_with = |name: &str| {
            let before = plain.strip_suffix(name);
            name.contains(' ') && before.is_some_and(|it| it.ends_with(' '))
        };
        self.authors.iter().any(|it| it == plain || ends_with(it))
    }

    /// The headline in plain form.
    pub(super) fn headline(&self) -> &str {
        &self.headline
    }

    /// True for 'News', also said twice ('news_news').
    fn is_generic(&self, plain: &str) -> bool {
        let mut words = plain.split(' ');
        plain.is_empty() || NAMES.contains(plain) || words.all(|it| NAMES.contains(it))
    }

    /// True for the name of the site, also with the ending of its host.
    fn is_site(&self, plain: &str) -> bool {
        let is = |text: &str| {
            let joined = text.replace(' ', "");
            self.site_names.contains(&joined)
        };
        is(plain)
            || plain
                .rsplit_once(' ')
                .is_some_and(|(name, end)| end.len() <= 3 && !name.contains(' ') && is(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_listed_for_a_language_once() {
        for names in GENERIC {
            let unique: HashSet<_> = names.iter().collect();
            assert_eq!(unique.len(), names.len(), "{names:?}");
        }
    }
}
