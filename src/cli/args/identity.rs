//! The arguments of `newsprint identity`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use newsprint::identity::WELL_KNOWN;
use url::Url;

use super::duration;
use crate::cli::inputs::web_address;

const IDENTITY_HELP: &str = "\
Examples:
  newsprint identity new --host bot.example.org
  newsprint identity sign --format nginx > directory-headers.conf
  newsprint identity verify

Exit codes:
  0  done
  1  could not do the job: a file cannot be written, the directory cannot be fetched
  2  bad usage or bad configuration
  3  verifiers would not recognise the crawler: see the lines with a cross";

const NEW_HELP: &str = "\
Examples:
  newsprint identity new --host bot.example.org
  newsprint identity new --key identity-2.pem        (the next key, added to the same directory)

The private key is written as PKCS#8 in PEM, readable by you alone. The directory is a JSON Web Key Set for \
https://HOST/.well-known/http-message-signatures-directory; keys whose time is over are taken out of it.

Exit codes:
  0  done
  1  a file cannot be written
  2  bad usage, bad configuration, or the key exists";

const SHOW_HELP: &str = "\
Examples:
  newsprint identity show
  newsprint identity show --key identity-2.pem

Exit codes:
  0  done
  2  bad usage or bad configuration, no key";

const REMOVE_HELP: &str = "\
Examples:
  newsprint identity remove poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U
  newsprint identity remove KEY-ID --directory-file /var/www/bot/directory.json

Exit codes:
  0  done
  1  the file cannot be written
  2  bad usage, or the directory has no such key";

const SIGN_HELP: &str = "\
Examples:
  newsprint identity sign
  newsprint identity sign --for 90d --format nginx > /etc/nginx/snippets/directory-headers.conf
  newsprint identity sign identity.pem identity-2.pem     (while the directory has two keys)

The headers hold for the file as it is, for one host, and until their time is over: run this again before that, \
such as weekly from cron, and whenever the directory changes. Serve the file without compression.

Exit codes:
  0  done
  1  the directory cannot be read
  2  bad usage or bad configuration";

const VERIFY_HELP: &str = "\
Examples:
  newsprint identity verify
  newsprint identity verify https://bot.example.org/.well-known/http-message-signatures-directory

Exit codes:
  0  verifiers recognise the crawler
  1  the directory cannot be fetched
  2  bad usage or bad configuration
  3  verifiers would not recognise the crawler: see the lines with a cross";

#[derive(Debug, clap::Args)]
#[command(after_help = IDENTITY_HELP)]
pub(crate) struct IdentityArgs {
    #[command(subcommand)]
    pub(crate) command: IdentityCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IdentityCommand {
    /// Make a key, and add its public half to the directory to publish
    New(NewArgs),
    /// Show the key, where it is published, and until when it is used
    Show(ShowArgs),
    /// Print the headers that prove the directory is yours, to serve with it
    Sign(SignArgs),
    /// Fetch the published directory, and check it as a webmaster's software does
    Verify(VerifyArgs),
    /// Take a key out of the directory, such as one that others may have read
    Remove(RemoveArgs),
}

/// The file of the directory.
#[derive(Debug, clap::Args)]
pub(crate) struct DirectoryFile {
    /// The file of the directory
    #[arg(long = "directory-file", value_name = "FILE", default_value = default_file())]
    pub(crate) path: PathBuf,
}

/// The last part of the well-known address.
fn default_file() -> &'static str {
    WELL_KNOWN.rsplit('/').next().unwrap_or(WELL_KNOWN)
}

#[derive(Debug, clap::Args)]
#[command(after_help = NEW_HELP)]
pub(crate) struct NewArgs {
    /// The file to write the private key to [default: `key` in [identity], or identity.pem]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) directory: DirectoryFile,
    /// The host that will publish the directory, for the instructions [default: that of `directory` in [identity]]
    #[arg(long, value_name = "HOST", value_parser = host)]
    pub(crate) host: Option<String>,
    /// How long the key is to be used
    #[arg(long, value_name = "DURATION", default_value = "365d", value_parser = duration)]
    pub(crate) valid_for: Duration,
    /// Replace a key that exists
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SHOW_HELP)]
pub(crate) struct ShowArgs {
    /// The file of the private key [default: `key` in [identity]]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SIGN_HELP)]
pub(crate) struct SignArgs {
    /// The files of the private keys of the directory [default: `key` in [identity]]
    #[arg(value_name = "KEY")]
    pub(crate) keys: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) directory: DirectoryFile,
    /// The host that publishes the directory [default: that of `directory` in [identity]]
    #[arg(long, value_name = "HOST", value_parser = host)]
    pub(crate) host: Option<String>,
    /// How long the headers hold
    #[arg(long = "for", value_name = "DURATION", default_value = "30d", value_parser = duration)]
    pub(crate) valid_for: Duration,
    /// For which server the headers are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "headers")]
    pub(crate) format: ServerFormat,
}

/// How headers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServerFormat {
    /// As they go over the wire
    Headers,
    /// For `include` in a `location` of nginx
    Nginx,
    /// For a `<Files>` section or .htaccess of Apache, with mod_headers
    Apache,
    /// For a site block of Caddy
    Caddy,
}

#[derive(Debug, clap::Args)]
#[command(after_help = VERIFY_HELP)]
pub(crate) struct VerifyArgs {
    /// The address of the directory [default: what `directory` in [identity] stands for]
    #[arg(value_name = "URL", value_parser = web_address)]
    pub(crate) url: Option<Url>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = REMOVE_HELP)]
pub(crate) struct RemoveArgs {
    /// The name of the key, as `identity show` and the directory (`kid`) have it
    #[arg(value_name = "KEY-ID", allow_hyphen_values = true)]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) directory: DirectoryFile,
}

/// A host, perhaps with a port, as it stands in addresses.
fn host(text: &str) -> Result<String, &'static str> {
    let url = Url::parse(&format!("https://{text}")).ok();
    let url = url.filter(|url| {
        url.path() == "/"
            && url.username().is_empty()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    let authority =
        url.map(|url| url[url::Position::BeforeHost..url::Position::AfterPort].to_owned());
    authority.ok_or("expected a host such as bot.example.org")
}
