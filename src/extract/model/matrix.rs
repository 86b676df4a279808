//! Numbers by block: a row a block, a column a feature, in one vector.

use std::sync::LazyLock;

/// The features of a page's blocks. The order in which [`FeatureMatrix::put`] is called makes the columns,
/// so that names and numbers can't part.
#[derive(Debug, Default, Clone)]
pub struct FeatureMatrix {
    names: Vec<&'static str>,
    values: Vec<f32>,
    rows: usize,
}

impl FeatureMatrix {
    /// An empty matrix that will have room for so many numbers without growing.
    pub fn with_capacity(rows: usize, width: usize) -> FeatureMatrix {
        FeatureMatrix {
            names: Vec::with_capacity(width),
            values: Vec::with_capacity(rows * width),
            rows: 0,
        }
    }

    /// Adds one number to the row being made.
    pub fn put(&mut self, name: &'static str, value: f32) {
        if self.rows == 0 {
            self.names.push(name);
        }
        self.values.push(value);
    }

    /// Ends the row being made.
    pub fn end_row(&mut self) {
        self.rows += 1;
        debug_assert_eq!(self.values.len(), self.rows * self.names.len());
    }

    /// The columns' names, in order; empty before the first row.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The numbers of a block.
    pub fn row(&self, block: usize) -> &[f32] {
        &self.values[block * self.width()..(block + 1) * self.width()]
    }
}

/// The logarithm of a count, for features whose size matters by its magnitude.
pub fn log(count: usize) -> f32 {
    LOGS.get(count)
        .copied()
        .unwrap_or_else(|| (count as f32).ln_1p())
}

/// Those of the counts that come up most.
static LOGS: LazyLock<Vec<f32>> =
    LazyLock::new(|| (0..2048u16).map(|it| f32::from(it).ln_1p()).collect());

/// A share, 0 where there is no whole.
pub fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

/// 1 for true.
pub fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}
