//! Output files, as far as the store knows of them.

/// How far an output file is known to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Its length in bytes when it was last complete.
    pub length: u64,
    /// More was being written since, by a pass that did not say that it has ended.
    pub unfinished: bool,
    /// What that pass was writing, as it was told to [`Store::begin_outputs`](crate::store::Store::begin_outputs); `None` where that is not known.
    pub lines: Option<String>,
}

/// An output file to which more is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BegunOutput {
    /// The file.
    pub file: String,
    /// Its length in bytes by now.
    pub length: u64,
    /// The lines that are being written: words, separated by spaces.
    pub lines: String,
}
