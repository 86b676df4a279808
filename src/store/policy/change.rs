//! Whether a source got worse or better from one pass to the next.

/// How a source's health compares with what it was after the pass before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HealthChange {
    /// As it was.
    #[default]
    Same,
    /// Something is wrong that was not wrong before.
    Worse,
    /// Less is wrong than before.
    Better,
}

impl HealthChange {
    /// Compares the names of the health issues before and now.
    pub fn between(before: &[String], now: &[String]) -> HealthChange {
        if now.iter().any(|issue| !before.contains(issue)) {
            HealthChange::Worse
        } else if now.len() < before.len() {
            HealthChange::Better
        } else {
            HealthChange::Same
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_worse_with_each_new_issue_and_better_with_each_that_is_gone() {
        let named = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        for (before, now, expected) in [
            (&[][..], &[][..], HealthChange::Same),
            (&[], &["quiet"], HealthChange::Worse),
            (&["quiet"], &["quiet"], HealthChange::Same),
            (&["quiet"], &["quiet", "thin"], HealthChange::Worse),
            (&["quiet"], &["thin"], HealthChange::Worse),
            (&["quiet", "thin"], &["thin"], HealthChange::Better),
            (&["quiet"], &[], HealthChange::Better),
        ] {
            assert_eq!(HealthChange::between(&named(before), &named(now)), expected);
        }
    }
}
