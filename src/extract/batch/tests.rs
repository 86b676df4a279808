//! Order, failures and panics of a batch.

use super::*;

fn page(number: usize) -> SavedPage {
    SavedPage {
        name: format!("page {number}"),
        bytes: format!("<title>Limes number {number}</title><p>Two hundred limes.</p>").into(),
        fetched_at: Some("2026-01-02T03:04:05Z".to_owned()),
        status: Some(200),
        ..SavedPage::default()
    }
}

fn name(result: Result<Extraction, BatchError<String>>) -> String {
    match result {
        Ok(extraction) => extraction.article.source.unwrap_or_default(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn results_come_in_the_order_of_the_pages_with_what_is_known_of_each() {
    let pages = (0..40).map(|number| move || Ok::<_, String>(page(number)));
    let mut names = Vec::new();
    let batch = Batch::new(Extractor::default()).with_jobs(4);
    let done = batch.run(pages, |result| {
        let article = &result.as_ref().unwrap().article;
        assert_eq!(article.status, Some(200));
        assert_eq!(article.fetched_at.as_deref(), Some("2026-01-02T03:04:05Z"));
        names.push(name(result));
        Ok::<(), Infallible>(())
    });
    assert_eq!(done, Ok(()));
    let expected: Vec<String> = (0..40).map(|number| format!("page {number}")).collect();
    assert_eq!(names, expected);
}

#[test]
fn a_page_that_cannot_be_read_or_panics_costs_no_other() {
    let pages = (0..9).map(|number| {
        move || match number {
            3 => Err("page 3: no such file".to_owned()),
            5 => panic!("a bug while reading"),
            _ => Ok(page(number)),
        }
    });
    let batch = Batch::new(Extractor::default())
        .with_jobs(2)
        .with_rules(|page| match page.name.as_str() {
            "page 7" => panic!("a bug while extracting"),
            _ => SiteRules::default(),
        });
    let mut names = Vec::new();
    let done = batch.run(pages, |result| {
        names.push(name(result));
        Ok::<(), Infallible>(())
    });
    assert_eq!(done, Ok(()));
    assert_eq!(names.len(), 9);
    assert_eq!(names[3], "page 3: no such file");
    assert_eq!(names[5], ": extracting the page panicked");
    assert_eq!(names[7], "page 7: extracting the page panicked");
    assert_eq!(names[8], "page 8");
}

#[test]
fn it_stops_where_the_caller_does() {
    let pages = (0..1_000_000).map(|number| move || Ok::<_, String>(page(number)));
    let mut count = 0;
    let done = Batch::new(Extractor::default()).run(pages, |_| {
        count += 1;
        if count == 3 { Err("enough") } else { Ok(()) }
    });
    assert_eq!((done, count), (Err("enough"), 3));
}
