//! A memory, and what it learns of one page, as bytes, for storage: little-endian numbers, in the order
//! of the fields.

use crate::extract::decide::site_memory::fingerprint::Form;
use crate::extract::decide::site_memory::{
    BlockFingerprint, BlockRecord, PageFingerprint, PathRecord, SiteMemory, VERSION,
};

impl SiteMemory {
    /// The memory as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        let mut put = |number: u32| bytes.extend(number.to_le_bytes());
        let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        put(self.articles);
        put(length(self.known.len()));
        put(length(self.blocks.len()));
        put(length(self.paths.len()));
        for key in &self.known {
            bytes.extend(key.to_le_bytes());
        }
        let blocks = self.blocks.iter();
        let blocks = blocks.map(|it| (it.hash, [it.count, it.first, it.last]));
        let paths = self.paths.iter();
        let paths = paths.map(|it| (it.hash, [it.fresh, it.again, it.last]));
        for (hash, numbers) in blocks.chain(paths) {
            bytes.extend(hash.to_le_bytes());
            for number in numbers {
                bytes.extend(number.to_le_bytes());
            }
        }
        bytes
    }

    /// Reads a memory. `None` where the bytes are of another version or damaged: then the host is learned
    /// again.
    pub fn from_bytes(bytes: &[u8]) -> Option<SiteMemory> {
        let (&VERSION, mut rest) = bytes.split_first()? else {
            return None;
        };
        let [articles, known, blocks, paths] = numbers(&mut rest)?;
        let expected = 8 * u64::from(known) + 20 * (u64::from(blocks) + u64::from(paths));
        if rest.len() as u64 != expected {
            return None;
        }
        let known = (0..known).map(|_| hash(&mut rest)).collect::<Option<_>>()?;
        let mut entry = || Some((hash(&mut rest)?, numbers::<3>(&mut rest)?));
        let blocks = (0..blocks).map(|_| {
            let (hash, [count, first, last]) = entry()?;
            (first <= last && last < articles).then_some(BlockRecord {
                hash,
                count,
                first,
                last,
            })
        });
        let blocks = blocks.collect::<Option<Vec<_>>>()?;
        let paths = (0..paths).map(|_| {
            let (hash, [fresh, again, last]) = entry()?;
            Some(PathRecord {
                hash,
                fresh,
                again,
                last,
            })
        });
        Some(SiteMemory {
            articles,
            known,
            paths: paths.collect::<Option<_>>()?,
            blocks,
        })
    }
}

impl PageFingerprint {
    /// What a memory learns of the page, as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        bytes.extend(length(self.blocks.len()).to_le_bytes());
        bytes.extend(length(self.titles.len()).to_le_bytes());
        bytes.extend(self.key.to_le_bytes());
        for title in &self.titles {
            bytes.extend(title.to_le_bytes());
        }
        for it in &self.blocks {
            for hash in [it.text, it.pattern, it.path] {
                bytes.extend(hash.to_le_bytes());
            }
            // No block has so many letters that the highest bit would be missed.
            let chars = it.chars.min(u32::MAX >> 1) << 1 | u32::from(it.is_text);
            bytes.extend(chars.to_le_bytes());
        }
        bytes
    }

    /// Reads what a memory learns of a page; where its blocks stood there is not kept. `None` where the
    /// bytes are of another version or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<PageFingerprint> {
        let (&VERSION, mut rest) = bytes.split_first()? else {
            return None;
        };
        let [blocks, titles] = numbers(&mut rest)?;
        if rest.len() as u64 != 8 + 8 * u64::from(titles) + 28 * u64::from(blocks) {
            return None;
        }
        let key = hash(&mut rest)?;
        let titles = (0..titles).map(|_| hash(&mut rest));
        let titles = titles.collect::<Option<_>>()?;
        let blocks = (0..blocks).map(|at| {
            let (text, pattern, path) = (hash(&mut rest)?, hash(&mut rest)?, hash(&mut rest)?);
            let [chars] = numbers(&mut rest)?;
            Some(BlockFingerprint {
                block: at as usize,
                text,
                pattern,
                path,
                chars: chars >> 1,
                is_text: chars & 1 == 1,
                form: Form::Prose,
            })
        });
        Some(PageFingerprint {
            key,
            blocks: blocks.collect::<Option<_>>()?,
            titles,
        })
    }
}

fn hash(rest: &mut &[u8]) -> Option<u64> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(u64::from_le_bytes(*head))
}

fn numbers<const N: usize>(rest: &mut &[u8]) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    for number in &mut numbers {
        let (head, tail) = rest.split_first_chunk()?;
        *rest = tail;
        *number = u32::from_le_bytes(*head);
    }
    Some(numbers)
}
