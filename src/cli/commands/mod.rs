//! The commands, one file each.

pub(super) mod completions;
pub(super) mod copy;
pub(super) mod crawl;
pub(super) mod demo;
pub(super) mod diff;
pub(super) mod discover;
pub(super) mod explain;
pub(super) mod export;
pub(super) mod extract;
pub(super) mod features;
pub(super) mod fetch;
pub(super) mod identity;
pub(super) mod init;
pub(super) mod man;
pub(super) mod mcp;
pub(super) mod pages;
pub(super) mod reextract;
pub(super) mod rules;
pub(super) mod schema;
pub(super) mod serve;
pub(super) mod status;

use std::path::Path;

use anyhow::{Context, Result};
use newsprint::extract::feature_export::read_model;
use newsprint::extract::model::Model;

use crate::cli::signals::runtime;

/// Reads a model file made by training.
fn model(path: &Path) -> Result<Model> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    read_model(&bytes).with_context(|| path.display().to_string())
}
