//! Gzip that no header declares.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use crate::discover::DiscoverError;

/// Layers of gzip. Some servers compress compressed files again; more than two layers are an attack.
const LAYERS: usize = 2;

/// Decompressed bytes.
pub(super) struct Unzipped<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// True if there were more bytes than allowed.
    pub(super) is_too_large: bool,
    /// True if the compressed data broke off.
    pub(super) is_cut_off: bool,
}

/// Decompresses gzip, detected by its first bytes, because names and headers are unreliable. A truncated
/// file is read as far as possible.
pub(super) fn unzip(bytes: &[u8], most: usize) -> Result<Unzipped<'_>, DiscoverError> {
    let mut bytes = Cow::Borrowed(bytes);
    let mut is_cut_off = false;
    for _ in 0..LAYERS {
        if !bytes.starts_with(&[0x1f, 0x8b]) {
            break;
        }
        let mut out = Vec::new();
        let read = MultiGzDecoder::new(&bytes[..])
            .take(most as u64 + 1)
            .read_to_end(&mut out);
        if let Err(error) = read {
            if out.is_empty() {
                return Err(DiscoverError::Gzip(error));
            }
            is_cut_off = true;
        }
        bytes = Cow::Owned(out);
    }
    let is_too_large = bytes.len() > most;
    if is_too_large {
        bytes = Cow::Owned(bytes[..most].to_vec());
    }
    Ok(Unzipped {
        bytes,
        is_too_large,
        is_cut_off,
    })
}
