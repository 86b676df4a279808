//! JSON Schema (2020-12) of what users' programs read and write, as `newsprint schema` prints it. The files are
//! in `schema/`; tests hold them to the code. Imports nothing of this crate.

/// The record: [`Article`](crate::Article) as JSON.
pub const RECORD: &str = include_str!("../schema/record.json");

/// `config.toml`, and with it what editors need to complete and check its keys.
pub const CONFIG: &str = include_str!("../schema/config.json");

#[cfg(test)]
pub(crate) mod check;
#[cfg(test)]
mod tests;
