//! Evaluates gradient-boosted trees. All nodes of all trees are in one vector. In the file a child is
//! either a later node or a leaf, so that no file can make the walk run in circles.

mod contributions;

pub use contributions::Contributions;

use crate::extract::model::matrix::FeatureMatrix;

/// Rows that are scored together, about 100 KB of numbers.
const BATCH: usize = 128;
/// After this many trees, rows with a clear sum are settled and leave the batch.
const TREES_AT_ONCE: usize = 40;
/// The log odds, either way, at which a row is settled: after the first trees, after twice and three
/// times as many, and later.
const BOUNDS: [f32; 3] = [2.5, 3.0, 3.5];
const LAST_BOUND: f32 = 4.0;

/// A fork: values up to the threshold go to the node at `left`, others to the one after it. Or a leaf: no
/// value is above its threshold and it is its own child, so that a longer walk stays there.
#[derive(Debug, Clone, Copy)]
struct Node {
    threshold: f32,
    feature: u8,
    /// An index into the tree.
    left: u8,
}

/// A row of features with room for every feature that a byte can number, so that a walk needs no bounds
/// checks; and a cache line more, because the same feature of rows that are a power of two apart would
/// compete for the same places of the cache.
type Row = [f32; WINDOW + 16];

/// The rows of these features.
fn padded<'m>(features: impl ExactSizeIterator<Item = &'m [f32]>) -> Vec<Row> {
    let mut rows = vec![[0.0; WINDOW + 16]; features.len()];
    for (row, features) in rows.iter_mut().zip(features) {
        let width = features.len().min(WINDOW);
        row[..width].copy_from_slice(&features[..width]);
    }
    rows
}

/// The most nodes of a tree and the most features of a row, all that a byte can index: a walk through arrays
/// of this length needs no bounds checks. This many leaves follow the last tree, so that each tree begins such an array.
const WINDOW: usize = 256;

/// One tree: where its nodes begin, and the length of its longest path.
#[derive(Debug, Clone, Copy)]
struct Tree {
    start: usize,
    depth: u16,
}

/// Rows that walk down a tree at the same time, because the steps of different rows can overlap.
const ABREAST: usize = 8;

/// Trees whose values add up to log odds.
#[derive(Debug, Default)]
pub struct BoostedTrees {
    nodes: Vec<Node>,
    /// The value of each leaf, by node.
    values: Vec<f32>,
    trees: Vec<Tree>,
    base: f32,
    features: usize,
}

impl BoostedTrees {
    /// Reads the number of features, the base, the number of trees, and the trees: the number of
    /// nodes, the nodes, and one leaf more than there are nodes. Forks use the first 256 features alone.
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
        boosted.make_room(WINDOW);
        reader.0.is_empty().then_some(boosted)
    }

    /// Adds leaves, each of them its own child.
    fn make_room(&mut self, count: usize) {
        let leaf = |left| Node {
            threshold: f32::INFINITY,
            feature: 0,
            left,
        };
        self.nodes.extend((0..=u8::MAX).map(leaf).take(count));
        self.values.resize(self.nodes.len(), 0.0);
    }

    fn read_tree(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        let count = usize::from(reader.u16()?);
        if count == 0 {
            self.base += reader.f32()?;
            return Some(());
        }
        if 2 * count + 1 > WINDOW {
            return None;
        }
        let start = self.nodes.len();
        self.make_room(2 * count + 1);
        // By fork: its index and its depth, which are known in time because children come later. By leaf:
        // its index.
        let mut forks = vec![None; count];
        forks[0] = Some((0, 0));
        let mut leaves = vec![None; count + 1];
        let mut depth = 0;
        for fork in 0..count {
            let (place, above) = forks[fork]?;
            let (feature, threshold) = (reader.u16()?, reader.f32()?);
            if usize::from(feature) >= self.features {
                return None;
            }
            let feature = u8::try_from(feature).ok()?;
            let left = 2 * fork + 1;
            self.nodes[start + place] = Node {
                threshold,
                feature,
                left: u8::try_from(left).ok()?,
            };
            for child in [left, left + 1] {
                let stated = reader.i16()?;
                let is_new = match usize::try_from(stated) {
                    Ok(step) if step > 0 => forks.get_mut(fork + step)?.replace((child, above + 1)),
                    Ok(_) => return None,
                    Err(_) => leaves
                        .get_mut(usize::from(!stated.cast_unsigned()))?
                        .replace((child, 0)),
                };
                if is_new.is_some() {
                    return None;
                }
            }
            depth = depth.max(above + 1);
        }
        for leaf in leaves {
            self.values[start + leaf?.0] = reader.f32()?;
        }
        self.trees.push(Tree { start, depth });
        Some(())
    }

    /// The probability that a row's block is text, for each of these rows, in order. Rows whose sum is
    /// far from zero skip the remaining trees: most blocks are clearly text or clearly not.
    ///
    /// Goes tree by tree over a batch of rows, so that both stay in the nearest caches and the walks of
    /// different rows overlap.
    pub fn scores(&self, matrix: &FeatureMatrix, rows: &[usize]) -> Vec<f32> {
        if matrix.width() < self.features {
            return vec![0.0; rows.len()];
        }
        let batches = rows.chunks(BATCH);
        batches
            .flat_map(|rows| self.scores_of_batch(matrix, rows))
            .collect()
    }

    fn scores_of_batch(&self, matrix: &FeatureMatrix, rows: &[usize]) -> Vec<f32> {
        let rows = padded(rows.iter().map(|&row| matrix.row(row)));
        let mut sums = vec![self.base; rows.len()];
        let mut open: Vec<usize> = (0..rows.len()).collect();
        for (number, trees) in self.trees.chunks(TREES_AT_ONCE).enumerate() {
            for &tree in trees {
                self.add(tree, &rows, &open, &mut sums);
            }
            let bound = BOUNDS.get(number).copied().unwrap_or(LAST_BOUND);
            open.retain(|&row| sums[row].abs() < bound);
        }
        sums.into_iter().map(sigmoid).collect()
    }

    /// Adds a tree's values to the sums of the open rows.
    fn add(&self, tree: Tree, rows: &[Row], open: &[usize], sums: &mut [f32]) {
        let Some(nodes) = self.nodes[tree.start..].first_chunk() else {
            return;
        };
        let values = &self.values[tree.start..];
        let (groups, rest) = open.as_chunks::<ABREAST>();
        for group in groups {
            let row = group.map(|number| &rows[number]);
            let mut at = [0u8; ABREAST];
            for _ in 0..tree.depth {
                for (at, row) in at.iter_mut().zip(row) {
                    *at = step(nodes, *at, row);
                }
            }
            for (number, at) in group.iter().zip(at) {
                sums[*number] += values[usize::from(at)];
            }
        }
        for &number in rest {
            let row = &rows[number];
            let leaf = (0..tree.depth).fold(0, |at, _| step(nodes, at, row));
            sums[number] += values[usize::from(leaf)];
        }
    }
}

/// The child that a row goes to.
fn step(nodes: &[Node; WINDOW], at: u8, row: &Row) -> u8 {
    let node = nodes[usize::from(at)];
    let right = row[usize::from(node.feature)] > node.threshold;
    node.left.wrapping_add(u8::from(right))
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
