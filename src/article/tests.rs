//! Roles by name, older records, dates against the day of the fetch.

use super::*;

#[test]
fn roles_are_chosen_by_name_or_as_changes() {
    let roles = |names: &[&str]| {
        let choices: Vec<_> = names
            .iter()
            .filter_map(|it| RoleChoice::from_name(it))
            .collect();
        assert_eq!(choices.len(), names.len());
        RoleChoice::apply(&choices, &Role::DEFAULT)
    };
    assert_eq!(
        roles(&["heading", "caption"]),
        [Role::Heading, Role::Caption]
    );
    let with_captions = [&Role::DEFAULT[..], &[Role::Caption]].concat();
    assert_eq!(roles(&["+caption"]), with_captions);
    assert_eq!(roles(&["+caption", "+list"]), with_captions);
    assert!(!roles(&["-list"]).contains(&Role::List));
    assert_eq!(roles(&["-list"]).len(), Role::DEFAULT.len() - 1);
    assert_eq!(
        roles(&["paragraph", "+caption"]),
        [Role::Paragraph, Role::Caption]
    );
    assert_eq!(RoleChoice::from_name("++caption"), None);
}

#[test]
fn an_unknown_address_is_null_and_was_an_empty_string_in_older_records() {
    let article = Article {
        id: "7".repeat(16),
        schema_version: SCHEMA_VERSION,
        ..Article::default()
    };
    let mut record = serde_json::to_value(&article).unwrap();
    for key in ["url", "final_url", "canonical_url"] {
        assert!(record[key].is_null(), "{key}");
        record[key] = "".into();
    }
    record.as_object_mut().unwrap().remove("schema_version");
    assert_eq!(serde_json::from_value::<Article>(record).unwrap(), article);
}

#[test]
fn nothing_is_published_after_it_was_fetched() {
    for (published, kept) in [
        ("2026-11-24T11:59:59Z", true),
        ("2026-11-24T13:30:00+02:00", true),
        ("2026-11-24T12:00:01Z", false),
        ("2026-11-25", true),
        ("2026-11-26", false),
        ("2026-11-25T01:59:00", true),
        ("2026-11-25T02:01:00", false),
    ] {
        let mut article = Article {
            published: Some(published.to_owned()),
            ..Article::default()
        };
        article.set_fetched_at(Some("2026-11-24T12:00:00Z".to_owned()));
        assert_eq!(article.published.is_some(), kept, "{published}");
        assert_eq!(article.warnings.is_empty(), kept, "{published}");
    }
}
