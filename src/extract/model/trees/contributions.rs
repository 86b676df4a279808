//! How much each feature contributed to a score. A block goes from the root of each tree to a leaf; at
//! each fork, the change in value is credited to the fork's feature (A. Saabas, 'Interpreting random
//! forests', 2014). The value of a fork is the mean of its two sides, because the file does not say how
//! many training blocks went either way. Computed only for explanations.

use crate::extract::model::trees::{
    BOUNDS, BoostedTrees, LAST_BOUND, Row, TREES_AT_ONCE, Tree, WINDOW, padded, step,
};

/// Trees whose forks have values.
#[derive(Debug)]
pub struct Contributions<'f> {
    trees: &'f BoostedTrees,
    /// By node.
    values: Vec<f32>,
}

impl BoostedTrees {
    /// The trees, ready to explain scores.
    pub fn contributions(&self) -> Contributions<'_> {
        let mut values = self.values.clone();
        let starts = self.trees.iter().map(|tree| tree.start);
        let ends = starts
            .skip(1)
            .chain([self.nodes.len().saturating_sub(WINDOW)]);
        for (tree, end) in self.trees.iter().zip(ends) {
            // Children come after their fork, and a leaf is its own child.
            for place in (0..end - tree.start).rev() {
                let left = usize::from(self.nodes[tree.start + place].left);
                if left != place {
                    let children = tree.start + left;
                    values[tree.start + place] = (values[children] + values[children + 1]) / 2.0;
                }
            }
        }
        Contributions {
            trees: self,
            values,
        }
    }
}

impl Contributions<'_> {
    /// How much each feature contributed to the log odds of this row. Empty where the row is too short.
    pub fn of(&self, row: &[f32]) -> Vec<f32> {
        let boosted = self.trees;
        let mut contributions = vec![0.0; row.len()];
        if row.len() < boosted.features {
            return Vec::new();
        }
        let rows = padded(std::iter::once(row));
        let Some(row) = rows.first() else {
            return Vec::new();
        };
        let mut sum = boosted.base;
        for (number, trees) in boosted.trees.chunks(TREES_AT_ONCE).enumerate() {
            for &tree in trees {
                sum += self.walk(tree, row, &mut contributions);
            }
            // As in scoring, a settled row skips the remaining trees.
            if sum.abs() >= BOUNDS.get(number).copied().unwrap_or(LAST_BOUND) {
                break;
            }
        }
        contributions
    }

    fn walk(&self, tree: Tree, row: &Row, contributions: &mut [f32]) -> f32 {
        let Some(nodes) = self.trees.nodes[tree.start..].first_chunk() else {
            return 0.0;
        };
        let values = &self.values[tree.start..];
        let mut at = 0;
        for _ in 0..tree.depth {
            let next = step(nodes, at, row);
            if next == at {
                break;
            }
            let moved = values[usize::from(next)] - values[usize::from(at)];
            contributions[usize::from(nodes[usize::from(at)].feature)] += moved;
            at = next;
        }
        values[usize::from(at)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::model::trees::tests::{NODES, bytes};

    #[test]
    fn a_feature_is_credited_with_the_change_in_value_at_its_forks() {
        // (0 > 1.5) ? 3 : ((1 > 0.5) ? 2 : 1): the inner fork is worth 1.5, the outer 2.25.
        let trees = BoostedTrees::read(&bytes(2, &NODES, &[1.0, 2.0, 3.0])).unwrap();
        let contributions = trees.contributions();
        assert_eq!(contributions.of(&[2.0, 0.0]), [0.75, 0.0]);
        assert_eq!(contributions.of(&[0.0, 1.0]), [-0.75, 0.5]);
        assert_eq!(contributions.of(&[0.0, 0.0]), [-0.75, -0.5]);
        assert_eq!(contributions.of(&[0.0]), Vec::<f32>::new());
    }
}
