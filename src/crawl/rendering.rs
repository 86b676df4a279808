//! Pages of a visit that a browser shows, because their plain answer leaves everything to scripts.

use std::sync::Arc;

use crate::crawl::plan::CompiledSource;
use crate::crawl::read::FirstPage;
use crate::crawl::visit::Visitor;
use crate::fetch::{Arrival, Correction, Request, Response};
use crate::frontier::Due;
use crate::verdict::VisitOutcome;

impl Visitor {
    /// Has the source's browser show a page, and reads it again. What was read in the plain answer stays where the
    /// browser is away or fails, with the reason.
    pub(super) async fn render(
        &self,
        due: &Due,
        (request, plain): (&Request, Response),
        (mut first, plan): (FirstPage, &Arc<CompiledSource>),
    ) -> (FirstPage, Arrival) {
        let arrival = Arrival::of(&plain);
        let Some(address) = &plan.source.render else {
            return (first, arrival);
        };
        let page = (request, &plain);
        let shown = self.browsers.show(address, &self.fetcher, page).await;
        let rendered = match shown {
            Ok(rendered) => rendered,
            Err(error) => {
                first.correct(Correction::Replace(
                    VisitOutcome::NotRendered,
                    error.to_string(),
                ));
                return (first, arrival);
            }
        };
        let note = rendered.note(self.fetcher.limits().render_time);
        tracing::debug!(url = %due.url, "{note}");
        let response = rendered.into_response(plain);
        let arrival = Arrival::of(&response);
        let mut first = self
            .read_blocking(due.clone(), response, Arc::clone(plan))
            .await;
        let reading = &mut first.reading;
        if !reading.outcome.is_article() && reading.outcome != VisitOutcome::Index {
            let reason = reading.reason.take().unwrap_or_default();
            reading.reason = Some(format!("{reason}; {note}"));
        }
        (first, arrival)
    }
}
