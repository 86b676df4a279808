//! What a site states of the use of a page outside of its markup: in robots.txt, in TDMRep's file, in headers and in
//! the licences that these and the page name. The files are fetched as robots.txt is, and kept beside it. What
//! forbids the purpose of the crawl before a page is fetched is refused here.

use std::sync::Arc;

use reqwest::header::HeaderMap;
use url::Url;

use crate::article::Rights;
use crate::fetch::headers::all;
use crate::fetch::reservations::{self, NoReservations, Reservations};
use crate::fetch::robots::{Robots, SiteFile, SiteFileRequest};
use crate::fetch::{FetchErrorKind, Fetcher, Response};
use crate::rights::rsl::{self, LicenceFile, Licences, OfPage, Terms};
use crate::rights::{Purpose, Reader, Signals, joined};

/// For the sake of which addresses files are fetched, and how fast.
#[derive(Debug, Clone, Copy)]
pub(super) struct Behalf<'a> {
    pub(super) named: &'a [Url],
    pub(super) per_second: f64,
}

impl Fetcher {
    /// The same client for this purpose, by which the opt-outs of sites bind it; [`Purpose::Archive`] otherwise.
    #[must_use]
    pub fn with_purpose(mut self, purpose: Purpose) -> Fetcher {
        self.reader.purpose = purpose;
        self
    }

    /// For whom opt-outs are read.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Fails where what is known of an address before it is requested forbids the purpose.
    pub(super) async fn admit_purpose(
        &self,
        url: &Url,
        robots: Option<&Robots>,
        behalf: Behalf<'_>,
    ) -> Result<(), FetchErrorKind> {
        let rights = self.site_rights(url, robots, behalf).await;
        match self.reader.forbidden_by(&rights) {
            Some(opt_out) => Err(FetchErrorKind::OptOut(opt_out)),
            None => Ok(()),
        }
    }

    /// What robots.txt and the files of a site state of an address.
    async fn site_rights(&self, url: &Url, robots: Option<&Robots>, behalf: Behalf<'_>) -> Rights {
        let signals = robots.map(|it| it.signals(url)).unwrap_or_default();
        let mut licences = Licences::default();
        for file in robots.map_or(&[][..], Robots::licences) {
            self.add_terms(&mut licences, (file, url), behalf).await;
        }
        Rights {
            content_signal: signals.content_signal,
            content_usage: signals.content_usage,
            rsl: licences.stated().text(),
            tdm_reservation: self.reservation(url, behalf).await,
            ..Rights::default()
        }
    }

    /// Adds to an answer what is stated outside of it, and reads the licences that it names.
    pub(super) async fn add_rights(&self, response: &mut Response, behalf: Behalf<'_>) {
        let url = response.url.clone();
        let robots = match self.respect_robots {
            true => self.robots(&url, behalf.per_second).await.ok(),
            false => None,
        };
        let site = self.site_rights(&url, robots.as_deref(), behalf).await;
        let known = Licences::parse(site.rsl.as_deref().unwrap_or_default());
        let mut named = std::mem::take(&mut response.licences);
        named.extend(OfPage::of(&response.body, &url).files);
        let mut licences = Licences::default();
        for file in named.iter().take(rsl::MAX_FILES) {
            if !known.has(file) && !licences.has(file) {
                self.add_terms(&mut licences, (file, &url), behalf).await;
            }
        }
        let stated = Signals {
            content_signal: site.content_signal,
            content_usage: site.content_usage,
            rsl: joined(site.rsl, licences.text()),
        };
        response.signals = stated.and(std::mem::take(&mut response.signals));
        let own = response.tdm_reservation.take();
        response.tdm_reservation = own.or(site.tdm_reservation);
    }

    /// Adds what a licence file says of a page.
    async fn add_terms(&self, all: &mut Licences, (file, page): (&Url, &Url), behalf: Behalf<'_>) {
        match self.licence(file, behalf).await {
            SiteFile::Licence(licence) => {
                all.add(file, licence.terms(page).unwrap_or(Terms::Silent));
            }
            SiteFile::Unread => all.add(file, Terms::Unread),
            SiteFile::Absent | SiteFile::Reservations(_) => all.add(file, Terms::Silent),
        }
    }

    /// A licence, which may be another host's: that host's robots.txt is obeyed then.
    async fn licence(&self, file: &Url, behalf: Behalf<'_>) -> SiteFile {
        // Nothing is asked of a host, not for its robots.txt either, to which the page itself may not lead.
        let admitted = self.exchange.guard.admit(file, behalf.named).await;
        let is_open = admitted.is_ok()
            && (!self.respect_robots
                || matches!(self.robots(file, behalf.per_second).await, Ok(robots) if robots.allows(file)));
        if !is_open {
            return SiteFile::Unread;
        }
        let read = |bytes: &[u8]| match bytes.len() >= rsl::MAX_BYTES {
            true => SiteFile::Unread,
            false => LicenceFile::parse(&String::from_utf8_lossy(bytes))
                .map_or(SiteFile::Absent, |it| SiteFile::Licence(Arc::new(it))),
        };
        self.known_file(file, (rsl::MAX_BYTES, read), behalf).await
    }

    /// What TDMRep's file says of an address; it is asked for only where the answer may change something.
    async fn reservation(&self, url: &Url, behalf: Behalf<'_>) -> Option<String> {
        if !self.reader.asks_for_reservations() {
            return None;
        }
        let file = url.join(reservations::LOCATION).ok()?;
        let read = |bytes: &[u8]| match Reservations::parse(bytes) {
            Ok(reservations) => SiteFile::Reservations(Arc::new(reservations)),
            Err(NoReservations::Other) => SiteFile::Absent,
            Err(NoReservations::Damaged) => SiteFile::Unread,
        };
        let how = (reservations::MAX_BYTES, read);
        match self.known_file(&file, how, behalf).await {
            SiteFile::Reservations(reservations) => reservations.stated(url),
            SiteFile::Unread => Some("unread".to_owned()),
            SiteFile::Absent | SiteFile::Licence(_) => None,
        }
    }

    /// A file from memory, the store or the network.
    async fn known_file(
        &self,
        location: &Url,
        (max_bytes, read): (usize, impl Fn(&[u8]) -> SiteFile),
        behalf: Behalf<'_>,
    ) -> SiteFile {
        let host = self.exchange.hosts.of(location);
        let mut cache = host.robots().await;
        if let Some(known) = cache.file(location) {
            return known;
        }
        let request = SiteFileRequest {
            location,
            named: behalf.named,
            per_second: behalf.per_second,
            max_bytes,
        };
        let (known, lifetime) = match self.site_file(&request, location.as_str()).await {
            Ok((Some(bytes), lifetime)) => (read(&bytes), lifetime),
            Ok((None, lifetime)) => (SiteFile::Absent, lifetime),
            Err(error) => {
                tracing::debug!(url = %location, "not read: {error}");
                let retry = self.exchange.policy.robots_retry;
                (SiteFile::Unread, error.retry_after().unwrap_or(retry))
            }
        };
        cache.insert_file(location, known.clone(), lifetime);
        known
    }
}

/// What the headers of an answer state, and the licences that they name.
pub(super) fn of_headers(headers: &HeaderMap, url: &Url) -> (Signals, Vec<Url>) {
    let signals = Signals {
        content_signal: all(headers, "content-signal"),
        content_usage: all(headers, "content-usage"),
        rsl: None,
    };
    let links = all(headers, "link").unwrap_or_default();
    (signals, rsl::linked(&links, url))
}
