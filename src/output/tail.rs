//! Appends records to a file that others may change too. What a killed crawl wrote beyond the known length
//! is ours and written again; what a user or an editor has put there is left, and the next record begins on
//! a line of its own.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::files::{self, Access};
use crate::output::format::RecordFormat;
use crate::output::writer::Known;

/// A line that begins with so many bytes of a record is that record: in JSON Lines, they reach to the end of
/// its `id`.
const HEAD: usize = 24;

/// The records of one batch that go into one file, each as the line that is to be written.
pub(super) struct Lines<'f> {
    format: &'f dyn RecordFormat,
    lines: Vec<Vec<u8>>,
}

/// The lines that a killed crawl was writing, by their hashes; `None` where nobody knows.
type Begun<'k> = Option<BTreeSet<&'k str>>;

/// What appending did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Appended {
    /// The new length of the file.
    pub(super) length: u64,
    /// Someone else has changed the file.
    pub(super) foreign: bool,
}

/// Appends to a file of which that much is known, and creates it if necessary.
pub(super) fn append(path: &Path, known: &Known, lines: &Lines<'_>) -> io::Result<Appended> {
    if let Some(folder) = path.parent() {
        files::create_folder(folder, Access::Group)?;
    }
    let mut file = files::own_copy(path, files::open_own(path, Access::Group)?)?;
    let length = file.metadata()?.len();
    let mut end = length;
    // A file that was taken away, as by whoever processes them, holds nothing of anyone's.
    let mut foreign = length != known.length && length > 0;
    if known.unfinished && foreign {
        let tail = Tail::of(&mut file, known, length)?;
        let found = tail.copy_foreign(&mut file, lines, &mut io::sink())?;
        if found.ours > 0 && found.foreign > 0 {
            return rewrite(path, &mut file, &tail, lines);
        }
        if found.ours > 0 {
            end = tail.start;
            foreign = false;
            file.set_len(end)?;
        }
    }
    let on_own_line = ends_line(&mut file, end)?;
    file.seek(SeekFrom::Start(end))?;
    let mut out = BufWriter::new(&file);
    let written = lines.write(on_own_line, &mut out)?;
    out.flush()?;
    drop(out);
    file.sync_data()?;
    Ok(Appended {
        length: end + written,
        foreign,
    })
}

/// Replaces the file by one with everything that is not ours and the records after it. Whoever kills us
/// finds the one file or the other.
fn rewrite(
    path: &Path,
    file: &mut File,
    tail: &Tail<'_>,
    lines: &Lines<'_>,
) -> io::Result<Appended> {
    let mut replacement = files::Replacement::of(path, file)?;
    let new = replacement.file();
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut Read::by_ref(file).take(tail.start), new)?;
    let mut out = BufWriter::new(&*new);
    tail.copy_foreign(file, lines, &mut out)?;
    out.flush()?;
    drop(out);
    let end = new.seek(SeekFrom::End(0))?;
    let on_own_line = ends_line(new, end)?;
    new.seek(SeekFrom::Start(end))?;
    let mut out = BufWriter::new(&*new);
    let written = lines.write(on_own_line, &mut out)?;
    out.flush()?;
    drop(out);
    replacement.put()?;
    files::sync_folder(path.parent().unwrap_or(path))?;
    Ok(Appended {
        length: end + written,
        foreign: true,
    })
}

/// True where the next byte after these begins a line.
fn ends_line(file: &mut File, length: u64) -> io::Result<bool> {
    let Some(last) = length.checked_sub(1) else {
        return Ok(true);
    };
    let mut byte = [0];
    file.seek(SeekFrom::Start(last))?;
    file.read_exact(&mut byte)?;
    Ok(byte == *b"\n")
}

/// The part of a file that a killed crawl may have written.
#[derive(Debug)]
struct Tail<'k> {
    start: u64,
    /// It begins where the records of the killed crawl began; else someone has shortened the file, and they
    /// may be anywhere.
    is_beyond: bool,
    /// It begins with the line break that ended a line of someone else.
    begins_with_break: bool,
    begun: Begun<'k>,
}

/// Bytes of a tail.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    ours: usize,
    foreign: usize,
}

impl<'k> Tail<'k> {
    fn of(file: &mut File, known: &'k Known, length: u64) -> io::Result<Tail<'k>> {
        let is_beyond = known.length <= length;
        let start = if is_beyond { known.length } else { 0 };
        Ok(Tail {
            start,
            is_beyond,
            begins_with_break: is_beyond && !ends_line(file, start)?,
            begun: known.lines.as_ref().map(|it| it.split(' ').collect()),
        })
    }

    /// Copies what is not ours, line by line.
    fn copy_foreign(
        &self,
        file: &mut File,
        lines: &Lines<'_>,
        out: &mut dyn Write,
    ) -> io::Result<Found> {
        file.seek(SeekFrom::Start(self.start))?;
        let mut reader = BufReader::new(file);
        let mut found = Found::default();
        let mut line = Vec::new();
        let mut is_first = true;
        while reader.read_until(b'\n', &mut line)? > 0 {
            let is_break = is_first && self.begins_with_break && line == b"\n";
            let ours = if is_break {
                line.len()
            } else {
                lines.ours(&line, self)
            };
            found.ours += ours;
            found.foreign += line.len() - ours;
            out.write_all(&line[ours..])?;
            line.clear();
            is_first = false;
        }
        Ok(found)
    }
}

impl<'f> Lines<'f> {
    pub(super) fn new(format: &'f dyn RecordFormat, lines: Vec<Vec<u8>>) -> Lines<'f> {
        Lines { format, lines }
    }

    /// Writes all lines, after a line break unless they begin a line, and gives the number of bytes.
    fn write(&self, on_own_line: bool, out: &mut dyn Write) -> io::Result<u64> {
        let mut written = 0;
        if !on_own_line {
            out.write_all(b"\n")?;
            written = 1;
        }
        for line in &self.lines {
            out.write_all(line)?;
            written += line.len() as u64;
        }
        Ok(written)
    }

    /// What the lines are recognised by, should the crawl be killed.
    pub(super) fn hashes(&self) -> String {
        let hashes: Vec<String> = self.lines.iter().map(|line| hash(line)).collect();
        hashes.join(" ")
    }

    /// How many bytes at the beginning of this line of the file were written for one of these records:
    /// all, or those before someone else continued a torn line, or none.
    fn ours(&self, line: &[u8], tail: &Tail<'_>) -> usize {
        let is_complete = line.ends_with(b"\n");
        let is_beyond = tail.is_beyond;
        let is_record = is_beyond && is_complete && self.format.is_record(line);
        if let Some(begun) = tail.begun.as_ref().filter(|_| is_record) {
            // Another store may have the same record. What it has written here, it does not write again.
            return if begun.contains(&*hash(line)) {
                line.len()
            } else {
                0
            };
        }
        let matches = |ours: &Vec<u8>| ours == line || (!is_complete && ours.starts_with(line));
        if self.lines.iter().any(matches) {
            return line.len();
        }
        // The record may have been extracted again since, or another version may have written it.
        let begins_alike = |ours: &&Vec<u8>| common(ours, line) >= HEAD.min(ours.len());
        match self.lines.iter().find(begins_alike) {
            Some(_) if is_record || (is_beyond && !is_complete) => line.len(),
            Some(ours) if is_beyond => match common(ours, line) {
                // Whoever came next began a line of their own.
                torn if line[torn..] == *b"\n" => line.len(),
                torn => torn,
            },
            _ => 0,
        }
    }
}

/// Enough of a hash to know a line again.
fn hash(line: &[u8]) -> String {
    let hash = Sha256::digest(line);
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn common(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::Format;
    use crate::output::format;

    /// Two records of the length of real ones' beginnings.
    const ONE: &str = "{\"id\":\"1111111111111111\",\"text\":\"one\"}\n";
    const TWO: &str = "{\"id\":\"2222222222222222\",\"text\":\"two\"}\n";

    /// The file after the records were appended to it, and whether others have changed it.
    fn appended(file: &str, known: u64, unfinished: bool) -> (String, bool) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.jsonl");
        if !file.is_empty() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, file).unwrap();
        }
        let lines = [ONE, TWO].map(|line| line.as_bytes().to_vec());
        let lines = Lines::new(format(Format::Jsonl), lines.into());
        let known = Known {
            length: known,
            unfinished,
            lines: None,
        };
        let done = append(&path, &known, &lines).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(done.length, text.len() as u64);
        let files = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(files, 1, "nothing temporary is left");
        (text, done.foreign)
    }

    fn both() -> String {
        format!("{ONE}{TWO}")
    }

    #[test]
    fn what_a_killed_crawl_wrote_beyond_the_known_length_is_cut_off() {
        let whole = format!("old\n{}", both());
        assert_eq!(appended("", 0, true), (both(), false));
        // Torn anywhere, also in the middle of the second line or before the first.
        for torn in 4..=whole.len() {
            assert_eq!(appended(&whole[..torn], 4, true), (whole.clone(), false));
        }
    }

    #[test]
    fn what_a_killed_crawl_wrote_before_the_records_changed_is_cut_off() {
        let before = both().replace("\"text\":\"", "\"text\":\"as it was: ");
        for torn in [before.len(), before.len() - 5] {
            let file = format!("old\n{}", &before[..torn]);
            assert_eq!(
                appended(&file, 4, true),
                (format!("old\n{}", both()), false)
            );
        }
    }

    #[test]
    fn a_line_that_someone_appended_is_left() {
        for unfinished in [false, true] {
            let expected = (format!("old\nmine\n{}", both()), true);
            assert_eq!(appended("old\nmine\n", 4, unfinished), expected);
            assert_eq!(appended("old\nmine", 4, unfinished), expected);
            let file = "old\n{\"id\":\"mine\",\"text\":\"one\"}\n";
            let expected = (format!("{file}{}", both()), true);
            assert_eq!(appended(file, 4, unfinished), expected);
        }
        // Even one that is a copy of a record: nothing was being written.
        let expected = (format!("old\n{ONE}{}", both()), true);
        assert_eq!(appended(&format!("old\n{ONE}"), 4, false), expected);
    }

    #[test]
    fn a_line_that_someone_appended_to_what_a_killed_crawl_wrote_is_left() {
        let expected = (format!("old\nmine\n{}", both()), true);
        for torn in [0, 24, 30, ONE.len(), ONE.len() + 30] {
            let file = format!("old\n{}mine\n", &both()[..torn]);
            assert_eq!(appended(&file, 4, true), expected, "{torn}");
        }
    }

    #[test]
    fn a_file_that_an_editor_rewrote_is_appended_to() {
        for unfinished in [false, true] {
            // Longer, shorter, and without its last line break.
            for file in ["a longer beginning\n", "x\n"] {
                let expected = (format!("{file}{}", both()), true);
                assert_eq!(appended(file, 4, unfinished), expected);
            }
            let expected = (format!("older\n{}", both()), true);
            assert_eq!(appended("older", 4, unfinished), expected);
        }
        let expected = (format!("oldx\n{}", both()), false);
        assert_eq!(appended("oldx", 4, false), expected);
    }

    #[test]
    fn a_file_that_someone_took_away_is_begun_again() {
        for unfinished in [false, true] {
            assert_eq!(appended("", 400, unfinished), (both(), false));
        }
    }

    #[test]
    fn a_file_that_someone_shortened_is_appended_to() {
        let expected = (format!("x\n{}", both()), true);
        assert_eq!(appended("x\n", 400, false), expected);
        // What a killed crawl wrote at its end is written again all the same.
        assert_eq!(
            appended(&format!("x\n{}", &both()[..50]), 400, true),
            expected
        );
    }

    #[test]
    fn the_break_after_the_line_of_another_is_written_once() {
        let expected = format!("mine\n{}", both());
        for torn in 4..expected.len() {
            assert_eq!(appended(&expected[..torn], 4, true).0, expected);
        }
    }
}
