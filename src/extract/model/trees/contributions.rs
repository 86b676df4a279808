//! How much each feature contributed to a score. A block goes from the root of each tree to a leaf; at
//! each fork, the change in value is credited to the fork's feature (A. Saabas, 'Interpreting random
//! forests', 2014). The value of a fork is the mean of its two sides, because the file does not say how
//! many training blocks went either way. Computed only for explanations.

use crate::extract::model::trees::{
    BOUNDS, BoostedTrees, FORKS, LAST_BOUND, Row, TREES_AT_ONCE, Tree, padded,
};

/// Trees whose forks have values.
#[derive(Debug)]
pub struct Contributions<'f> {
    trees: &'f BoostedTrees,
    /// The values of the forks.
    forks: Vec<f32>,
}

impl BoostedTrees {
    /// The trees, ready to explain scores.
    pub fn contributions(&self) -> Contributions<'_> {
        let mut contributions = Contributions {
            trees: self,
            forks: vec![0.0; self.forks.len()],
        };
        for &tree in &self.trees {
            // Children come after their fork.
            for (place, fork) in self.forks_of(tree).iter().enumerate().rev() {
                let sides = [fork.left, fork.right];
                let [left, right] = sides.map(|it| contributions.value(tree, usize::from(it)));
                contributions.forks[tree.forks + place] = (left + right) / 2.0;
            }
        }
        contributions
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
        let row = padded(row);
        let mut sum = boosted.base;
        for (number, trees) in boosted.trees.chunks(TREES_AT_ONCE).enumerate() {
            for &tree in trees {
                sum += self.walk(tree, &row, &mut contributions);
            }
            // As in scoring, a settled row skips the remaining trees.
            if sum.abs() >= BOUNDS.get(number).copied().unwrap_or(LAST_BOUND) {
                break;
            }
        }
        contributions
    }

    /// The value of a leaf or a fork.
    fn value(&self, tree: Tree, node: usize) -> f32 {
        match node.checked_sub(FORKS) {
            Some(fork) => self.forks[tree.forks + fork],
            None => self.trees.leaves[tree.leaves + node],
        }
    }

    fn walk(&self, tree: Tree, row: &Row, contributions: &mut [f32]) -> f32 {
        let forks = self.trees.forks_of(tree);
        let mut at = FORKS;
        while let Some(fork) = at.checked_sub(FORKS).map(|it| forks[it]) {
            let next = fork.next(row);
            contributions[usize::from(fork.feature)] +=
                self.value(tree, next) - self.value(tree, at);
            at = next;
        }
        self.value(tree, at)
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
