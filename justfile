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

# Fuzz every parser of what comes from outside, so many seconds all in all
fuzz seconds="3600":
    fuzz/run {{seconds}}

# Time the stages of extraction
bench:
    cargo bench --bench extract

# A simulated day of 200 sources with faults and attacks: nothing lost, nothing grows
soak:
    cargo test --release --test soak -- --ignored --nocapture
