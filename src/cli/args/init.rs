//! The arguments of `init`.

use url::Url;

use crate::cli::contact::{Contact, contact};
use crate::cli::inputs::web_address;

const INIT_HELP: &str = "\
A file that is there is never overwritten. Your contact becomes a part of `user_agent`, by which webmasters can reach \
you, and names your crawler: you@yourpaper.com crawls as `yourpaper-bot`. Sources are found as by `newsprint discover`.

Examples:
  newsprint init     (asks for your contact)
  newsprint init --contact you@yourpaper.com
  newsprint init --contact https://yourpaper.com/bot news.example.org daily.example.org
  newsprint init --contact you@yourpaper.com --config /srv/news/config.toml

Exit codes:
  0  done
  1  the file cannot be written
  2  bad usage, or the file is there already; nothing was fetched
  3  the file is written, but some sites, named on standard error, have nothing to begin with";

#[derive(Debug, clap::Args)]
#[command(after_help = INIT_HELP)]
pub(crate) struct InitArgs {
    /// Your email address, or a page about your crawler
    #[arg(long, value_name = "EMAIL|URL", value_parser = contact)]
    pub(crate) contact: Option<Contact>,
    /// Front pages of sites to crawl; https:// is assumed
    #[arg(value_name = "URL", value_parser = web_address)]
    pub(crate) sites: Vec<Url>,
}
