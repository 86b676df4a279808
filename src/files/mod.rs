//! How files are created, replaced, opened and locked: the one place that does so for whatever newsprint
//! writes. It knows nothing of what is in them.
//!
//! Two kinds of names are treated differently:
//!
//! - **Names that the user gives** (`--output`, `--metrics-file`, `--html`, the store, the output folder).
//!   Links are followed, as the shell would: whoever made one in a folder of their own wants that. Only a link
//!   that someone else may have planted is refused, by the kernel's rule for `/tmp`
//!   ([`resolve`]). A regular file is replaced as a whole ([`write`](write())) or written from its beginning
//!   ([`create`]); a FIFO or a character device is written to, and never replaced; all else is refused.
//! - **Names that newsprint makes up** below such a folder (`SOURCE/DAY.jsonl`, `newsprint.db.lock`). They are
//!   regular files of ours or nothing: a link is not followed, a device or FIFO not opened
//!   ([`open_own`], [`replace`]), and a file with a second name is left to that name.
//!
//! Temporary files have random names, and are created anew and never opened. A file that was replaced is
//! synced, then its folder, so that a power failure leaves the one or the other.
//!
//! New files and folders get the mode of their [`Access`], less what the umask takes away; what exists keeps
//! its mode. Systems without modes have their own rules.

mod destination;
mod identity;
mod lock;
#[cfg(not(unix))]
mod other;
mod own;
mod refusal;
mod temporary;
#[cfg(unix)]
mod unix;

pub use destination::{create, resolve, write};
pub use identity::FileIdentity;
pub use lock::{
    FileLock, FolderLock, has_no_locks, is_used_by_other_name, lock_file, lock_folder, lock_holder,
};
pub use own::{create_folder, create_new, open_own, own_copy, replace, replacement, sync_folder};
pub use refusal::Refusal;
pub use temporary::{Replacement, remove_leftovers};

#[cfg(not(unix))]
use other as system;
#[cfg(unix)]
use unix as system;

/// Who may use a new file or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The user alone: 0600, folders 0700. The store, its lock, raw pages.
    Private,
    /// The user, and their group to read: 0640, folders 0750. Articles and reports.
    Group,
    /// Everyone to read: 0644, folders 0755. Metrics, which a collector reads as another user.
    Everyone,
}

impl Access {
    /// The mode of a new file.
    pub fn file_mode(self) -> u32 {
        match self {
            Access::Private => 0o600,
            Access::Group => 0o640,
            Access::Everyone => 0o644,
        }
    }

    /// The mode of a new folder.
    pub fn folder_mode(self) -> u32 {
        match self {
            Access::Private => 0o700,
            Access::Group => 0o750,
            Access::Everyone => 0o755,
        }
    }
}

/// True where every user of the machine may read the file.
pub fn is_open_to_others(data: &std::fs::Metadata) -> bool {
    system::is_open_to_others(data)
}

#[cfg(all(test, unix))]
mod tests;
