//! Where the time of an extraction goes, stage by stage, each with those before it, beside the
//! yardstick: `scraper` parsing the same decoded text and nothing else. Pages are the newsroom's
//! and, where the evaluation pages lie beside the repository, a sample of those.

use std::cell::Cell;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use newsprint::extract::bench::{Stage, observe};
use newsprint::input;
use newsprint::page::{Input, decode};

/// Pages taken of the evaluation's.
const SAMPLE: usize = 60;

fn pages() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = html_below(&root.join("fixtures/newsroom"));
    let evaluation = html_below(&root.join("../shared/bench/dev/html"));
    let step = (evaluation.len() / SAMPLE).max(1);
    paths.extend(evaluation.into_iter().step_by(step).take(SAMPLE));
    let pages = input::pages(paths, 20 << 20);
    pages.filter_map(|page| Some(page.ok()?.bytes)).collect()
}

fn html_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            found.extend(html_below(&path));
        } else if path.to_string_lossy().contains(".html") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// How long an extraction takes to get through a stage.
fn time_to(stage: Stage, page: &[u8]) -> Duration {
    let reached = Cell::new(Duration::ZERO);
    let start = Instant::now();
    let passed = |at| {
        if at == stage {
            reached.set(start.elapsed());
        }
    };
    black_box(observe(&Input::new(page), &passed));
    reached.get()
}

fn bench(criterion: &mut Criterion) {
    let pages = pages();
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let mut group = criterion.benchmark_group(format!("{} pages", pages.len()));
    group
        .throughput(Throughput::Bytes(bytes as u64))
        .sample_size(20);
    let texts: Vec<_> = pages
        .iter()
        .map(|page| decode::decode(page, None, None).text.into_owned())
        .collect();
    group.bench_function("yardstick: scraper's bare parse", |bencher| {
        bencher.iter(|| {
            for text in &texts {
                black_box(scraper::Html::parse_document(text));
            }
        });
    });
    group.bench_function("up to decode", |bencher| {
        bencher.iter(|| {
            for page in &pages {
                black_box(decode::decode(page, None, None));
            }
        });
    });
    for stage in Stage::ALL {
        group.bench_function(format!("up to {stage:?}").to_lowercase(), |bencher| {
            bencher.iter_custom(|rounds| {
                let once = || {
                    pages
                        .iter()
                        .map(|page| time_to(stage, page))
                        .sum::<Duration>()
                };
                (0..rounds).map(|_| once()).sum()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
