//! Rows that go through trees together. Every fork of a tree is asked about all rows of a group, from the
//! last fork to the first: that takes more comparisons than walks from the root to a leaf, but no step
//! waits for the one before, and the compiler makes vector instructions of the loops.

use fearless_simd::{Level, dispatch};

use crate::extract::model::trees::{BoostedTrees, FEATURES, FORKS, Fork, Row, Tree, padded};

/// Rows of a group.
const LANES: usize = 32;
/// As few rows as this walk down the trees one by one, which takes fewer steps than a group with empty lanes.
const FEW: usize = 8;

/// A value for each row of a group, where vector instructions can read it in one go.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Lanes<T>([T; LANES]);

/// Some rows, feature by feature.
type Columns = [Lanes<f32>; FEATURES];

/// For each node and each row, the leaf that the row gets to from there.
type Ends = [Lanes<u8>; 2 * FORKS];

/// The ends of leaves, which are themselves; those of forks change from tree to tree.
const LEAVES: Ends = {
    let mut ends = [Lanes([0; LANES]); 2 * FORKS];
    let mut leaf = 0;
    while leaf < FORKS {
        ends[leaf] = Lanes([leaf as u8; LANES]);
        leaf += 1;
    }
    ends
};

/// The rows of a batch that are not settled, and others of their groups.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The columns of each group, one group after the other.
    columns: Vec<Lanes<f32>>,
    /// The rows in groups, in order.
    grouped: Vec<usize>,
    /// The rows that are in none.
    alone: Vec<(usize, Box<Row>)>,
}

impl Batch {
    /// Takes the open rows in. Groups stay as they are until the open rows fit into fewer.
    pub(super) fn fit<'m>(&mut self, open: &[usize], features: impl Fn(usize) -> &'m [f32]) {
        let needed = (open.len() + LANES - 1 - FEW) / LANES;
        let is_first = self.grouped.is_empty() && self.alone.is_empty();
        if !is_first && needed * FEATURES == self.columns.len() {
            self.alone.retain(|(row, _)| open.contains(row));
            return;
        }
        let (grouped, alone) = open.split_at(open.len().min(needed * LANES));
        self.grouped.clear();
        self.grouped.extend_from_slice(grouped);
        self.columns.resize(needed * FEATURES, Lanes([0.0; LANES]));
        let (groups, _) = self.columns.as_chunks_mut::<FEATURES>();
        for (columns, rows) in groups.iter_mut().zip(grouped.chunks(LANES)) {
            for (lane, &row) in rows.iter().enumerate() {
                // Known to be within, so that no value is asked.
                let lane = lane % LANES;
                for (column, &value) in columns.iter_mut().zip(features(row)) {
                    column.0[lane] = value;
                }
            }
        }
        let alone = alone.iter();
        self.alone = alone
            .map(|&row| (row, Box::new(padded(features(row)))))
            .collect();
    }

    /// Adds what these trees give each row to its sum.
    pub(super) fn add(&self, boosted: &BoostedTrees, trees: &[Tree], sums: &mut [f32]) {
        // As wide as the vectors of this processor are: the same numbers in fewer steps.
        dispatch!(Level::new(), _ => self.add_to_groups(boosted, trees, sums));
        for (row, features) in &self.alone {
            for &tree in trees {
                sums[*row] += boosted.value(tree, features);
            }
        }
    }

    #[inline(always)]
    fn add_to_groups(&self, boosted: &BoostedTrees, trees: &[Tree], sums: &mut [f32]) {
        let mut ends = LEAVES;
        let (groups, _) = self.columns.as_chunks::<FEATURES>();
        for (columns, rows) in groups.iter().zip(self.grouped.chunks(LANES)) {
            let mut own = [0.0; LANES];
            for (own, &row) in own.iter_mut().zip(rows) {
                *own = sums[row];
            }
            for &tree in trees {
                let values = boosted.values_of(tree);
                let leaves = leaves(boosted.forks_of(tree), columns, &mut ends);
                for (own, leaf) in own.iter_mut().zip(leaves.0) {
                    *own += values[usize::from(leaf) % FORKS];
                }
            }
            for (own, &row) in own.iter().zip(rows) {
                sums[row] = *own;
            }
        }
    }
}

/// The leaf that each row of a group gets to.
#[inline(always)]
fn leaves(forks: &[Fork], columns: &Columns, ends: &mut Ends) -> Lanes<u8> {
    // Children come after their fork.
    for (place, fork) in forks.iter().enumerate().rev() {
        let column = &columns[usize::from(fork.feature)];
        let (left, right) = (ends[usize::from(fork.left)], ends[usize::from(fork.right)]);
        let end = &mut ends[(FORKS + place) % (2 * FORKS)];
        for lane in 0..LANES {
            // All bits, or none: a choice without a branch.
            let goes_right = u8::from(column.0[lane] > fork.threshold).wrapping_neg();
            end.0[lane] = (right.0[lane] & goes_right) | (left.0[lane] & !goes_right);
        }
    }
    ends[FORKS]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::model::matrix::FeatureMatrix;

    /// Numbers that look random, from -1 to 1.
    fn numbers() -> impl FnMut() -> f32 {
        let mut state = 1u32;
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        }
    }

    /// Trees of three levels over five features; the sums of most rows are clear after some of them.
    fn forest(count: usize, mut number: impl FnMut() -> f32) -> BoostedTrees {
        let mut boosted = BoostedTrees {
            features: 5,
            ..BoostedTrees::default()
        };
        for _ in 0..count {
            boosted.trees.push(Tree {
                forks: boosted.forks.len(),
                count: 7,
                leaves: boosted.leaves.len(),
            });
            boosted.forks.extend((0..7u8).map(|fork| {
                let child = |at: u8| if at < 7 { 128 + at } else { at - 7 };
                Fork {
                    threshold: number(),
                    feature: ((number() + 1.0) * 2.5) as u8 % 5,
                    left: child(2 * fork + 1),
                    right: child(2 * fork + 2),
                }
            }));
            boosted.leaves.extend((0..8).map(|_| number() / 2.0));
        }
        boosted.leaves.resize(boosted.leaves.len() + FORKS, 0.0);
        boosted
    }

    #[test]
    fn rows_have_the_same_scores_in_groups_as_alone() {
        let mut number = numbers();
        let boosted = forest(150, &mut number);
        let mut matrix = FeatureMatrix::default();
        for _ in 0..300 {
            for name in ["a", "b", "c", "d", "e"] {
                matrix.put(name, number());
            }
            matrix.end_row();
        }
        let all: Vec<usize> = (0..300).rev().collect();
        let score = |row: &usize| boosted.scores(&matrix, &[*row])[0].to_bits();
        let alone: Vec<u32> = all.iter().map(score).collect();
        for count in [1, 8, 9, 32, 40, 41, 300] {
            let together = boosted.scores(&matrix, &all[..count]);
            let together: Vec<u32> = together.into_iter().map(f32::to_bits).collect();
            assert_eq!(together, alone[..count], "{count} rows");
        }
        let is_different = |pair: &[u32]| pair[0] != pair[1];
        assert!(alone.windows(2).filter(|it| is_different(it)).count() > 250);
    }
}
