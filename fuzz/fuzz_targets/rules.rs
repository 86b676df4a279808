//! Rules of other tools: what is converted is a file that this program reads.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use newsprint::config::Config;
use newsprint::rulebook::ftr;

fuzz_target!(|data: (&str, &str)| {
    let (name, text) = data;
    let rules = ftr::read(name, text).to_toml();
    // What it holds may be refused, but by what it means and not by its form.
    if let Err(error) = toml::from_str::<toml::Table>(&rules) {
        panic!("{error}\n{rules}");
    }
    let _ = Config::parse(&rules, Path::new("rules.toml"));
});
