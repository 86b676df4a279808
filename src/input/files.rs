//! The files below paths, in order: folders recursively, by name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::{InputError, describe};

/// Maximum nesting of folders.
const MAX_DEPTH: usize = 64;
/// The extensions that are read in a folder.
const PAGES: [&str; 7] = [
    ".html",
    ".htm",
    ".xhtml",
    ".gz",
    ".warc",
    ".warc.gz",
    ".warc.zst",
];
/// How the names of WARC files end.
const ARCHIVES: [&str; 3] = [".warc", ".warc.gz", ".warc.zst"];

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Its path: as given, or below the folder that was given.
    pub path: PathBuf,
    /// The same below that folder; the file's name if the file itself was given.
    pub relative: PathBuf,
}

impl InputFile {
    /// True for a WARC file, going by its name; standard input is one if it begins like one.
    pub fn is_archive(&self) -> bool {
        super::is_archive(&self.path)
    }

    /// The relative path without the extensions of an archive.
    pub fn stem(&self) -> PathBuf {
        let name = self.relative.to_string_lossy();
        let lower = name.to_ascii_lowercase();
        let ending = ARCHIVES.iter().find(|ending| lower.ends_with(*ending));
        match ending.and_then(|ending| name.get(..name.len() - ending.len())) {
            Some(stem) => PathBuf::from(stem),
            None => self.relative.clone(),
        }
    }
}

/// True for the names of WARC files.
pub(super) fn has_archive_name(path: &Path) -> bool {
    ends_with_one(path, &ARCHIVES)
}

fn ends_with_one(path: &Path, endings: &[&str]) -> bool {
    let name = path.to_string_lossy().to_ascii_lowercase();
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Finds the files of these paths one at a time. Whether a path that is no folder exists shows when it is read.
#[derive(Debug)]
pub struct FileFinder {
    /// Paths to go to, the next one last, with their place below the path that was given.
    stack: Vec<(InputFile, usize)>,
}

/// Finds the files of these paths in order, and those in folders recursively by name.
pub fn files(paths: impl IntoIterator<Item = PathBuf>) -> FileFinder {
    let given = paths.into_iter().map(|path| {
        let relative = if path.is_dir() {
            PathBuf::new()
        } else {
            path.file_name().map(PathBuf::from).unwrap_or_default()
        };
        (InputFile { path, relative }, 0)
    });
    let mut stack: Vec<_> = given.collect();
    stack.reverse();
    FileFinder { stack }
}

impl Iterator for FileFinder {
    type Item = Result<InputFile, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (file, depth) = self.stack.pop()?;
            if !file.path.is_dir() {
                return Some(Ok(file));
            }
            if let Err(error) = self.push_folder(&file, depth) {
                return Some(Err(describe(&file.path, &error)));
            }
        }
    }
}

impl FileFinder {
    /// Puts a folder's pages and folders on the stack, in reverse order of names.
    fn push_folder(&mut self, folder: &InputFile, depth: usize) -> io::Result<()> {
        if depth >= MAX_DEPTH {
            return Err(io::Error::other("folders are nested too deeply"));
        }
        let mut entries = fs::read_dir(&folder.path)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
        for entry in entries {
            // Links to folders are not followed, because they may form a cycle; links to files are.
            let is_folder = entry.file_type()?.is_dir();
            let path = entry.path();
            if is_folder || (ends_with_one(&path, &PAGES) && path.is_file()) {
                let relative = folder.relative.join(entry.file_name());
                self.stack.push((InputFile { path, relative }, depth + 1));
            }
        }
        Ok(())
    }
}
