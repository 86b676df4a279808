//! The names of elements. The tree builder wants each as an atom, a number in the place of a
//! string, and to find a name's atom takes longer than to read the name. A page uses a few dozen names again
//! and again, so the last ones are kept.

use html5ever::LocalName;

/// Names that are kept.
const KEPT: usize = 256;

/// The atoms of the names that came last, each with its key in the place that this gives it.
#[derive(Debug)]
pub(super) struct Names {
    kept: Vec<(u64, LocalName)>,
}

impl Default for Names {
    fn default() -> Names {
        Names {
            kept: vec![(0, LocalName::default()); KEPT],
        }
    }
}

impl Names {
    /// The atom of a name, whose last eight letters are the key.
    pub(super) fn get(&mut self, name: &str, key: u64) -> LocalName {
        let (known, kept) = &mut self.kept[place(key)];
        // A name of up to eight letters differs from others of its length in the key.
        let is_short = name.len() <= size_of_val(&key);
        let is_known = *known == key && kept.len() == name.len();
        if !is_known || !is_short && **kept != *name {
            (*known, *kept) = (key, LocalName::from(name));
        }
        kept.clone()
    }
}

/// A place by the key's letters.
fn place(key: u64) -> usize {
    // The multiplier is 2^64 divided by the golden ratio, which spreads any keys over the highest bits.
    let spread = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (spread >> (u64::BITS - KEPT.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> u64 {
        name.bytes().fold(0, |key, it| key << 8 | u64::from(it))
    }

    #[test]
    fn each_name_has_its_own_atom_also_where_two_share_a_place_or_a_key() {
        let mut names = Names::default();
        let mut all: Vec<String> = [
            "a",
            "b",
            "div",
            "blockquote",
            "ockquote",
            "a-blockquote",
            "b-blockquote",
        ]
        .map(str::to_owned)
        .to_vec();
        all.extend((0..2_000).map(|it| format!("data-{it}")));
        for name in all.iter().chain(&all) {
            assert_eq!(names.get(name, key(name)), LocalName::from(name.as_str()));
        }
    }
}
