//! Changes `config.toml` for the user: a source is added, and what was added is taken out again. All else in the file
//! stays byte for byte as it is: comments, order, line breaks, byte order mark. What would come of it is validated
//! first, and the file is replaced as a whole, or not at all.

mod place;
#[cfg(test)]
mod tests;

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use url::Url;

use crate::config::{BlockStyle, Config, ConfigError, NewSource};
use crate::files::{self, Access};
use place::Place;

/// The mark that some editors put at the beginning of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// One change at a time.
static CHANGING: Mutex<()> = Mutex::new(());

/// The configuration was not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The file can't be read.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system reported.
        #[source]
        error: io::Error,
    },
    /// The file has problems already, or would have some.
    #[error("the configuration has a problem; correct it in the file first: {0}")]
    Invalid(#[from] ConfigError),
    /// A link has the name.
    #[error("{} is a symbolic link, which is not replaced here; start the program with the file itself as --config", .0.display())]
    Link(PathBuf),
    /// The file can't be written.
    #[error("cannot write {}: {error}; check its permissions and those of its folder", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system reported.
        #[source]
        error: io::Error,
    },
    /// Someone else has changed the file.
    #[error("{} was changed meanwhile by someone else; look at it again and repeat this", .0.display())]
    Changed(PathBuf),
    /// The name is none that a source may have.
    #[error("{0}; choose another name")]
    BadName(&'static str),
    /// There is a source of that name.
    #[error("there is a source named `{0}` already; choose another name")]
    NameTaken(String),
    /// A source begins there already.
    #[error("the source `{name}` begins at {url} already")]
    AddressTaken {
        /// The source.
        name: String,
        /// Its front page, feed or sitemap.
        url: Url,
    },
    /// What is to be taken out is not there as it was added.
    #[error("the source `{0}` is not there as it was added; change it in the file")]
    Altered(String),
    /// The file is written in a way that this does not understand.
    #[error("cannot see where in {} a source may stand; add it by hand", .0.display())]
    NoPlace(PathBuf),
}

/// A configuration file as it was read.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    path: PathBuf,
    /// `None` where there is no file.
    found: Option<String>,
    config: Config,
}

impl ConfigFile {
    /// Reads the file, which need not exist.
    ///
    /// # Errors
    /// Fails where it is a link, can't be read, or has problems.
    pub fn read(path: &Path) -> Result<ConfigFile, EditError> {
        let found = read(path)?;
        let config = Config::parse(body(found.as_deref().unwrap_or_default()), path)?;
        Ok(ConfigFile {
            path: path.to_owned(),
            found,
            config,
        })
    }

    /// The settings that are in it. Paths are as they are written.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The lines that [`add`](Self::add) would put into the file.
    pub fn preview(&self, source: &NewSource) -> Result<String, EditError> {
        Ok(self.place()?.text_of(source))
    }

    /// Adds a source at the end of the others, in the style of the file.
    ///
    /// # Errors
    /// Fails where there is one of that name, or one that begins at one of its addresses, and where the file can't be
    /// written.
    pub fn add(&self, source: &NewSource) -> Result<(), EditError> {
        if let Some(problem) = source.name_problem() {
            return Err(EditError::BadName(problem));
        }
        self.check_is_new(source)?;
        let new = self.place()?.with(source);
        let mut expected = sources(&self.config);
        expected.push(source.clone());
        self.replace(&new, &expected)
    }

    /// Takes out a source that [`add`](Self::add) has added and nobody has changed since.
    ///
    /// # Errors
    /// Fails where it does not stand there as it was added, and where the file can't be written.
    pub fn remove_added(&self, name: &str) -> Result<(), EditError> {
        let altered = || EditError::Altered(name.to_owned());
        let found = self.config.sources.iter().find(|it| it.name == name);
        let found = found.ok_or_else(altered)?;
        let source = NewSource::from(found);
        // Whatever else was written into it would stay behind, and belong to the source before.
        let alone = Config::parse(
            &source.block(&BlockStyle::default(), &|_, _| Vec::new()),
            &self.path,
        )?;
        if alone.sources.first() != Some(found) {
            return Err(altered());
        }
        let new = self.place()?.without(&source).ok_or_else(altered)?;
        let mut expected = sources(&self.config);
        expected.retain(|it| it.name != name);
        self.replace(&new, &expected)
    }

    fn check_is_new(&self, source: &NewSource) -> Result<(), EditError> {
        for known in &self.config.sources {
            if known.name == source.name {
                return Err(EditError::NameTaken(known.name.clone()));
            }
            let is_known = |url: &&Url| known.entry_points().any(|it| it == *url);
            if let Some(url) = source.entry_points().find(is_known) {
                return Err(EditError::AddressTaken {
                    name: known.name.clone(),
                    url: url.clone(),
                });
            }
        }
        Ok(())
    }

    fn place(&self) -> Result<Place<'_>, EditError> {
        let text = body(self.found.as_deref().unwrap_or_default());
        Place::find(text).ok_or_else(|| EditError::NoPlace(self.path.clone()))
    }

    /// Replaces the file, if what would stand there is a configuration with these sources.
    fn replace(&self, new: &str, expected: &[NewSource]) -> Result<(), EditError> {
        let config = Config::parse(new, &self.path)?;
        if !is_same(sources(&config), expected) {
            return Err(EditError::NoPlace(self.path.clone()));
        }
        let is_marked = self
            .found
            .as_deref()
            .is_some_and(|it| it.starts_with(BYTE_ORDER_MARK));
        let mark = if is_marked { "\u{feff}" } else { "" };
        let _one = CHANGING.lock().unwrap_or_else(PoisonError::into_inner);
        if read(&self.path)? != self.found {
            return Err(EditError::Changed(self.path.clone()));
        }
        self.write(&format!("{mark}{new}"))
            .map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => EditError::Changed(self.path.clone()),
                _ => EditError::Unwritable {
                    path: self.path.clone(),
                    error,
                },
            })
    }

    fn write(&self, new: &str) -> io::Result<()> {
        if self.found.is_none() {
            let mut file = files::create_new(&self.path, Access::Group)?;
            file.write_all(new.as_bytes())?;
            return file.sync_all();
        }
        // A file that may not be written is not to be replaced either.
        OpenOptions::new().append(true).open(&self.path)?;
        if fs::metadata(&self.path)?.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        files::replace(&self.path, new.as_bytes(), Access::Group)?;
        let folder = self.path.parent().unwrap_or(Path::new(""));
        files::sync_folder(folder)
    }
}

/// The text of the file; `None` where there is none.
fn read(path: &Path) -> Result<Option<String>, EditError> {
    let unreadable = |error| EditError::Unreadable {
        path: path.to_owned(),
        error,
    };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Ok(data) if data.is_symlink() => return Err(EditError::Link(path.to_owned())),
        Ok(data) if !data.is_file() => return Err(unreadable(files::Refusal::NotAFile.into())),
        _ => {}
    }
    fs::read_to_string(path).map(Some).map_err(unreadable)
}

/// The text without its byte order mark.
fn body(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// The sources as far as new ones say anything.
fn sources(config: &Config) -> Vec<NewSource> {
    config.sources.iter().map(NewSource::from).collect()
}

/// True if both have the same sources, in whatever order.
fn is_same(mut found: Vec<NewSource>, expected: &[NewSource]) -> bool {
    let mut expected = expected.to_vec();
    let by_name = |a: &NewSource, b: &NewSource| a.name.cmp(&b.name);
    found.sort_by(by_name);
    expected.sort_by(by_name);
    found == expected
}
