//! Threads of comments after an article, in many layouts and languages, and what looks like one.

use crate::extract::Extractor;
use crate::extract::rules::{BUILT_IN, Group, Mark};
use crate::extract::segment::structural;
use crate::limits::Limits;
use crate::page::{Document, Input};

const BODY: [&str; 5] = [
    "The night ferry to the outer islands sails again from the first of May, after the town bought a ship that \
     had carried cars across a fjord for thirty years.",
    "Her new crew of nine has painted the hull green and white, and the cook, who came with the ship, has \
     agreed to stay for a summer at least.",
    "Passengers may book from Monday at the harbour office or by telephone, and those who live on the islands \
     pay half, as they did before the old ferry was sold.",
    "“We waited four winters for this,” said the teacher of the smallest school, who has seven pupils and \
     rowed over to see the ship with all of them.",
    "The last crossing of the year is planned for the eve of the first storm, which the harbour master \
     expects, as he does every year, on a Sunday.",
];

const SAID: [&str; 5] = [
    "I crossed on the old one with my father every summer, and the soup was never hot, but we would not have \
     missed it for anything in the world.",
    "Who pays for the diesel? Nobody ever answers that question, not the council and not the paper either, \
     although I have asked both of them twice.",
    "Green and white are the colours of the rowing club.",
    "My grandmother was born on that ferry in 1931, in the saloon, between two crates of hens, and she has \
     never been sick at sea since that night.",
    "See you all on the first of May, with a flag and a trumpet and whatever else can be carried up a gangway.",
];

fn page(after: &str) -> String {
    let body: String = BODY.iter().map(|text| format!("<p>{text}</p>")).collect();
    format!(
        "<html><head><title>Night ferry sails again</title></head><body><div class=a0><h1>Night ferry sails \
         again</h1><div class=a1>{body}</div>{after}</div></body></html>"
    )
}

fn text_of(html: &str) -> String {
    let extractor = Extractor::builder().any_kind(true).build();
    extractor.extract(&Input::new(html.as_bytes())).article.text
}

/// Five comments, each made by `one` of a name, an age in hours and a text.
fn thread(one: impl Fn(&str, usize, &str) -> String) -> String {
    let names = ["Odo F.", "Grete", "K. Lindt", "Tomas", "seagull_9"];
    let comments = names.iter().zip(SAID).enumerate();
    comments
        .map(|(at, (name, said))| one(name, at + 2, said))
        .collect()
}

fn assert_stripped(label: &str, after: &str) {
    assert_eq!(text_of(&page(after)), BODY.join("\n\n"), "{label}");
}

#[test]
fn threads_without_names_are_found_by_their_structure() {
    let divs = thread(|name, age, said| {
        format!(
            "<div class=r2><div class=r3>{name}</div><div class=r4>{age} hours ago</div><div class=r5><p>{said}</p>\
             </div><div class=r6><a href=#>Reply</a><a href=#>Report</a></div></div>"
        )
    });
    let table = thread(|name, age, said| {
        format!(
            "<tr><td><b>{name}</b><br>{age:02}.05.2012 14:0{age}</td><td>{said}</td><td><a href=#>Ответить</a></td></tr>"
        )
    });
    let lines = thread(|name, age, said| {
        format!(
            "<dt>{name} (gość) {age:02}.01.2012, 16:50</dt><dd>{said}<br><a href=#>odpowiedz</a></dd>"
        )
    });
    let list = thread(|name, age, said| {
        format!(
            "<li class='x{age} odd'><img src=/avatars/{age}.png alt=''><a href=/users/{age}>{name}</a> <time>vor {age} \
             Stunden</time><p>{said}</p><span>+{age}</span> <button>Antworten</button></li>"
        )
    });
    let custom = thread(|name, age, said| {
        format!(
            "<u-entry><span>{name}</span> · <span>{age}小时前</span><p>{said}</p><a href=#>回复</a></u-entry>"
        )
    });
    for (label, after) in [
        (
            "divs",
            format!("<div class=r0><div class=r1>5 comments</div>{divs}</div>"),
        ),
        ("table", format!("<table class=t1>{table}</table>")),
        ("definitions", format!("<dl class=q1>{lines}</dl>")),
        ("list", format!("<ol class=c9>{list}</ol>")),
        ("custom elements", format!("<u-list>{custom}</u-list>")),
        (
            "flat",
            format!("<section>{divs}<form><textarea></textarea></form></section>"),
        ),
    ] {
        assert_stripped(label, &after);
    }
}

#[test]
fn a_heading_makes_a_thread_of_one_or_two_comments() {
    let one = |heading: &str, reply: &str| {
        format!(
            "<div class=z0><h3>{heading}</h3><div class=z1><b>Grete</b><i>26.11.2026 um 12:40</i><p>{}</p><a \
             href=#>{reply}</a></div></div>",
            SAID[0]
        )
    };
    for (heading, reply) in [
        ("1 comment", "Reply"),
        ("Kommentare (1)", "Antworten"),
        ("Комментарии: 1", "Ответить"),
        ("评论（1）", "回复"),
        ("1件のコメント", "返信"),
        ("Σχόλια", "Απάντηση"),
        ("Komentarze", "zgłoś naruszenie"),
        ("Hozzászólások", "Válasz"),
        ("Yorumlar (1)", "Yanıtla"),
        ("التعليقات", "رد"),
    ] {
        assert_stripped(heading, &one(heading, reply));
    }
    // Without an element of their own, below the last paragraph.
    let flat = page("").replace(
        "</p></div>",
        &format!(
            "</p><h4>2 Kommentare</h4><p><b>Odo</b>, 26.11.2026, 12:40</p><p>{}</p><p><a href=#>Antworten</a></p>\
             <p><b>Grete</b>, gestern</p><p>{}</p><p><a href=#>Antworten</a></p></div>",
            SAID[1], SAID[3]
        ),
    );
    assert_eq!(text_of(&flat), BODY.join("\n\n"));
}

#[test]
fn named_threads_are_stripped_however_long_they_are() {
    let many: String = (0..8)
        .map(|_| {
            thread(|name, age, said| {
                format!("<div class=e1><i>{name}, {age}.5.2012 10:00</i><p>{said}</p></div>")
            })
        })
        .collect();
    for name in [
        "class=komentarze",
        "id=k_nForum",
        "class=pinglun-list",
        "id=sxolia",
        "class='leserKommentare'",
        "class=coments",
        "id=otzyvy",
        "class=hozzaszolasok",
        "class=yorumlar",
        "class=user-reactions",
        "class=box_komentar",
        "itemprop=comment",
        "itemscope itemtype=https://schema.org/UserComments",
    ] {
        assert_stripped(name, &format!("<div {name}>{many}</div>"));
    }
    let items =
        thread(|name, age, said| format!("<li id=comment-{age}><i>{name}</i><p>{said}</p></li>"));
    assert_stripped("numbered items", &format!("<ul class=q>{items}</ul>"));
    let articles = thread(|name, age, said| {
        format!(
            "<article class='comment c{age}'><h3>{name}</h3><time>{age} hours ago</time><p>{said}</p></article>"
        )
    });
    assert_stripped(
        "articles",
        &format!("<section class=u>{articles}</section>"),
    );
}

#[test]
fn lines_that_ask_for_comments_or_count_them_are_stripped() {
    for line in [
        "12 Comments",
        "Leave a Reply Cancel reply",
        "Your email address will not be published. Required fields are marked *",
        "Schreibe einen Kommentar",
        "Комментариев: 4",
        "Bądź pierwszy i skomentuj!",
        "3 条评论",
    ] {
        let html = page("").replace("<div class=a1>", &format!("<div class=a1><p>{line}</p>"));
        assert_eq!(text_of(&html), BODY.join("\n\n"), "{line}");
    }
    let table = "<table><tr><th>Name</th><th>2 comments</th></tr><tr><td>Hull</td><td>Painted</td></tr></table>";
    assert_eq!(marked(&page(table)), 0);
}

#[test]
fn answers_to_comments_go_with_them() {
    let nested = format!(
        "<div class=n0>{}<div class=n1><b>Grete</b><i>3 hours ago</i><p>{}</p><a href=#>Reply</a><div class=n2>{}</div>\
         </div></div>",
        thread(|name, age, said| format!(
            "<div class=n1><b>{name}</b><i>{age} hours ago</i><p>{said}</p><a href=#>Reply</a></div>"
        )),
        SAID[0],
        thread(|name, age, said| format!(
            "<div class=n1><b>{name}</b><i>{age} hours ago</i><p>{said}</p><a href=#>Reply</a></div>"
        ))
    );
    assert_stripped("nested", &nested);
}

/// The text of a page with no thread must hold all of this.
fn assert_kept(label: &str, html: &str, kept: &[&str]) {
    let text = text_of(html);
    for line in kept {
        assert!(text.contains(line), "{label}: {line}\n{text}");
    }
}

#[test]
fn texts_that_look_like_threads_are_kept() {
    let entries = thread(|_, age, said| {
        format!(
            "<div class=k1><time>{age}:15</time><h3>At {age}</h3><p>{said}</p><a href=#>Share</a></div>"
        )
    });
    let talk = thread(|name, _, said| format!("<p><b>{name}:</b> {said}</p>"));
    let dates = thread(|_, age, said| format!("<li><b>{age} May 1931</b><p>{said}</p></li>"));
    let letters = thread(|name, _, said| format!("<p>{said}</p><p><i>{name}, Kell</i></p>"));
    let quotes = thread(|name, _, said| {
        format!("<blockquote><p>{said}</p><cite>{name}</cite></blockquote>")
    });
    for (label, more) in [
        ("live blog", format!("<div class=k0>{entries}</div>")),
        ("interview", talk),
        ("timeline", format!("<ul>{dates}</ul>")),
        ("letters", format!("<h3>Letters</h3>{letters}")),
        ("quotes", quotes),
    ] {
        let html = page("").replace("</p></div>", &format!("</p>{more}</div>"));
        let found = marked(&html);
        assert_eq!(found, 0, "{label}");
    }
}

#[test]
fn a_wrapper_that_is_named_after_comments_keeps_its_article() {
    let body: String = BODY.iter().map(|text| format!("<p>{text}</p>")).collect();
    for html in [
        format!("<body><div class=comments-page><h1>Night ferry</h1>{body}</div></body>"),
        format!(
            "<body><p>{}</p><article class='comment commentary'><h1>Night ferry</h1>{body}</article></body>",
            SAID[0]
        ),
        format!(
            "<body><h1>Night ferry</h1><p class=lead>{}</p><div class=comments>{body}{body}</div></body>",
            SAID[0]
        ),
        format!(
            "<body><h1>Night ferry</h1><p>{}</p><div class='post comments-open'>{body}</div></body>",
            SAID[0]
        ),
    ] {
        assert_kept("wrapper", &html, &BODY);
    }
}

#[test]
fn a_page_of_a_forum_is_left_alone() {
    let posts = thread(|name, age, said| {
        format!(
            "<div class=post><b>{name}</b><i>{age}.05.2012 10:00</i><p>{said}</p><a href=#>Reply</a></div>"
        )
    });
    let html = format!(
        "<head><meta name=generator content='Discourse 3'></head><body><h1>Night ferry</h1><p>{}</p>{posts}</body>",
        BODY[0]
    );
    assert_eq!(marked(&html), 0);
    let by_address = html.replace(
        "<meta name=generator content='Discourse 3'>",
        "<link rel=canonical href='https://kell.example/threads/ferry.12/'>",
    );
    assert_eq!(marked(&by_address), 0);
    // Where the first post is one of the posts, nothing stands before the thread.
    assert_eq!(
        marked(&format!("<body><h1>Night ferry</h1>{posts}</body>")),
        0
    );
}

/// The number of nodes that the detector marks.
fn marked(html: &str) -> usize {
    let input = Input::new(html.as_bytes());
    let document = Document::parse(&input, &Limits::DEFAULT);
    let page = document.page();
    let own = vec![Mark::Free; page.tree.len()];
    let found = structural::find(&page.tree, &BUILT_IN, &own);
    let is_thread = |rule: u16| BUILT_IN.rules[usize::from(rule)].group == Group::Comments;
    found.iter().filter(|(_, rule)| is_thread(*rule)).count()
}
