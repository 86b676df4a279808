//! Pages that a browser shows, because their plain answer leaves everything to scripts and their source has one
//! (`render`).

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use crate::client::{Client, ClientError};
use crate::extract::Extraction;
use crate::fetch::{Arrival, Request, Response};
use crate::render::is_made_by_scripts;
use crate::verdict::VisitOutcome;

impl Client {
    /// Fetches a page as it is extracted: as its server sends it, or as a browser shows it where scripts make it and
    /// its source has a browser.
    ///
    /// # Errors
    ///
    /// Fails where the page can't be fetched, and where the browser is away or fails.
    pub async fn page(&self, url: &Url) -> Result<Response, ClientError> {
        let request = Request::page(url.clone());
        let response = Arc::new(self.fetcher.get(&request).await?);
        let arrival = Arrival::of(&response);
        if self.rules.browser(&response.url).is_some() && arrival.unread().is_none() {
            let extraction = self.read_here(url, &response, Timestamp::now()).await?;
            let shown = self
                .show((&request, &response), (&arrival, &extraction))
                .await;
            let shown = shown.map_err(|(outcome, reason)| ClientError::StandIn {
                url: url.clone(),
                status: response.status,
                outcome,
                reason,
            })?;
            if let Some(shown) = shown {
                return Ok(shown);
            }
        }
        Ok(Arc::unwrap_or_clone(response))
    }

    /// The page as a browser shows it, where scripts make it and its source has one; `None` elsewhere. How the visit
    /// ends, and why, where the browser is away or fails.
    pub(super) async fn show(
        &self,
        (request, plain): (&Request, &Response),
        (arrival, extraction): (&Arrival, &Extraction),
    ) -> Result<Option<Response>, (VisitOutcome, String)> {
        let Some(address) = self.rules.browser(&plain.url) else {
            return Ok(None);
        };
        let is_whole = arrival.correction(extraction.verdict.into()).is_none();
        if !is_whole || !is_made_by_scripts(extraction, &plain.body) {
            return Ok(None);
        }
        let shown = self
            .browsers
            .show(address, &self.fetcher, (request, plain))
            .await;
        match shown {
            Ok(rendered) => Ok(Some(rendered.into_response(plain.clone()))),
            Err(error) => Err((VisitOutcome::NotRendered, error.to_string())),
        }
    }
}
