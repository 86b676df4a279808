//! The pages of the twelve sites: fronts, articles, feeds, sitemaps, and all that is no article.

use crate::prose::Random;
use crate::sites::{Filed, Make, Site};

/// Pages of every site that are no articles, by path: what they are about.
pub(crate) const SERVICE_PAGES: [&str; 8] = [
    "/about-us",
    "/privacy-notice",
    "/imprint",
    "/contact",
    "/politics",
    "/business",
    "/sport",
    "/tag/harbour",
];

/// The front page as it is at a pass.
pub(crate) fn front(site: &Site, pass: usize) -> String {
    let items: Vec<String> = site
        .named(pass)
        .into_iter()
        .map(|filed| front_item(site, filed))
        .collect();
    let items = items.join("\n");
    let main = match site.make {
        Make::Tables => {
            format!("<table width=960><tr><td><table>{items}</table></td></tr></table>")
        }
        Make::Query => format!("<div id=content><ul class=liste>{items}</ul></div>"),
        Make::Cards => format!("<main><div class=grid>{items}</div></main>"),
        _ => format!("<main>{items}</main>"),
    };
    let feed = match site.make {
        Make::Sister => {
            let host = site.articles_host;
            format!("<link rel=alternate type=\"application/rss+xml\" href=\"http://{host}/rss\">")
        }
        _ => String::new(),
    };
    shell(site, site.name, &feed, &main)
}

fn front_item(site: &Site, filed: &Filed) -> String {
    let title = escaped(&filed.title);
    let teaser = escaped(&teaser(filed));
    let url = match site.make {
        Make::Sister => site.url(filed),
        _ => filed.path.clone(),
    };
    let url = escaped(&url);
    match site.make {
        Make::Cards => format!(
            "<div class=card><img src=\"/i/{0}.jpg\" alt=\"\"><h3>{title}</h3><p>{teaser}</p>\
             <a class=more href=\"{url}\">Read more</a></div>",
            filed.number
        ),
        Make::Query => {
            format!("<li><a href=\"{url}\">{title}</a> <span class=date>24/11</span></li>")
        }
        Make::WordPress => format!(
            "<article class=\"post type-post\"><h2 class=entry-title><a href=\"{url}\" rel=bookmark>\
             {title}</a></h2><div class=entry-summary><p>{teaser}</p></div></article>"
        ),
        Make::RootSlugs => {
            format!("<section><a href=\"{url}\"><h3>{title}</h3></a><p>{teaser}</p></section>")
        }
        Make::Tables => format!(
            "<tr><td width=80><a href=\"{url}\"><img src=\"/t/{0}.jpg\"></a></td>\
             <td><a href=\"{url}\">{title}</a><br><font color=gray>{teaser}</font></td></tr>",
            filed.number
        ),
        Make::Scroll => format!(
            "<article><h2><a href=\"{url}\">{title}</a></h2><time>{}</time>{}</article>",
            date(filed),
            paragraphs(filed)
        ),
        Make::ShortSlugs => {
            format!("<div class=teaser><a href=\"{url}\"><h2>{title}</h2><p>{teaser}</p></a></div>")
        }
        _ => format!("<div class=item><h2><a href=\"{url}\">{title}</a></h2><p>{teaser}</p></div>"),
    }
}

/// The page of an article.
pub(crate) fn article(site: &Site, filed: &Filed) -> String {
    let title = escaped(&filed.title);
    let body = paragraphs(filed);
    let (author, date) = (escaped(filed.author), date(filed));
    let by = format!("<p class=byline>{author} <time datetime=\"{date}\">{date}</time></p>");
    let around = around(site, filed);
    let json = serde_json::json!({
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": filed.title,
        "datePublished": date, "author": { "@type": "Person", "name": filed.author },
    });
    let declared = "<meta property=\"og:type\" content=\"article\">";
    let (head, main) = match site.make {
        Make::Cards | Make::Sister | Make::ShortSlugs => (
            format!("{declared}<meta property=\"article:published_time\" content=\"{date}\">"),
            format!(
                "<main><article><header><h1>{title}</h1>{by}</header>\
                 <div class=article-body>{body}</div></article>{around}</main>"
            ),
        ),
        Make::RootSlugs | Make::Consent => (
            format!("<script type=\"application/ld+json\">{json}</script>"),
            format!(
                "<main><h1>{title}</h1>{by}<div class=story>{body}</div></main><aside>{around}</aside>"
            ),
        ),
        Make::WordPress => (
            String::new(),
            format!(
                "<div id=primary><article class=\"post type-post\"><header><h1 class=entry-title>{title}</h1>\
                 <div class=entry-meta>{by}</div></header><div class=entry-content>{body}</div></article>\
                 </div><div id=secondary class=widget-area>{around}</div>"
            ),
        ),
        Make::Tables => (
            String::new(),
            format!(
                "<table width=960><tr><td width=640><font size=5><b>{title}</b></font><br>{by}\
                 <table><tr><td id=articleBody>{body}</td></tr></table></td>\
                 <td width=300 valign=top>{around}</td></tr></table>"
            ),
        ),
        Make::NewsSitemap => (
            String::new(),
            format!(
                "<main itemscope itemtype=\"https://schema.org/NewsArticle\"><h1 itemprop=headline>{title}</h1>\
                 {by}<div itemprop=articleBody>{body}</div></main>{around}"
            ),
        ),
        Make::Query => (
            String::new(),
            format!(
                "<div id=content><h1>{title}</h1>{by}<div class=texte>{body}</div></div>{around}"
            ),
        ),
        // As plain as a page can be.
        Make::FeedOnly | Make::Scroll => (
            String::new(),
            format!("<article><h1>{title}</h1>{body}</article>{around}"),
        ),
        Make::Firewall => (
            declared.to_owned(),
            format!(
                "<div class=post><h1>{title}</h1>{by}<div class=post-content>{body}</div></div>{around}"
            ),
        ),
    };
    shell(site, &filed.title, &head, &main)
}

/// What stands around an article: buttons, tags, other headlines, comments, a form.
fn around(site: &Site, filed: &Filed) -> String {
    let mut random = Random::new(filed.published.unsigned_abs());
    let others = site.named(filed.pass).into_iter();
    let others = others.filter(|it| it.number != filed.number).take(4);
    let others: String = others
        .map(|it| {
            let (url, title) = (escaped(&it.path), escaped(&it.title));
            format!(
                "<li><a href=\"{url}\">{title}</a><p>{}</p></li>",
                escaped(&teaser(it))
            )
        })
        .collect();
    let comments: String = (0..random.below(4))
        .map(|_| {
            let (name, text) = (
                site.language.name(&mut random),
                site.language.sentence(&mut random),
            );
            format!("<li class=comment><b class=comment-author>{name}</b><p>{text}</p></li>")
        })
        .collect();
    let [.., tag, _] = site.language.labels();
    format!(
        "<div class=share><a href=\"https://social.example/share\">Facebook</a> <a href=\"mailto:?\">E-mail</a></div>\
         <div class=tags><a href=\"/tag/harbour\" rel=tag>{tag}</a></div>\
         <section class=related><ul>{others}</ul></section>\
         <section id=comments class=comments><ol class=comment-list>{comments}</ol></section>\
         <form class=newsletter action=\"/newsletter\"><input name=email><button>OK</button></form>"
    )
}

/// A page that is no article: a notice, or a list of a section or a tag.
pub(crate) fn service(site: &Site, path: &str) -> String {
    let [
        _,
        politics,
        business,
        sport,
        about,
        privacy,
        imprint,
        contact,
        tag,
        _,
    ] = site.language.labels();
    let labels = [
        about, privacy, imprint, contact, politics, business, sport, tag,
    ];
    let at = SERVICE_PAGES.iter().position(|it| *it == path).unwrap_or(0);
    let label = labels[at];
    let main = if at < 4 {
        let notice = site.language.legal().iter().cycle().skip(at).take(5 - at);
        let notice: String = notice.map(|it| format!("<p>{it}</p>")).collect();
        format!("<main><h1>{label}</h1>{notice}</main>")
    } else {
        let items = site.articles.iter().skip(at).step_by(3).take(6);
        let items: String = items.map(|it| front_item(site, it)).collect();
        format!("<main><h1>{label}</h1>{items}</main>")
    };
    shell(site, label, "", &main)
}

/// RSS; of WordPress's make, with a summary and no full text.
pub(crate) fn feed(site: &Site, pass: usize) -> String {
    let items: String = site
        .named(pass)
        .into_iter()
        .map(|filed| {
            let at = jiff::Timestamp::from_millisecond(filed.published).unwrap();
            format!(
                "<item><title>{}</title><link>{}</link><guid>{}</guid><pubDate>{}</pubDate>\
                 <description>{}</description></item>\n",
                escaped(&filed.title),
                escaped(&site.url(filed)),
                escaped(&site.url(filed)),
                at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
                escaped(&teaser(filed)),
            )
        })
        .collect();
    let name = site.name;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>{name}</title>\
         <link>http://{}/</link>\n{items}</channel></rss>",
        site.host
    )
}

/// A news sitemap.
pub(crate) fn news_sitemap(site: &Site, pass: usize) -> String {
    let urls: String = site
        .named(pass)
        .into_iter()
        .map(|filed| {
            format!(
                "<url><loc>{}</loc><news:news><news:publication><news:name>{}</news:name>\
                 <news:language>{}</news:language></news:publication><news:publication_date>{}\
                 </news:publication_date><news:title>{}</news:title></news:news></url>\n",
                escaped(&site.url(filed)),
                site.name,
                site.language.code(),
                date(filed),
                escaped(&filed.title),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n{urls}</urlset>"
    )
}

/// A page of the site: head, menu, content, footer.
fn shell(site: &Site, title: &str, head: &str, main: &str) -> String {
    let [
        home,
        politics,
        business,
        sport,
        about,
        privacy,
        imprint,
        contact,
        ..,
    ] = site.language.labels();
    let language = site.language.code();
    let charset = match site.make {
        Make::Tables => "euc-kr",
        _ => "utf-8",
    };
    let title = match title == site.name {
        true => title.to_owned(),
        false => format!("{} | {}", escaped(title), site.name),
    };
    format!(
        "<!DOCTYPE html>\n<html lang={language}><head><meta charset={charset}><title>{title}</title>{head}</head>\n\
         <body class={0}><header><a class=logo href=\"/\">{0}</a><nav><ul><li><a href=\"/\">{home}</a></li>\
         <li><a href=\"/politics\">{politics}</a></li><li><a href=\"/business\">{business}</a></li>\
         <li><a href=\"/sport\">{sport}</a></li></ul></nav></header>\n{main}\n\
         <footer><ul><li><a href=\"/about-us\">{about}</a></li><li><a href=\"/privacy-notice\">{privacy}</a></li>\
         <li><a href=\"/imprint\">{imprint}</a></li><li><a href=\"/contact\">{contact}</a></li></ul>\
         <p>© 2026 {0}</p></footer></body></html>",
        site.name
    )
}

/// The text of an article as HTML; long ones have a heading, every other one a picture.
fn paragraphs(filed: &Filed) -> String {
    let mut html = String::new();
    for (at, text) in filed.paragraphs.iter().enumerate() {
        let text = escaped(text);
        let tag = if filed.heading == Some(at) { "h2" } else { "p" };
        html.push_str(&format!("<{tag}>{text}</{tag}>\n"));
        if at == 0 && filed.number.is_multiple_of(2) {
            html.push_str(&format!(
                "<figure><img src=\"/i/{0}.jpg\" alt=\"\"><figcaption>{1} · 24/11</figcaption></figure>\n",
                filed.number, filed.author
            ));
        }
    }
    html
}

/// The first words of an article.
fn teaser(filed: &Filed) -> String {
    let words: Vec<&str> = filed.paragraphs[0].split(' ').take(14).collect();
    format!("{} …", words.join(" "))
}

fn date(filed: &Filed) -> String {
    let at = jiff::Timestamp::from_millisecond(filed.published).unwrap();
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
