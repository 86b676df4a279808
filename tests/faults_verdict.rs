//! Articles that were refused for a guess, and pages that must stay refused.

use std::sync::Arc;

use newsprint::extract::{SelectorLayer, SiteRules};
use newsprint::page::Input;
use newsprint::selectors::{SelectorKey, UserSelector};
use newsprint::{AddressEvidence, Extractor, Verdict};

/// News in brief: 50 words, in a plain layout that says nothing of what it is.
fn brief() -> String {
    "<title>Bridge shut until Friday - Quay Gazette</title>\
     <div class=col><h2>Bridge shut until Friday</h2><div class=txt><p>The swing bridge at Osier Lock stays shut \
     until Friday, the harbour board said. A barge had struck its eastern pier on Monday night. Nobody was \
     hurt. Divers found no crack, but the bearings must be cleaned. Walkers may use the ferry, which costs \
     nothing meanwhile.</p></div></div>"
        .to_owned()
}

fn verdict(html: &str, evidence: AddressEvidence, rules: &SiteRules) -> Verdict {
    let input = Input::new(html.as_bytes()).with_evidence(evidence);
    Extractor::default().extract_with(&input, rules).verdict
}

fn select_article(css: &str) -> SiteRules {
    let selector = UserSelector {
        key: SelectorKey::Article,
        css: css.to_owned(),
        place: Arc::from("config.toml:1"),
    };
    SiteRules::new(vec![Arc::new(SelectorLayer::compile(&[selector]))])
}

#[test]
fn news_in_brief_is_an_article_where_a_feed_names_it() {
    let rules = SiteRules::default();
    for (evidence, expected) in [
        (AddressEvidence::Feed, Verdict::Article),
        (AddressEvidence::NewsSitemap, Verdict::Article),
        (AddressEvidence::Sitemap, Verdict::NotArticle),
        (AddressEvidence::Link, Verdict::NotArticle),
        (AddressEvidence::Unknown, Verdict::NotArticle),
    ] {
        assert_eq!(
            verdict(&brief(), evidence, &rules),
            expected,
            "{evidence:?}"
        );
    }
}

#[test]
fn news_in_brief_is_an_article_where_the_source_says_so() {
    let link = AddressEvidence::Link;
    assert_eq!(
        verdict(&brief(), link, &select_article(".txt")),
        Verdict::Article
    );
    let least = |words| SiteRules::default().with_min_words(Some(words));
    assert_eq!(verdict(&brief(), link, &least(40)), Verdict::Article);
    assert_eq!(verdict(&brief(), link, &least(55)), Verdict::NotArticle);
    // What a feed names is not held to it.
    assert_eq!(
        verdict(&brief(), AddressEvidence::Feed, &least(55)),
        Verdict::Article
    );
}

/// Paragraphs of one article and its words around: the title of the page, and what labels say.
struct Language {
    code: &'static str,
    headline: &'static str,
    lines: [&'static str; 3],
}

const LANGUAGES: [Language; 9] = [
    Language {
        code: "en",
        headline: "Council votes to plant two hundred limes",
        lines: [
            "The council voted on Tuesday to plant two hundred limes along the quay, ending a quarrel that had lasted, by the mayor's count, for nine years.",
            "Planting will begin in March, the parks office said, and the first benches are to stand in the shade before the end of the summer after next.",
            "The old poplars lost three limbs in the storm of January. They will be felled one by one, so that the herons can move at their own pace.",
        ],
    },
    Language {
        code: "de",
        headline: "Stadtrat beschließt zweihundert neue Linden",
        lines: [
            "Der Stadtrat hat am Dienstag beschlossen, am Kai zweihundert Linden zu pflanzen. Damit endet ein Streit, der nach Zählung der Bürgermeisterin neun Jahre gedauert hat.",
            "Gepflanzt wird ab März, wie das Gartenamt mitteilte, und die ersten Bänke sollen noch vor dem Ende des übernächsten Sommers im Schatten stehen.",
            "Die alten Pappeln haben im Sturm vom Januar drei Äste verloren. Sie werden nacheinander gefällt, damit die Reiher in Ruhe umziehen können.",
        ],
    },
    Language {
        code: "ru",
        headline: "Совет решил посадить двести лип на набережной",
        lines: [
            "Городской совет во вторник решил посадить на набережной двести лип. Так закончился спор, который, по подсчётам мэра, продолжался девять лет.",
            "Посадки начнутся в марте, сообщили в управлении парков, а первые скамейки появятся в тени деревьев ещё до конца следующего лета.",
            "Старые тополя потеряли три ветви во время январской бури. Их будут рубить по одному, чтобы цапли могли спокойно переселиться.",
        ],
    },
    Language {
        code: "el",
        headline: "Το συμβούλιο αποφάσισε να φυτέψει διακόσιες φλαμουριές",
        lines: [
            "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να φυτέψει διακόσιες φλαμουριές στην προκυμαία, βάζοντας τέλος σε μια διαμάχη εννέα ετών.",
            "Η φύτευση θα αρχίσει τον Μάρτιο, όπως ανακοίνωσε η υπηρεσία πάρκων, και τα πρώτα παγκάκια θα τοποθετηθούν πριν από το τέλος του καλοκαιριού.",
            "Οι παλιές λεύκες έχασαν τρία κλαδιά στην καταιγίδα του Ιανουαρίου. Θα κοπούν μία μία, ώστε οι ερωδιοί να μετακομίσουν με την ησυχία τους.",
        ],
    },
    Language {
        code: "pl",
        headline: "Rada postanowiła posadzić dwieście lip nad rzeką",
        lines: [
            "Rada miasta postanowiła we wtorek posadzić na nabrzeżu dwieście lip. Kończy to spór, który według burmistrza trwał dziewięć lat.",
            "Sadzenie zacznie się w marcu, poinformował zarząd zieleni, a pierwsze ławki staną w cieniu drzew jeszcze przed końcem przyszłego lata.",
            "Stare topole straciły trzy konary podczas styczniowej wichury. Będą wycinane po kolei, aby czaple mogły spokojnie się przenieść.",
        ],
    },
    Language {
        code: "ar",
        headline: "المجلس يقرر زراعة مئتي شجرة على الرصيف",
        lines: [
            "قرر مجلس المدينة يوم الثلاثاء زراعة مئتي شجرة زيزفون على طول الرصيف، منهيا بذلك خلافا استمر تسع سنوات بحسب رئيس البلدية.",
            "وستبدأ الزراعة في شهر مارس، كما أعلنت إدارة الحدائق، وستوضع المقاعد الأولى في ظل الأشجار قبل نهاية الصيف المقبل.",
            "وفقدت أشجار الحور القديمة ثلاثة أغصان في عاصفة يناير. وستقطع واحدة تلو الأخرى حتى تنتقل طيور البلشون بهدوء.",
        ],
    },
    Language {
        code: "zh",
        headline: "市议会决定在码头种植两百棵椴树",
        lines: [
            "市议会周二决定沿码头种植两百棵椴树，结束了一场据市长统计持续了九年的争论。居民们对这一决定表示欢迎，商户则担心施工期间的停车问题。",
            "公园管理处表示，种植工作将于三月开始，第一批长椅将在后年夏天结束之前摆放在树荫下。所需费用由市政府和港口管理局共同承担。",
            "老杨树在一月的暴风雨中失去了三根大枝，它们将被逐一砍伐，以便在树上筑巢的苍鹭可以从容地搬家。鸟类学家将全程监督。",
        ],
    },
    Language {
        code: "ja",
        headline: "市議会、岸壁に菩提樹二百本を植えることを決定",
        lines: [
            "市議会は火曜日、岸壁に菩提樹二百本を植えることを決めた。市長によれば九年間続いた論争に終止符が打たれたことになる。住民は決定を歓迎している。",
            "公園課によると植樹は三月に始まり、最初のベンチは再来年の夏が終わるまでに木陰に置かれる予定だ。費用は市と港湾局が折半する。",
            "古いポプラは一月の嵐で三本の枝を失った。巣を作るサギがゆっくり引っ越せるように一本ずつ伐採されるという。専門家が立ち会う。",
        ],
    },
    Language {
        code: "fr",
        headline: "Le conseil décide de planter deux cents tilleuls",
        lines: [
            "Le conseil municipal a décidé mardi de planter deux cents tilleuls le long du quai, mettant fin à une querelle qui durait depuis neuf ans.",
            "Les plantations commenceront en mars, a indiqué le service des parcs, et les premiers bancs seront installés à l'ombre avant la fin de l'été.",
            "Les vieux peupliers ont perdu trois branches dans la tempête de janvier. Ils seront abattus un à un, pour que les hérons déménagent en paix.",
        ],
    },
];

fn judged(html: &str) -> newsprint::Extraction {
    Extractor::default().extract(&Input::new(html.as_bytes()))
}

#[test]
fn a_plain_page_without_metadata_is_an_article_in_every_language() {
    for Language {
        code,
        headline,
        lines,
    } in &LANGUAGES
    {
        let text: String = (0..6)
            .map(|at| {
                format!(
                    "<p>{}</p>",
                    lines[at % 3].replacen(' ', &format!(" {at} "), 1)
                )
            })
            .collect();
        for page in [
            format!(
                "<html lang={code}><title>{headline}</title><article><h1>{headline}</h1>{text}</article>"
            ),
            format!("<html lang={code}><article><h1>{headline}</h1>{text}</article>"),
            format!(
                "<html lang={code}><title>{headline} - Gazette</title><nav><a href=/>Gazette</a></nav><main><h1>{headline}</h1><div>{text}</div></main>"
            ),
        ] {
            let found = judged(&page);
            assert_eq!(found.verdict, Verdict::Article, "{code}: {}", found.why);
        }
    }
}

/// A page on which links outweigh a short article: menus, and lists of other headlines around it.
fn crowded(language: &Language, frame: &str) -> String {
    let Language {
        code,
        headline,
        lines,
    } = language;
    let links: String = (0..60)
        .map(|at| format!("<li><a href=/news/{at}>{headline} {at}</a></li>"))
        .collect();
    let text = format!("<p>{}</p><p>{}</p>", lines[0], lines[1]);
    let story = frame.replace("HEADLINE", headline).replace("TEXT", &text);
    format!(
        "<html lang={code}><title>{headline} | Gazette</title><body><ul class=menu>{links}</ul>\
         <div id=content>{story}</div><ul class=more>{links}</ul></body></html>"
    )
}

#[test]
fn short_news_on_a_page_full_of_links_is_an_article() {
    for language in &LANGUAGES {
        for frame in [
            "<h1>HEADLINE</h1><div class=date>24.11.2026 10:15</div>TEXT",
            "<h2>HEADLINE</h2><time datetime=2026-11-24T10:15:00Z>24.11.2026</time><div>TEXT</div>",
        ] {
            let found = judged(&crowded(language, frame));
            assert_eq!(
                found.verdict,
                Verdict::Article,
                "{}: {}",
                language.code,
                found.why
            );
        }
    }
}

#[test]
fn a_list_of_headlines_is_a_section_page() {
    for Language {
        code,
        headline,
        lines,
    } in &LANGUAGES
    {
        let cards = |teaser: bool| -> String {
            (0..24)
                .map(|at| {
                    let line = lines[at % 3].chars().take(70).collect::<String>();
                    let teaser = if teaser { format!("<p>{line}…</p>") } else { String::new() };
                    format!("<div class=card><h3><a href=/news/{at}>{headline} {at}</a></h3>{teaser}</div>")
                })
                .collect()
        };
        for cards in [cards(false), cards(true)] {
            let page = format!(
                "<html lang={code}><title>Gazette</title><h1>Gazette</h1><main>{cards}</main>"
            );
            let found = judged(&page);
            assert_ne!(found.verdict, Verdict::Article, "{code}: {}", found.why);
        }
    }
}

#[test]
fn a_section_page_of_few_cards_is_no_article() {
    type Card = fn(usize, &str, &str) -> String;
    let makes: [Card; 3] = [
        |at, headline, line| {
            format!("<section><a href=/a/{at}><h3>{headline}</h3></a><p>{line}</p></section>")
        },
        |at, headline, line| {
            format!(
                "<div><h2><a href=/news/{at}>{headline}</a></h2><span>12:0{at}</span><p>{line}</p></div>"
            )
        },
        |at, headline, line| {
            format!("<article><h2><a href=/?p={at}>{headline}</a></h2><p>{line}</p></article>")
        },
    ];
    for Language {
        code,
        headline,
        lines,
    } in &LANGUAGES
    {
        for (make, card) in makes.iter().enumerate() {
            let cards: String = (0..6)
                .map(|at| card(at, &format!("{headline} {at}"), lines[at % 3]))
                .collect();
            let page = format!(
                "<html lang={code}><title>Sport | Gazette</title><main><h1>Sport</h1>{cards}</main>"
            );
            let found = judged(&page);
            assert_ne!(
                found.verdict,
                Verdict::Article,
                "{code} {make}: {}",
                found.why
            );
        }
    }
}

#[test]
fn a_shop_page_is_no_article() {
    let goods: String = (0..12)
        .map(|at| format!("<li class=product><h3><a href=/p/{at}>Oilskin coat no. {at}</a></h3><span class=price>€ {at}9.00</span><button>Add to cart</button></li>"))
        .collect();
    for page in [
        format!(
            "<title>Oilskin coats - Chandler</title><h1>Oilskin coats</h1><p>Coats for every weather. Free returns within thirty days of purchase.</p><ul>{goods}</ul>"
        ),
        format!(
            "<title>Oilskin coat no. 3 - Chandler</title><meta property=og:type content=product><h1>Oilskin coat no. 3</h1><span class=price>€ 39.00</span><p>A coat of waxed cotton for every weather. It has two deep pockets and a hood that stays up in the wind.</p><form><button>Add to cart</button></form><h2>Others bought</h2><ul>{goods}</ul>"
        ),
    ] {
        assert_ne!(
            judged(&page).verdict,
            Verdict::Article,
            "{}",
            judged(&page).why
        );
    }
}

/// Headlines of a site's pages about itself, with an address each.
const LEGAL: [(&str, &str); 8] = [
    ("Privacy Policy", "privacy-policy"),
    ("Datenschutzerklärung", "datenschutz"),
    ("Mentions légales", "mentions-legales"),
    ("Política de privacidad", "politica-de-privacidad"),
    ("Политика конфиденциальности", "policy"),
    ("Όροι χρήσης", "terms"),
    ("プライバシーポリシー", "privacy"),
    ("About us", "about-us"),
];

#[test]
fn legal_pages_are_no_articles_unless_a_feed_names_them() {
    for (language, (title, slug)) in LANGUAGES.iter().zip(LEGAL) {
        let text: String = language
            .lines
            .iter()
            .map(|it| format!("<p>{it}</p>"))
            .collect();
        let page = format!(
            "<title>{title} | Gazette</title><article><h1>{title}</h1><p>2026-01-04</p>{text}{text}</article>"
        );
        let url = format!("https://gazette.example/{slug}").parse().ok();
        let input = Input::new(page.as_bytes()).with_url(url.as_ref());
        let found = Extractor::default().extract(&input);
        assert_eq!(found.verdict, Verdict::NotArticle, "{title}: {}", found.why);
        let input = input.with_evidence(AddressEvidence::Feed);
        assert_eq!(
            Extractor::default().extract(&input).verdict,
            Verdict::Article,
            "{title}"
        );
    }
}

#[test]
fn an_article_about_privacy_is_an_article() {
    let text: String = LANGUAGES[0]
        .lines
        .iter()
        .map(|it| format!("<p>{it}</p>"))
        .collect();
    for (headline, path) in [
        (
            "Privacy policy of a toy maker let strangers listen in",
            "2026/11/24/privacy-policy-of-a-toy-maker",
        ),
        ("Terms of use", "2026/11/24/terms-of-use"),
    ] {
        let page = format!(
            "<title>{headline} | Gazette</title><meta property=og:type content=article>\
             <meta name=author content='Ann Reed'><meta property=article:published_time content=2026-11-24T10:00:00Z>\
             <article><h1>{headline}</h1><div class=byline>By Ann Reed</div><time datetime=2026-11-24T10:00:00Z>24 November 2026</time>{text}</article>"
        );
        let url = format!("https://gazette.example/{path}").parse().ok();
        let found =
            Extractor::default().extract(&Input::new(page.as_bytes()).with_url(url.as_ref()));
        assert_eq!(found.verdict, Verdict::Article, "{headline}: {}", found.why);
    }
}

#[test]
fn a_front_page_stays_one_whatever_names_it() {
    let page = &brief();
    let url = "https://gazette.example/".parse().ok();
    for evidence in [AddressEvidence::Link, AddressEvidence::Feed] {
        let input = Input::new(page.as_bytes())
            .with_url(url.as_ref())
            .with_evidence(evidence);
        assert_eq!(
            Extractor::default().extract(&input).verdict,
            Verdict::Index,
            "{evidence:?}"
        );
    }
}

#[test]
fn a_log_in_page_in_an_article_s_place_is_no_article() {
    for (title, words) in [
        (
            "Log in",
            "Enter your e-mail address and your password to go on reading the Gazette.",
        ),
        (
            "Anmelden",
            "Geben Sie Ihre E-Mail-Adresse und Ihr Passwort ein, um die Gazette weiter zu lesen.",
        ),
        (
            "Se connecter",
            "Saisissez votre adresse et votre mot de passe pour continuer la lecture de la Gazette.",
        ),
        (
            "Вход",
            "Введите адрес электронной почты и пароль, чтобы продолжить чтение Газеты.",
        ),
    ] {
        let page = format!(
            "<title>{title} | Gazette</title><main><h1>{title}</h1><p>{words}</p><form><input type=email><input type=password>\
             <button>OK</button></form></main>"
        );
        for evidence in [AddressEvidence::Link, AddressEvidence::Feed] {
            let found =
                Extractor::default().extract(&Input::new(page.as_bytes()).with_evidence(evidence));
            assert_ne!(found.verdict, Verdict::Article, "{title}: {}", found.why);
        }
    }
}
