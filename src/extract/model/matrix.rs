//! The features as a matrix: a row a block, a column a feature, in one vector.

use std::sync::LazyLock;

/// The features of a page's blocks. What is put into the first row names the columns, so that names and
/// numbers stay together.
#[derive(Debug, Default, Clone)]
pub struct FeatureMatrix {
    names: Vec<&'static str>,
    values: Vec<f32>,
    rows: usize,
}

impl FeatureMatrix {
    /// An empty matrix with room for this many rows and columns.
    pub fn with_capacity(rows: usize, width: usize) -> FeatureMatrix {
        FeatureMatrix {
            names: Vec::with_capacity(width),
            values: Vec::with_capacity(rows * width),
            rows: 0,
        }
    }

    /// Adds one number to the current row.
    pub fn put(&mut self, name: &'static str, value: f32) {
        if self.rows == 0 {
            self.names.push(name);
        }
        self.values.push(value);
    }

    /// Adds several numbers to the current row.
    pub fn put_all<const N: usize>(&mut self, names: &[&'static str; N], values: [f32; N]) {
        if self.rows == 0 {
            self.names.extend_from_slice(names);
        }
        self.values.extend_from_slice(&values);
    }

    /// Ends the current row.
    pub fn end_row(&mut self) {
        self.rows += 1;
        debug_assert_eq!(self.values.len(), self.rows * self.names.len());
    }

    /// Ends a row of zeros, which stands for numbers that nothing reads. The first row cannot be one.
    pub fn skip_row(&mut self) {
        debug_assert!(self.rows > 0);
        self.values.resize(self.values.len() + self.width(), 0.0);
        self.end_row();
    }

    /// The names of the columns, in order; empty before the first row.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The features of a block.
    pub fn row(&self, block: usize) -> &[f32] {
        &self.values[block * self.width()..(block + 1) * self.width()]
    }
}

/// The logarithm of one more than a count, for counts whose magnitude matters.
pub fn log(count: usize) -> f32 {
    LOGS.get(count)
        .copied()
        .unwrap_or_else(|| (count as f32).ln_1p())
}

/// The logarithms of small counts, which come up most.
static LOGS: LazyLock<[f32; 2048]> =
    LazyLock::new(|| std::array::from_fn(|count| (count as f32).ln_1p()));

/// Adds a run of numbers to the current row, each after its name. They are written in one go, which costs
/// less than as many calls of [`FeatureMatrix::put`].
macro_rules! put_row {
    ($matrix:expr, $($name:expr => $value:expr,)+) => {
        $matrix.put_all(&[$($name),+], [$($value),+])
    };
}
pub(in crate::extract) use put_row;

/// A share; 0 of nothing.
pub fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

/// 1 for true, 0 for false.
pub fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}
