//! The statements that a test has run.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Mutex;

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

static STATEMENTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Collects every statement that this process runs from now on.
pub(crate) fn collect() {
    tracing::subscriber::set_global_default(Statements).unwrap();
}

/// The statements that were collected.
pub(crate) fn collected() -> BTreeSet<String> {
    STATEMENTS.lock().unwrap().clone()
}

/// Collects the statements that sqlx says it has run.
struct Statements;

impl Subscriber for Statements {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Statement);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// The fields of one event. A statement that is short stands in its summary alone.
#[derive(Default)]
struct Statement;

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        let value = value.trim();
        let is_whole = field.name() == "db.statement" || !value.ends_with('…');
        if matches!(field.name(), "db.statement" | "summary") && is_whole && !value.is_empty() {
            STATEMENTS.lock().unwrap().insert(value.to_owned());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = (field, value);
    }
}
