//! The names of elements and attributes. The tree builder wants each as an atom, a number in the place of a
//! string, and to find a name's atom takes longer than to read the name. A page uses a few dozen names again
//! and again, so the last ones are kept.

use html5ever::LocalName;

/// Names that are kept.
const KEPT: usize = 256;

/// The atoms of the names that came last, each in the place that its letters give it.
#[derive(Debug)]
pub(super) struct Names {
    kept: Vec<LocalName>,
}

impl Default for Names {
    fn default() -> Names {
        Names {
            kept: vec![LocalName::default(); KEPT],
        }
    }
}

impl Names {
    /// The atom of a name.
    pub(super) fn get(&mut self, name: &str) -> LocalName {
        let kept = &mut self.kept[place(name)];
        if **kept != *name {
            *kept = LocalName::from(name);
        }
        kept.clone()
    }
}

/// A place for a name, by its length, its first letter and its last two.
fn place(name: &str) -> usize {
    let letter = |at: usize| name.as_bytes().get(at).map_or(0, |&it| usize::from(it));
    let (first, length) = (letter(0), name.len());
    let (last, next) = (
        letter(length.wrapping_sub(1)),
        letter(length.wrapping_sub(2)),
    );
    (first ^ (length << 3) ^ (last << 1) ^ (next << 2)) % KEPT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_own_atom_also_where_two_share_a_place() {
        let mut names = Names::default();
        let mut all: Vec<String> = ["", "a", "b", "div", "class", "data-id"]
            .map(str::to_owned)
            .to_vec();
        all.extend((0..2_000).map(|it| format!("data-{it}")));
        for name in all.iter().chain(&all) {
            assert_eq!(names.get(name), LocalName::from(name.as_str()));
        }
    }
}
