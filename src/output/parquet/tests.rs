use std::fs::File;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};

use super::*;
use crate::article::Image;

/// What a reader finds in a file: its metadata and rows.
fn read(bytes: &[u8]) -> (Arc<ParquetMetaData>, Vec<RecordBatch>) {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::<File>::try_new(file).unwrap();
    let metadata = Arc::clone(reader.metadata());
    let batches = reader.build().unwrap().map(Result::unwrap).collect();
    (metadata, batches)
}

fn encoded(articles: impl Iterator<Item = Article>) -> Vec<u8> {
    let (mut encoder, mut out) = (Parquet.encoder(true), Vec::new());
    for article in articles {
        encoder.write(&article, &mut out).unwrap();
    }
    encoder.finish(&mut out).unwrap();
    out
}

fn article(title: &str) -> Article {
    Article {
        title: Some(title.to_owned()),
        authors: vec!["Ada Ferry".to_owned()],
        published: Some("2026-11-26T10:00:00Z".to_owned()),
        text: "The ferry is back.".to_owned(),
        images: Some(vec![Image::default()]),
        ..Article::default()
    }
}

#[test]
fn a_file_holds_the_columns_of_its_records() {
    let articles: Vec<Article> = ["a", "b", "c"].map(article).into();
    let mut columns = Columns::new();
    for article in &articles {
        columns.push(article).unwrap();
    }
    let (metadata, batches) = read(&encoded(articles.into_iter()));
    let [batch] = &batches[..] else {
        panic!("{batches:?}");
    };
    assert_eq!(batch.schema().fields(), schema().fields());
    assert_eq!(batch.columns(), columns.finish().unwrap().columns());
    let file = metadata.file_metadata();
    let stated = |key: &str| {
        let pairs = file.key_value_metadata().unwrap();
        let pair = pairs.iter().find(|it| it.key == key).unwrap();
        pair.value.clone().unwrap()
    };
    assert_eq!(stated(VERSION_KEY), "1");
    assert_eq!(stated(PROGRAM_KEY), EXTRACTOR);
    assert_eq!(file.created_by().unwrap(), "newsprint version 0.1.0");
}

#[test]
fn columns_are_compressed_and_have_dictionaries_where_values_repeat() {
    let (metadata, _) = read(&encoded((0..100).map(|at| article(&at.to_string()))));
    let [group] = metadata.row_groups() else {
        panic!("{:?}", metadata.row_groups());
    };
    assert!(group.sorting_columns().is_none());
    let paths: Vec<String> = group
        .columns()
        .iter()
        .map(|it| it.column_path().string())
        .collect();
    for column in group.columns() {
        let (path, has_dictionary) = (
            column.column_path().parts(),
            column.dictionary_page_offset().is_some(),
        );
        assert_eq!(
            column.compression(),
            Compression::ZSTD(ZstdLevel::default())
        );
        let is_unique = UNIQUE.iter().any(|it| *it == path);
        assert!(!(is_unique && has_dictionary), "{path:?}");
        let has_statistics = column.statistics().is_some();
        assert_eq!(
            has_statistics,
            !TEXTS.iter().any(|it| *it == path),
            "{path:?}"
        );
    }
    for path in UNIQUE.iter().chain(&TEXTS) {
        assert!(
            paths.contains(&path.join(".")),
            "{path:?} is no column of {paths:?}"
        );
    }
    let authors = paths.iter().position(|it| it == "authors.list.element");
    let authors = group.column(authors.unwrap());
    assert!(authors.dictionary_page_offset().is_some());
}

#[test]
fn row_groups_end_after_so_many_bytes() {
    let text = "The ferry is back. ".repeat(200_000);
    let many = (0..40).map(|at| Article {
        text: text.clone(),
        ..article(&at.to_string())
    });
    let (metadata, batches) = read(&encoded(many));
    let rows: Vec<i64> = metadata
        .row_groups()
        .iter()
        .map(RowGroupMetaData::num_rows)
        .collect();
    assert_eq!((rows.len(), rows.iter().sum()), (3, 40), "{rows:?}");
    let titles = batches.iter().flat_map(|batch| {
        let titles = batch["title"].as_string::<i32>();
        titles
            .iter()
            .map(|it| it.unwrap().to_owned())
            .collect::<Vec<_>>()
    });
    assert!(titles.eq((0..40).map(|at| at.to_string())));
}

#[test]
fn what_is_written_on_the_way_and_in_the_end_is_one_file() {
    let (mut encoder, mut out) = (Parquet.encoder(true), Vec::new());
    // More than the writer buffers once it is compressed, and so many bytes that the row group ends.
    let noise = (0..20_000_u32).map(|it| it.wrapping_mul(2_654_435_761).to_string());
    let long = Article {
        title: Some(noise.collect()),
        text: "x".repeat(ROW_GROUP_BYTES),
        ..Article::default()
    };
    encoder.write(&long, &mut out).unwrap();
    assert!(out.starts_with(b"PAR1"), "nothing is kept in memory");
    encoder.write(&article("last"), &mut out).unwrap();
    encoder.finish(&mut out).unwrap();
    assert_eq!(
        read(&out)
            .1
            .iter()
            .map(RecordBatch::num_rows)
            .sum::<usize>(),
        2
    );
}

#[test]
fn a_file_without_records_is_one_all_the_same() {
    let (metadata, batches) = read(&encoded(std::iter::empty()));
    assert_eq!(metadata.file_metadata().num_rows(), 0);
    assert!(batches.is_empty());
}
