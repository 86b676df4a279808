//! Why a file is not written, where the system itself would have written it.

use std::io;

/// The file is not what may be written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A folder stands where a file is named.
    #[error("it is a folder; name a file")]
    Folder,
    /// A socket.
    #[error("it is a socket; name a file, a FIFO or a character device")]
    Socket,
    /// A block device, which would lose its contents.
    #[error("it is a block device, such as a disk; name a file, a FIFO or a character device")]
    BlockDevice,
    /// A symbolic link where only a file of our own can stand.
    #[error("it is a symbolic link, which is not followed here; put the file itself there")]
    Link,
    /// A symbolic link of someone else in a folder in which everyone may write.
    #[error("it is a symbolic link that another user made; remove it or name the file itself")]
    ForeignLink,
    /// Something else where only a regular file can stand.
    #[error("it is not a regular file; move it away")]
    NotAFile,
    /// A chain of links without an end.
    #[error("its symbolic links lead in a circle; name the file itself")]
    Circle,
    /// A FIFO that nobody reads.
    #[error("nobody reads from this FIFO; start its reader first")]
    NoReader,
    /// A FIFO or device whose reader takes nothing.
    #[error("the reader of this FIFO takes no more; was it stopped?")]
    Stalled,
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> io::Error {
        let kind = match refusal {
            Refusal::Folder => io::ErrorKind::IsADirectory,
            Refusal::NoReader | Refusal::Stalled => io::ErrorKind::TimedOut,
            _ => io::ErrorKind::InvalidInput,
        };
        io::Error::new(kind, refusal)
    }
}
