//! The statements that a test has run.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::store::sql::database::Value;

thread_local! {
    /// The statements of this thread, where it notes them: other tests run beside it.
    static NOTED: RefCell<Option<BTreeMap<String, String>>> = const { RefCell::new(None) };
}

/// Notes every statement that this thread carries out by `store::sql::database` from now on.
pub(crate) fn note_all() {
    NOTED.set(Some(BTreeMap::new()));
}

/// Notes a statement that is carried out, with the types of its values.
pub(crate) fn note(sql: &str, values: &[Value]) {
    NOTED.with_borrow_mut(|noted| {
        if let Some(noted) = noted {
            let types: Vec<&str> = values.iter().map(Value::type_name).collect();
            noted.insert(sql.to_owned(), types.join(", "));
        }
    });
}

/// The statements that were noted, each with the types of its values.
pub(crate) fn noted() -> BTreeMap<String, String> {
    NOTED.with_borrow(|noted| noted.clone().unwrap_or_default())
}
