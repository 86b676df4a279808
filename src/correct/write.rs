//! Writes a correction, the file of rules and the case, both or neither, and takes it back.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::CorrectError;
use super::case_file::CaseFiles;
use super::rules_file::Edited;
use crate::config::Config;
use crate::files::{self, Access};
use crate::selectors::SelectorKey;
use crate::store::RawPage;

/// One correction is written at a time: each reads the file of rules and writes it anew.
static WRITING: Mutex<()> = Mutex::new(());

/// A selector that a user has chosen, and the page that it corrects.
#[derive(Debug, Clone, Copy)]
pub struct Correction<'a> {
    /// The settings of today.
    pub config: &'a Config,
    /// Their file, which is read again once the correction is written; `None` where there is none.
    pub config_path: Option<&'a Path>,
    /// The page.
    pub page: &'a RawPage,
    /// The text of the block that is corrected.
    pub text: &'a str,
    /// The text of another block that is to stay in the article.
    pub stays: Option<&'a str>,
    /// What the block is.
    pub key: SelectorKey,
    /// The selector.
    pub css: &'a str,
    /// Now, in unix milliseconds.
    pub now: i64,
}

/// A correction that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The file of rules.
    pub rules: PathBuf,
    /// The case that holds it. `None` for a page that is an article only because a feed names it, which no case can
    /// show.
    pub case: Option<PathBuf>,
    /// How to take it back.
    pub undo: Undo,
}

/// What a correction has written, and what was there before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Undo {
    /// In the order in which they were written.
    files: Vec<Written>,
    /// Folders that were created, the outermost first.
    folders: Vec<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Written {
    path: PathBuf,
    /// `None` where there was no file.
    before: Option<Vec<u8>>,
    after: Vec<u8>,
}

impl Correction<'_> {
    /// Writes the selector into the host's file of rules, and a case that has passed with it. Either both stand in the
    /// end, and the configuration is valid with them, or nothing has changed.
    ///
    /// # Errors
    /// Fails where the selector does not do what it is meant to on this page, and where a file can't be written.
    pub fn apply(&self) -> Result<Applied, CorrectError> {
        let _turn = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let url = self.page.parsed_url();
        let url = url.ok_or_else(|| CorrectError::NoHost(self.page.final_url.clone()))?;
        let edited = Edited::with(self.config, &url, (self.key, self.css), self.now)?;
        let with = edited.config(self.config);
        let case = CaseFiles::of(self, &with)?;
        let mut undo = Undo::default();
        let written = self.write(&edited, case.as_ref(), &mut undo);
        if let Err(error) = written {
            undo.restore_files()?;
            return Err(error);
        }
        Ok(Applied {
            rules: edited.path,
            case: case.map(|it| it.case.0),
            undo,
        })
    }

    /// The rules last: they take effect with the next page that is read.
    fn write(
        &self,
        edited: &Edited,
        case: Option<&CaseFiles>,
        undo: &mut Undo,
    ) -> Result<(), CorrectError> {
        if let Some(case) = case {
            for (path, bytes) in [&case.page, &case.case] {
                undo.put(path, None, bytes.clone())?;
            }
        }
        let before = edited.before.clone().map(String::into_bytes);
        undo.put(&edited.path, before, edited.after.clone().into_bytes())?;
        if let Some(path) = self.config_path {
            Config::load(path)?;
        }
        Ok(())
    }
}

impl Undo {
    /// Restores every file to what it was, byte for byte, and removes those that were new.
    ///
    /// # Errors
    /// Fails with [`CorrectError::Changed`], and changes nothing, where one of them was changed since.
    pub fn restore(&self) -> Result<(), CorrectError> {
        let _turn = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        for written in &self.files {
            if !written.is_as_written() {
                return Err(CorrectError::Changed {
                    path: written.path.clone(),
                });
            }
        }
        self.restore_files()
    }

    fn restore_files(&self) -> Result<(), CorrectError> {
        for written in self.files.iter().rev() {
            let restored = match &written.before {
                Some(before) => files::replace(&written.path, before, Access::Group),
                None => fs::remove_file(&written.path),
            };
            restored
                .and_then(|()| files::sync_folder(folder_of(&written.path)))
                .map_err(|error| CorrectError::file(&written.path, error))?;
        }
        for folder in self.folders.iter().rev() {
            // Not empty any more: somebody else uses it.
            let _ = fs::remove_dir(folder);
        }
        Ok(())
    }

    /// Writes a file as a whole and notes it.
    fn put(
        &mut self,
        path: &Path,
        before: Option<Vec<u8>>,
        after: Vec<u8>,
    ) -> Result<(), CorrectError> {
        let folder = folder_of(path);
        self.make_folder(folder)?;
        if fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink()) {
            return Err(CorrectError::link(path));
        }
        files::replace(path, &after, Access::Group)
            .map_err(|error| CorrectError::file(path, error))?;
        self.files.push(Written {
            path: path.to_owned(),
            before,
            after,
        });
        files::sync_folder(folder).map_err(|error| CorrectError::file(path, error))
    }

    fn make_folder(&mut self, folder: &Path) -> Result<(), CorrectError> {
        let is_missing = |it: &&Path| {
            let found = fs::symlink_metadata(it);
            found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        };
        let missing = folder
            .ancestors()
            .filter(|it| !it.as_os_str().is_empty())
            .take_while(is_missing);
        let missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        files::create_folder(folder, Access::Group)
            .map_err(|error| CorrectError::file(folder, error))?;
        self.folders.extend(missing.into_iter().rev());
        Ok(())
    }
}

impl Written {
    fn is_as_written(&self) -> bool {
        let is_link = fs::symlink_metadata(&self.path).is_ok_and(|it| it.is_symlink());
        !is_link && fs::read(&self.path).is_ok_and(|bytes| bytes == self.after)
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}
