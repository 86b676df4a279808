//! Evaluates gradient-boosted trees. All forks of all trees are in one vector. In the file a child is
//! either a later fork or a leaf, so that no file can make the walk run in circles.

mod batch;
mod contributions;

pub use contributions::Contributions;

use crate::extract::model::matrix::FeatureMatrix;
use crate::extract::model::trees::batch::Batch;

/// Rows that are scored together, about 250 KB of numbers.
const BATCH: usize = 256;
/// After this many trees, rows with a clear sum are settled and leave the batch.
const TREES_AT_ONCE: usize = 40;
/// The log odds, either way, at which a row is settled: after the first trees, after twice and three
/// times as many, and later.
const BOUNDS: [f32; 3] = [2.5, 3.0, 3.5];
const LAST_BOUND: f32 = 4.0;

/// The most features that a byte can number: arrays of this length need no bounds checks.
const FEATURES: usize = 256;
/// A byte numbers the nodes of a tree: its leaves from 0 on, its forks from here on.
const FORKS: usize = 128;

/// Values up to the threshold go left, others go right.
#[derive(Debug, Clone, Copy, Default)]
struct Fork {
    threshold: f32,
    feature: u8,
    left: u8,
    right: u8,
}

/// A row of features with room for every feature that a byte can number.
type Row = [f32; FEATURES];

impl Fork {
    /// The child that a row goes to.
    fn next(&self, row: &Row) -> usize {
        let goes_right = row[usize::from(self.feature)] > self.threshold;
        usize::from(if goes_right { self.right } else { self.left })
    }
}

/// This row.
fn padded(features: &[f32]) -> Row {
    let mut row = [0.0; FEATURES];
    let width = features.len().min(FEATURES);
    row[..width].copy_from_slice(&features[..width]);
    row
}

/// One tree: where its forks and the values of its leaves begin, and how many forks there are.
#[derive(Debug, Clone, Copy)]
struct Tree {
    forks: usize,
    count: usize,
    leaves: usize,
}

/// Trees whose values add up to log odds.
#[derive(Debug, Default)]
pub struct BoostedTrees {
    forks: Vec<Fork>,
    /// The values of leaves. Enough zeros follow the last for each tree's to begin an array of [`FORKS`].
    leaves: Vec<f32>,
    trees: Vec<Tree>,
    base: f32,
    features: usize,
}

impl BoostedTrees {
    /// Reads the number of features, the base, the number of trees, and the trees: the number of
    /// forks, the forks, and one leaf more than there are forks. Forks use the first 256 features alone.
    pub(super) fn read(bytes: &[u8]) -> Option<BoostedTrees> {
        let mut reader = Reader(bytes);
        let mut boosted = BoostedTrees {
            features: usize::from(reader.u16()?),
            base: reader.f32()?,
            ..BoostedTrees::default()
        };
        let trees = reader.u16()?;
        for _ in 0..trees {
            boosted.read_tree(&mut reader)?;
        }
        let filled = boosted.leaves.len() + FORKS;
        boosted.leaves.resize(filled, 0.0);
        reader.0.is_empty().then_some(boosted)
    }

    fn read_tree(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let count = usize::from(reader.u16()?);
        if count == 0 {
            self.base += reader.f32()?;
            return Some(());
        }
        if count >= FORKS {
            return None;
        }
        let tree = Tree {
            forks: self.forks.len(),
            count,
            leaves: self.leaves.len(),
        };
        // A bit for each node that is a child; the first fork is nobody's.
        let mut is_child = [1u128 << 0, 0];
        for fork in 0..count {
            let (feature, threshold) = (reader.u16()?, reader.f32()?);
            if usize::from(feature) >= self.features {
                return None;
            }
            let mut child = || {
                let stated = reader.i16()?;
                let (kind, number) = match usize::try_from(stated) {
                    Ok(step) => (0, (step > 0).then_some(fork + step)?),
                    Err(_) => (1, usize::from(!stated.cast_unsigned())),
                };
                let is_known = number < count + kind;
                let bit = 1 << is_known.then_some(number)?;
                let is_new = is_child[kind] & bit == 0;
                is_child[kind] |= bit;
                let first = if kind == 0 { FORKS } else { 0 };
                u8::try_from(is_new.then_some(first + number)?).ok()
            };
            self.forks.push(Fork {
                threshold,
                feature: u8::try_from(feature).ok()?,
                left: child()?,
                right: child()?,
            });
        }
        for _ in 0..=count {
            self.leaves.push(reader.f32()?);
        }
        self.trees.push(tree);
        Some(())
    }

    fn forks_of(&self, tree: Tree) -> &[Fork] {
        &self.forks[tree.forks..][..tree.count]
    }

    /// The values of a tree's leaves, and of others after them.
    fn values_of(&self, tree: Tree) -> &[f32; FORKS] {
        const NONE: &[f32; FORKS] = &[0.0; FORKS];
        self.leaves[tree.leaves..].first_chunk().unwrap_or(NONE)
    }

    /// The probability that a row's block is text, for each of these rows, in order. Rows whose sum is
    /// far from zero skip the remaining trees: most blocks are clearly text or clearly not.
    pub fn scores(&self, matrix: &FeatureMatrix, rows: &[usize]) -> Vec<f32> {
        if matrix.width() < self.features {
            return vec![0.0; rows.len()];
        }
        let batches = rows.chunks(BATCH);
        batches
            .flat_map(|rows| self.scores_of_batch(matrix, rows))
            .collect()
    }

    /// Goes tree by tree over many rows, so that a tree and the numbers of the rows stay in the nearest cache.
    fn scores_of_batch(&self, matrix: &FeatureMatrix, rows: &[usize]) -> Vec<f32> {
        let mut sums = vec![self.base; rows.len()];
        let mut settled = sums.clone();
        let mut open: Vec<usize> = (0..rows.len()).collect();
        let mut batch = Batch::default();
        for (number, trees) in self.trees.chunks(TREES_AT_ONCE).enumerate() {
            batch.fit(&open, |row| matrix.row(rows[row]));
            batch.add(self, trees, &mut sums);
            let bound = BOUNDS.get(number).copied().unwrap_or(LAST_BOUND);
            // The sums of settled rows go on to change where other rows of their group are open.
            open.retain(|&row| {
                settled[row] = sums[row];
                sums[row].abs() < bound
            });
        }
        settled.into_iter().map(sigmoid).collect()
    }

    /// What a tree gives a row.
    fn value(&self, tree: Tree, row: &Row) -> f32 {
        let forks = self.forks_of(tree);
        let mut at = FORKS;
        // Children come after their fork, so that the walk ends.
        while let Some(fork) = at.checked_sub(FORKS) {
            at = forks[fork].next(row);
        }
        self.values_of(tree)[at % FORKS]
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk::<N>()?;
        self.0 = tail;
        Some(*head)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn i16(&mut self) -> Option<i16> {
        self.take().map(i16::from_le_bytes)
    }

    fn f32(&mut self) -> Option<f32> {
        self.take().map(f32::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One tree of two forks over two features: (0 > 1.5) ? 3 : ((1 > 0.5) ? 2 : 1).
    pub(super) fn bytes(features: u16, nodes: &[(u16, f32, i16, i16)], leaves: &[f32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(features.to_le_bytes());
        bytes.extend(0.0f32.to_le_bytes());
        bytes.extend(1u16.to_le_bytes());
        bytes.extend(u16::try_from(nodes.len()).unwrap().to_le_bytes());
        for (feature, threshold, left, right) in nodes {
            bytes.extend(feature.to_le_bytes());
            bytes.extend(threshold.to_le_bytes());
            bytes.extend(left.to_le_bytes());
            bytes.extend(right.to_le_bytes());
        }
        bytes.extend(leaves.iter().flat_map(|it| it.to_le_bytes()));
        bytes
    }

    fn matrix(rows: &[[f32; 2]]) -> FeatureMatrix {
        let mut matrix = FeatureMatrix::default();
        for [a, b] in rows {
            matrix.put("a", *a);
            matrix.put("b", *b);
            matrix.end_row();
        }
        matrix
    }

    pub(super) const NODES: [(u16, f32, i16, i16); 2] = [(0, 1.5, 1, !2), (1, 0.5, !0, !1)];

    #[test]
    fn each_row_finds_its_leaf() {
        let trees = BoostedTrees::read(&bytes(2, &NODES, &[1.0, 2.0, 3.0])).unwrap();
        let scores = trees.scores(&matrix(&[[1.5, 0.5], [0.0, 0.6], [1.6, 0.0]]), &[0, 1, 2]);
        assert_eq!(scores, [sigmoid(1.0), sigmoid(2.0), sigmoid(3.0)]);
    }

    #[test]
    fn a_tree_of_one_leaf_shifts_every_score() {
        let trees = BoostedTrees::read(&bytes(2, &[], &[0.5])).unwrap();
        assert_eq!(trees.scores(&matrix(&[[0.0, 0.0]]), &[0]), [sigmoid(0.5)]);
    }

    #[test]
    fn trees_with_cycles_unknown_features_or_missing_leaves_are_refused() {
        let leaves = [1.0, 2.0, 3.0];
        for nodes in [
            [(0, 1.5, 0, !2), (1, 0.5, !0, !1)],
            [(0, 1.5, 2, !2), (1, 0.5, !0, !1)],
            [(0, 1.5, 1, !3), (1, 0.5, !0, !1)],
            [(2, 1.5, 1, !2), (1, 0.5, !0, !1)],
        ] {
            assert!(BoostedTrees::read(&bytes(2, &nodes, &leaves)).is_none());
        }
        let whole = bytes(2, &NODES, &leaves);
        for end in 0..whole.len() {
            assert!(BoostedTrees::read(&whole[..end]).is_none());
        }
    }

    #[test]
    fn a_matrix_that_is_too_narrow_is_not_read_beyond() {
        let trees = BoostedTrees::read(&bytes(3, &NODES, &[1.0, 2.0, 3.0])).unwrap();
        assert_eq!(trees.scores(&matrix(&[[1.5, 0.5]]), &[0]), [0.0]);
    }
}
