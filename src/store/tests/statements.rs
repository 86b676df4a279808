//! The statements that a test has run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

use crate::store::sql::database::Value;

static STATEMENTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
static NOTED: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
static NOTES: AtomicBool = AtomicBool::new(false);

/// Notes every statement that any thread of this process carries out by `store::sql::database` from now on.
pub(crate) fn note_all() {
    NOTES.store(true, Ordering::Relaxed);
}

/// Notes a statement that is carried out, with the types of its values.
pub(crate) fn note(sql: &str, values: &[Value]) {
    if NOTES.load(Ordering::Relaxed) {
        let types: Vec<&str> = values.iter().map(Value::type_name).collect();
        let mut noted = NOTED.lock().unwrap();
        noted.insert(sql.to_owned(), types.join(", "));
    }
}

/// The statements that were noted, each with the types of its values.
pub(crate) fn noted() -> BTreeMap<String, String> {
    NOTED.lock().unwrap().clone()
}

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
