//! Which attributes an element has, before any of them is compared.

/// A set of names of attributes: a bit each, by the first letter and the length. Most elements do not have the
/// attribute that is asked for, and most names have bits of their own, so that most questions are answered
/// without a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AttrNames(u64);

impl AttrNames {
    /// The set of one name.
    #[inline]
    pub const fn of(name: &str) -> AttrNames {
        let first = match name.as_bytes() {
            [first, ..] => first.to_ascii_lowercase() as usize,
            [] => 0,
        };
        AttrNames(1 << ((first ^ name.len()) & 63))
    }

    /// The names of both sets.
    #[must_use]
    pub const fn with(self, other: AttrNames) -> AttrNames {
        AttrNames(self.0 | other.0)
    }

    /// False where a name of the other set is missing; mostly true where none is.
    #[inline]
    pub const fn may_hold(self, other: AttrNames) -> bool {
        self.0 & other.0 == other.0
    }

    /// False where the sets have no name in common.
    pub const fn may_share(self, other: AttrNames) -> bool {
        self.0 & other.0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_its_names_in_any_case_and_lacks_most_others() {
        let names = AttrNames::of("href").with(AttrNames::of("class"));
        assert!(names.may_hold(AttrNames::of("href")) && names.may_hold(AttrNames::of("Class")));
        assert!(names.may_hold(AttrNames::default()) && !names.may_share(AttrNames::default()));
        for other in ["style", "id", "hidden", "itemprop", "src", ""] {
            let other = AttrNames::of(other);
            assert!(!names.may_hold(other) && !names.may_share(other));
            assert!(names.may_share(other.with(names)) && !names.may_hold(other.with(names)));
        }
    }
}
