//! The twelve sites on a server: what each request is answered, by pass and by how often an address
//! was asked for; and whoever crawls them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::faults::{Damage, Fault, Trouble, Wrapping};
use crate::pages::{self, SERVICE_PAGES};
use crate::sites::{Make, Site};
use crate::support::{Hit, Newsroom, Reply};

/// What changes while the sites are crawled.
#[derive(Debug, Default)]
pub(crate) struct Now {
    pub(crate) pass: usize,
    /// Faults that were answered, by address.
    faults: BTreeMap<String, usize>,
    /// Hosts and passes whose front page or feed has failed once.
    troubled: BTreeSet<(&'static str, usize)>,
}

/// A site on the server.
pub(crate) struct Served {
    site: Site,
    now: Arc<Mutex<Now>>,
}

const CONSENT: &str =
    include_str!("../../fixtures/stand-ins/consent_wall/before-you-continue.html");
const BOT_CHECK: &str = include_str!("../../fixtures/stand-ins/challenge/cf-new.html");
const SOFT_404: &str = include_str!("../../fixtures/stand-ins/soft_404/en1.html");

/// Puts sites on the server of a room, with a source each.
pub(crate) fn serve(room: &mut Newsroom, sites: &[Site]) -> Arc<Mutex<Now>> {
    let now = Arc::new(Mutex::new(Now::default()));
    room.crawl.timeout = Duration::from_secs(3);
    for site in sites {
        for host in BTreeSet::from([site.host, site.articles_host]) {
            let served = Served {
                site: site.clone(),
                now: Arc::clone(&now),
            };
            room.server.site(host, move |hit| served.answer(hit));
        }
        let at = |path: &str| {
            format!("http://{}{path}", site.host)
                .parse::<url::Url>()
                .unwrap()
        };
        match site.make {
            Make::FeedOnly => room.source(site.name, &[]).feeds = vec![at("/rss")],
            Make::NewsSitemap => room.source(site.name, &[]).sitemaps = vec![at("/news.xml")],
            _ => {
                room.source(site.name, &[at("/").as_str()]);
            }
        }
    }
    now
}

impl Served {
    fn answer(&self, hit: &Hit) -> Reply {
        let site = &self.site;
        let mut now = self.now.lock().unwrap();
        let pass = now.pass;
        if hit.path == "/robots.txt" {
            return Reply::status(404);
        }
        if site.troubles[pass] == Trouble::Outage {
            return Reply::hang_up();
        }
        if site.make == Make::Firewall && site.troubles[0] != Trouble::None && pass == 0 {
            return stand_in(Fault::BotCheck(403), hit);
        }
        if let Some(reply) = self.entry_point(hit, &mut now) {
            return reply;
        }
        let path = hit
            .path
            .trim_end_matches("fresh=1")
            .trim_end_matches(['?', '&']);
        if let Some(filed) = site.article(path).filter(|it| it.pass <= pass) {
            if let Some(status) = filed.gone {
                return Reply::status(status);
            }
            // The second half of a visit to a wrapped page.
            let is_second = path != hit.path || hit.headers.contains_key("cookie");
            let served = now.faults.entry(format!("{}{path}", hit.host)).or_default();
            if let Some(fault) = filed.faults.get(*served)
                && !is_second
            {
                *served += 1;
                return match fault {
                    Fault::Cut => self.html(pages::article(site, filed)).cut(700),
                    fault => stand_in(*fault, hit),
                };
            }
            return self.wrapped(pages::article(site, filed), filed.wrapping, hit, is_second);
        }
        if SERVICE_PAGES.contains(&hit.path.as_str()) {
            return self.html(pages::service(site, &hit.path));
        }
        match hit.path.starts_with("/login") {
            true => Reply::html(
                "<title>Log in</title><h1>Log in</h1><form><input type=password></form>",
            ),
            false => Reply::status(404),
        }
    }

    /// The front page, the feed or the sitemap.
    fn entry_point(&self, hit: &Hit, now: &mut Now) -> Option<Reply> {
        let (site, pass) = (&self.site, now.pass);
        let on = |host: &str, path: &str| hit.host == host && hit.path == path;
        let trouble = site.troubles[pass];
        let reply = match site.make {
            Make::FeedOnly if on(site.host, "/rss") => {
                damaged(pages::feed(site, pass), "item", trouble)
            }
            Make::Sister if on(site.articles_host, "/rss") => {
                damaged(pages::feed(site, pass), "item", trouble)
            }
            Make::NewsSitemap if on(site.host, "/news.xml") => {
                damaged(pages::news_sitemap(site, pass), "url", trouble)
            }
            _ if on(site.host, "/") => self.html(pages::front(site, pass)),
            _ => return None,
        };
        match trouble {
            Trouble::Entry(fault) if now.troubled.insert((site.host, pass)) => {
                Some(stand_in(fault, hit))
            }
            _ => Some(reply.with_etag()),
        }
    }

    fn html(&self, html: String) -> Reply {
        if self.site.make != Make::Tables {
            return Reply::html(&html);
        }
        // What it lacks becomes a character reference.
        let (bytes, ..) = encoding_rs::EUC_KR.encode(&html);
        Reply::new(200, "text/html", bytes.into_owned())
    }

    fn wrapped(&self, html: String, wrapping: Wrapping, hit: &Hit, is_second: bool) -> Reply {
        let again = match hit.path.contains('?') {
            true => format!("{}&fresh=1", hit.path),
            false => format!("{}?fresh=1", hit.path),
        };
        let page = self.html(html);
        match wrapping {
            Wrapping::Cookie if !is_second => {
                Reply::redirect(&hit.path).header("Set-Cookie", "seen=1; Path=/")
            }
            Wrapping::MetaRefresh if !is_second => Reply::html(&format!(
                "<html><head><meta http-equiv=\"refresh\" content=\"1; url={}\"></head><body></body></html>",
                pages::escaped(&again)
            )),
            Wrapping::RefreshHeader if !is_second => {
                Reply::html("<p>One moment").header("Refresh", &format!("0; url={again}"))
            }
            Wrapping::ContentType(kind) => page.content_type(kind),
            Wrapping::LyingGzip => page.header("Content-Encoding", "gzip"),
            Wrapping::RawDeflate => page.deflated(),
            _ => page,
        }
    }
}

/// What stands in the place of a page.
fn stand_in(fault: Fault, hit: &Hit) -> Reply {
    match fault {
        Fault::Status(status) => Reply::status(status),
        Fault::Accepted => Reply::new(202, "text/html", ""),
        Fault::Empty => Reply::html(""),
        Fault::BotCheck(status) => Reply::new(status, "text/html; charset=utf-8", BOT_CHECK),
        Fault::ConsentWall => Reply::html(CONSENT),
        // Its headlines lead to the front page.
        Fault::Soft404 => Reply::html(&SOFT_404.replace("href=/a", "href=/#a")),
        Fault::RedirectLoop => Reply::redirect(&hit.path),
        Fault::LogIn => Reply::redirect("/login?next=here"),
        Fault::Cut | Fault::Reset => Reply::hang_up(),
        Fault::Silence => Reply::never(),
    }
}

/// A feed or sitemap, damaged where the pass wants it so; `item` is the name of its elements.
fn damaged(xml: String, item: &str, trouble: Trouble) -> Reply {
    let Trouble::Damaged(damage) = trouble else {
        return Reply::xml(&xml);
    };
    match damage {
        Damage::BareAmpersand => {
            let title = if item == "url" {
                "</news:title>"
            } else {
                "</title>"
            };
            Reply::xml(&xml.replacen(title, &format!(" & more{title}"), 3))
        }
        Damage::CutOff => {
            let last = xml.rfind(&format!("<{item}>")).unwrap_or(0);
            Reply::new(200, "application/xml", &xml.as_bytes()[..last + 30])
        }
        Damage::Warning => Reply::xml(&format!(
            "<br />\n<b>Warning</b>: fopen() failed in feed.php\n{xml}"
        )),
        Damage::Unclosed => Reply::xml(&xml.replacen(&format!("</{item}>"), "", 1)),
        Damage::ContentType => Reply::html(&xml),
        Damage::LyingGzip => Reply::xml(&xml).header("Content-Encoding", "gzip"),
    }
}
