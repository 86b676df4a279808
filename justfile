# Everyday commands; `just` lists them.

default:
    @just --list

# All checks that must pass
ci:
    .ci/run

test *args:
    cargo test {{args}}

lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings

demo:
    cargo run --release -- demo

# The extraction's scores, if the evaluation pages are next to the checkout
quality:
    cargo build --release
    .ci/quality

# Train the block scorer on a folder of pages with gold, and write model/blocks.model
train pages="../shared/bench/dev" score="../shared/bench/score.py" clean="../shared/bench/clean" also="../shared/bench/more":
    cargo build --release
    python3 training/train.py {{pages}} --score {{score}} --clean {{clean}} --also {{also}} --output model/blocks.model

# Fuzz one target for some seconds, starting from the demo's pages
fuzz target="extract" seconds="3600":
    mkdir -p fuzz/corpus/{{target}}
    find fixtures -name '*.html' -exec cp -n {} fuzz/corpus/{{target}}/ \;
    cargo +nightly fuzz run {{target}} -- -max_total_time={{seconds}} -timeout=10 -rss_limit_mb=2048 -max_len=65536

# Time the stages of extraction
bench:
    cargo bench --bench extract
