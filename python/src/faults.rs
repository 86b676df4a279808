//! Pages that panic or take without end because a test asks for it. Without the feature `faults` there are none.

/// Does what the page's first bytes ask for.
#[cfg(feature = "faults")]
#[expect(clippy::panic, reason = "that is the test")]
pub(crate) fn provoke(page: &[u8], go_on: &dyn Fn() -> bool) {
    if page.starts_with(b"<!-- newsprint: panic -->") {
        panic!("a page asked for it");
    }
    if page.starts_with(b"<!-- newsprint: hang -->") {
        while go_on() {
            std::thread::yield_now();
        }
    }
}

/// Does nothing.
#[cfg(not(feature = "faults"))]
pub(crate) fn provoke(_page: &[u8], _go_on: &dyn Fn() -> bool) {}
