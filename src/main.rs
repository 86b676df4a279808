//! The `newsprint` command: a thin face over the library.

mod cli;

/// Pages are read into many small pieces, and thrown away whole.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run(std::env::args_os()).into()
}
