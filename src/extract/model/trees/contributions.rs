//! Which features pulled a score up or down. A block goes from the root of each tree to a leaf;
//! each fork's feature is given the change of the value it led to (A. Saabas, 'Interpreting random
//! forests', 2014). A fork's own value is the mean of its two sides: the file does not say how many
//! blocks of the training went either way. Computed only when somebody asks.

use crate::extract::model::trees::{
    BOUNDS, BoostedTrees, LAST_BOUND, TREES_AT_ONCE, Tree, WINDOW, step,
};

/// A forest whose forks have values.
#[derive(Debug)]
pub struct Contributions<'f> {
    forest: &'f BoostedTrees,
    /// By node.
    values: Vec<f32>,
}

impl BoostedTrees {
    /// The forest, ready to be asked for reasons.
    pub fn contributions(&self) -> Contributions<'_> {
        let mut values = self.values.clone();
        let starts = self.trees.iter().map(|tree| tree.start);
        let ends = starts
            .skip(1)
            .chain([self.nodes.len().saturating_sub(WINDOW)]);
        for (tree, end) in self.trees.iter().zip(ends) {
            // Children stand behind their fork, and a leaf is its own child.
            for place in (0..end - tree.start).rev() {
                let left = usize::from(self.nodes[tree.start + place].left);
                if left != place {
                    let children = tree.start + left;
                    values[tree.start + place] = (values[children] + values[children + 1]) / 2.0;
                }
            }
        }
        Contributions {
            forest: self,
            values,
        }
    }
}

impl Contributions<'_> {
    /// By feature: how far it moved the logarithm of the odds of this row. Empty where the row is
    /// too short.
    pub fn of(&self, row: &[f32]) -> Vec<f32> {
        let forest = self.forest;
        let mut pulls = vec![0.0; row.len()];
        if row.len() < forest.features {
            return Vec::new();
        }
        let mut sum = forest.base;
        for (number, trees) in forest.trees.chunks(TREES_AT_ONCE).enumerate() {
            for &tree in trees {
                sum += self.walk(tree, row, &mut pulls);
            }
            // As scores are made: a row that is settled is not asked about further.
            if sum.abs() >= BOUNDS.get(number).copied().unwrap_or(LAST_BOUND) {
                break;
            }
        }
        pulls
    }

    fn walk(&self, tree: Tree, row: &[f32], pulls: &mut [f32]) -> f32 {
        let Some(nodes) = self.forest.nodes[tree.start..].first_chunk() else {
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
            pulls[usize::from(nodes[usize::from(at)].feature)] += moved;
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
    fn a_feature_is_given_the_change_of_value_that_its_forks_led_to() {
        // (0 > 1.5) ? 3 : ((1 > 0.5) ? 2 : 1): the inner fork is worth 1.5, the outer 2.25.
        let forest = BoostedTrees::read(&bytes(2, &NODES, &[1.0, 2.0, 3.0])).unwrap();
        let pulls = forest.contributions();
        assert_eq!(pulls.of(&[2.0, 0.0]), [0.75, 0.0]);
        assert_eq!(pulls.of(&[0.0, 1.0]), [-0.75, 0.5]);
        assert_eq!(pulls.of(&[0.0, 0.0]), [-0.75, -0.5]);
        assert_eq!(pulls.of(&[0.0]), Vec::<f32>::new());
    }
}
