//! The words of `rules/threads.toml`, and names and labels that hold them.

use super::*;

fn naming(value: &str) -> Naming {
    of_name(value, &mut String::new()).naming
}

fn label(text: &str) -> LabelSigns {
    of_label(text, &mut String::new())
}

#[test]
fn the_file_can_be_read_and_its_labels_are_as_texts_are_compared() {
    let file: File = toml::from_str(include_str!("../../../../../rules/threads.toml")).unwrap();
    assert!(file._about.contains("ust never catch"));
    assert!(file.names.sure.is_disjoint(&file.names.likely));
    for word in file.names.sure.iter().chain(&file.names.likely) {
        assert_eq!(*word, word.to_lowercase());
    }
    let mut buffer = String::new();
    for labels in [&file.headings, &file.actions, &file.votes, &file.prompts] {
        for known in &labels.is {
            assert!(push_label(known, &mut buffer, |first| known.starts_with(first)));
            assert_eq!(*known, buffer);
        }
    }
    assert!(file.headings.is.len() > 350);
}

#[test]
fn names_of_comments_are_known_in_many_languages() {
    for name in [
        "comments",
        "commentlist",
        "userComments",
        "post-comment",
        "comment-412",
        "article_comments_box",
        "leserkommentare",
        "komentarze-lista",
        "pinglunList",
        "sxolia",
        "kommentarii",
        "opinie-lista",
        "CommentsArea2",
    ] {
        assert_eq!(naming(name), Naming::Sure, "{name}");
    }
    for name in [
        "tone-comment",
        "opinie",
        "k_nForum",
        "discussion",
        "kommentar",
    ] {
        assert_eq!(naming(name), Naming::Likely, "{name}");
    }
}

#[test]
fn words_that_hold_a_name_are_not_names() {
    for name in [
        "commentary",
        "commentator",
        "opinion",
        "recommended",
        "threadneedle",
        "debate",
        "column",
        "comments-open",
        "no-comments",
        "comments-count",
    ] {
        assert_eq!(naming(name), Naming::None, "{name}");
    }
}

#[test]
fn labels_are_headings_actions_votes_and_times() {
    for text in [
        "5 comments",
        "Kommentare (3)",
        "Комментарии: 12",
        "评论（4）",
        "ΣΧΟΛΙΑ",
        "コメント 2件",
    ] {
        assert!(label(text).heading, "{text}");
    }
    for text in [
        "Reply",
        "↩ Antworten",
        "Reply to Grete",
        "zgłoś naruszenie",
        "回复",
        "Ответить (2)",
    ] {
        assert!(label(text).action, "{text}");
    }
    for text in ["+3", "0 / -2", "Like", "👍 4", "Нравится"] {
        assert!(label(text).vote, "{text}");
    }
    for text in [
        "2 hours ago",
        "vor 3 Stunden",
        "gestern",
        "26.11.2026",
        "12:40",
        "3小时前",
        "il y a 5 jours",
        "5時間前",
        "Nov 26, 2026 at 4 PM",
    ] {
        assert!(label(text).time, "{text}");
    }
    for text in [
        "Grete",
        "The report was late",
        "Is the red glass really needed?",
    ] {
        assert_eq!(label(text), LabelSigns::default(), "{text}");
    }
}

#[test]
fn names_of_ascii_are_split_as_others_are() {
    let words = |name: &str| {
        let mut words = Vec::new();
        for_each_word(name, &mut String::new(), |word| words.push(word.to_owned()));
        words
    };
    for name in [
        "userComments-list2",
        "k_nForum",
        "--a--B2c3--",
        "HTMLBox",
        "x",
        "",
        "Comments",
        "7days ago",
    ] {
        let mut others = words(&format!("{name} é"));
        assert_eq!(others.pop().as_deref(), Some("é"));
        assert_eq!(words(name), others, "{name}");
    }
    assert_eq!(
        words("userComments-list2"),
        ["user", "comments", "list", "2"]
    );
}
