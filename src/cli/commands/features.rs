//! `newsprint features PATH…`, hidden: writes the features of blocks and pages for training, as files that
//! numpy can map: `rows.f32` (one row per block), `words.u32` and `word_counts.u32` (the words of each
//! block), `pages.f32`, `page_words.u32` and `page_word_counts.u32` (the same for pages), `blocks.jsonl` (one
//! page per line), `names.json`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use newsprint::extract::feature_export::{PageFeatures, describe};
use newsprint::extract::model::{BUILT_IN, encoding};
use newsprint::files::{self, Access};
use newsprint::input;
use serde_json::json;

use crate::cli::args::FeaturesArgs;
use crate::cli::{Exit, inputs};

/// Maximum size of a page.
const MAX_BYTES: u64 = 20 << 20;

pub(crate) fn run(args: FeaturesArgs) -> Result<Exit> {
    let mut paths = args.paths;
    if let Some(list) = &args.input_file {
        paths.extend(inputs::lines(list)?.into_iter().map(PathBuf::from));
    }
    let custom = args.model.as_deref().map(super::model).transpose()?;
    let model = custom.as_ref().unwrap_or(&BUILT_IN);
    files::create_folder(&args.output, Access::Group)
        .with_context(|| format!("cannot create the folder {}", args.output.display()))?;
    let mut out = Files::create(&args.output)?;
    for page in input::pages(paths, MAX_BYTES) {
        let page = page.map_err(|error| anyhow::anyhow!("{}: {}", error.name, error.reason))?;
        out.write(&page.name, &describe(&page.input(), model))?;
    }
    out.end()?;
    Ok(Exit::Done)
}

struct Files {
    rows: BufWriter<File>,
    words: BufWriter<File>,
    word_counts: BufWriter<File>,
    blocks: BufWriter<File>,
    pages: BufWriter<File>,
    page_words: BufWriter<File>,
    page_word_counts: BufWriter<File>,
    names: PathBuf,
    named: Option<serde_json::Value>,
}

impl Files {
    fn create(dir: &Path) -> Result<Files> {
        let create = |name: &str| -> Result<BufWriter<File>> {
            let path = dir.join(name);
            let file = files::create(&path, Access::Group);
            Ok(BufWriter::new(file.with_context(|| {
                format!("cannot write {}", path.display())
            })?))
        };
        Ok(Files {
            rows: create("rows.f32")?,
            words: create("words.u32")?,
            word_counts: create("word_counts.u32")?,
            blocks: create("blocks.jsonl")?,
            pages: create("pages.f32")?,
            page_words: create("page_words.u32")?,
            page_word_counts: create("page_word_counts.u32")?,
            names: dir.join("names.json"),
            named: None,
        })
    }

    fn write(&mut self, name: &str, page: &PageFeatures) -> Result<()> {
        let mut described = Vec::with_capacity(page.blocks.len());
        for block in &page.blocks {
            for value in &block.features {
                self.rows.write_all(&value.to_le_bytes())?;
            }
            for word in &block.words {
                self.words.write_all(&word.to_le_bytes())?;
            }
            let count = u32::try_from(block.words.len())?;
            self.word_counts.write_all(&count.to_le_bytes())?;
            described.push(json!([block.text, block.role.name(), block.settled]));
        }
        if !page.blocks.is_empty() {
            self.named.get_or_insert_with(|| {
                json!({
                    "codes": encoding::digest(),
                    "first": page.first,
                    "second": page.second,
                    "page": page.page,
                })
            });
        }
        for value in &page.page_row {
            self.pages.write_all(&value.to_le_bytes())?;
        }
        for word in &page.page_words {
            self.page_words.write_all(&word.to_le_bytes())?;
        }
        let count = u32::try_from(page.page_words.len())?;
        self.page_word_counts.write_all(&count.to_le_bytes())?;
        let line = json!({"page": name, "blocks": described});
        Ok(writeln!(self.blocks, "{line}")?)
    }

    fn end(mut self) -> Result<()> {
        for file in [
            &mut self.rows,
            &mut self.words,
            &mut self.word_counts,
            &mut self.blocks,
            &mut self.pages,
            &mut self.page_words,
            &mut self.page_word_counts,
        ] {
            file.flush()?;
        }
        let named = self.named.unwrap_or_default();
        Ok(files::write(
            &self.names,
            named.to_string().as_bytes(),
            Access::Group,
        )?)
    }
}
