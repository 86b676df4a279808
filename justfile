# Everyday commands; `just` lists them.

default:
    @just --list

# What decides whether work lands
ci:
    .ci/run

test *args:
    cargo test {{args}}

lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings

demo:
    cargo run --release -- demo

# The extraction's scores, where the evaluation pages are beside the checkout
quality:
    cargo build --release
    .ci/quality
