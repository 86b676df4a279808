//! Made-up news in five languages: sentences of patterns and words, so that no two articles share
//! more than their grammar. Nouns are of one gender (or ending) in each language, which keeps the
//! grammar right without a table of forms.

/// Numbers that look random and are the same in every run.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// SplitMix64.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        self.next() % 100 < chance
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
    French,
    Russian,
    Korean,
}

/// What a newspaper of a language is made of.
struct Words {
    code: &'static str,
    /// `N` noun, `V` verb, `A` adjective, `P` place, `M` name, `W` time, `#` number.
    sentences: &'static [&'static str],
    headlines: &'static [&'static str],
    nouns: &'static str,
    verbs: &'static str,
    adjectives: &'static str,
    places: &'static str,
    names: &'static [&'static str],
    times: &'static [&'static str],
    /// Menu and footer: home, three sections, about, privacy, imprint, contact, tag, author.
    labels: [&'static str; 10],
    legal: &'static [&'static str],
}

impl Language {
    fn words(self) -> &'static Words {
        match self {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
            Language::French => &FRENCH,
            Language::Russian => &RUSSIAN,
            Language::Korean => &KOREAN,
        }
    }

    pub(crate) fn code(self) -> &'static str {
        self.words().code
    }

    pub(crate) fn labels(self) -> [&'static str; 10] {
        self.words().labels
    }

    /// Paragraphs of a privacy notice.
    pub(crate) fn legal(self) -> &'static [&'static str] {
        self.words().legal
    }

    pub(crate) fn name(self, random: &mut Random) -> &'static str {
        random.pick(self.words().names)
    }

    pub(crate) fn headline(self, random: &mut Random) -> String {
        self.fill(self.words().headlines, random)
    }

    pub(crate) fn sentence(self, random: &mut Random) -> String {
        self.fill(self.words().sentences, random)
    }

    /// Paragraphs of together at least so many words.
    pub(crate) fn story(self, random: &mut Random, words: usize) -> Vec<String> {
        let mut paragraphs = Vec::new();
        let mut written = 0;
        while written < words {
            let length = 2 + random.below(3);
            let sentences: Vec<String> = (0..length).map(|_| self.sentence(random)).collect();
            let paragraph = sentences.join(" ");
            written += paragraph.split(' ').count();
            paragraphs.push(paragraph);
        }
        paragraphs
    }

    fn fill(self, patterns: &[&str], random: &mut Random) -> String {
        let words = self.words();
        let pattern = random.pick(patterns);
        let mut filled = String::new();
        let mut slot = false;
        for letter in pattern.chars() {
            if !slot {
                match letter {
                    '$' => slot = true,
                    letter => filled.push(letter),
                }
                continue;
            }
            slot = false;
            match letter {
                '#' => filled.push_str(&(2 + random.below(900)).to_string()),
                'M' => filled.push_str(random.pick(words.names)),
                'W' => filled.push_str(random.pick(words.times)),
                letter => {
                    let list = match letter {
                        'N' => words.nouns,
                        'V' => words.verbs,
                        'A' => words.adjectives,
                        _ => words.places,
                    };
                    let list: Vec<&str> = list.split_whitespace().collect();
                    filled.push_str(random.pick(&list));
                }
            }
        }
        let mut letters = filled.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => filled,
        }
    }
}

const ENGLISH: Words = Words {
    code: "en",
    sentences: &[
        "the $N in $P $V a $A $N $W.",
        "$M, who $V the $N for # years, said the $N would stay $A.",
        "according to the $N office, $# people $V the $A $N near $P $W.",
        "“We never expected a $N this $A,” said $M of the $P $N committee.",
        "critics $V the $N and asked why a $A $N had cost $# thousand pounds.",
        "officials in $P $V every $N that was left, a $A decision after $# days of talks.",
        "the $A $N beside the $N was $A enough for $M, who travelled from $P $W.",
        "a second $N, built by $M, $V the $N until the $A winter ended.",
        "nobody $V the $N more than $M, whose family kept a $N in $P.",
        "$W the $N $V both the $N and the $A $N, a spokeswoman for $P confirmed.",
    ],
    headlines: &[
        "$P $N $V $A $N after $# years",
        "$A $N $V the $N in $P",
        "$M: why the $N $V our $N",
        "how $P $V its $A $N",
    ],
    nouns: "harbour council ferry budget school bridge hospital railway museum election market river \
        village film airport library court factory island garden theatre station lighthouse bakery \
        orchestra stadium chapel quarry reservoir tramway vineyard workshop archive warehouse clinic \
        festival regatta brewery nursery shipyard tunnel plaza canal meadow embankment greenhouse \
        observatory cathedral carnival depot mill kiosk playground pavilion monument parliament",
    verbs: "approved rejected restored closed visited photographed defended inspected financed \
        rebuilt praised questioned abandoned welcomed studied expanded measured painted repaired \
        sold protected reopened postponed examined moved supported surveyed reviewed searched \
        acquired evacuated honoured modernised dismantled",
    adjectives: "narrow costly remarkable quiet historic modern temporary famous fragile crowded \
        wooden regional forgotten peculiar generous muddy ambitious rusty ordinary elegant northern \
        damp bright controversial unfinished popular spacious hidden ancient shallow stubborn",
    places: "Aldermere Brackwater Coldhaven Dunsworth Eastmoor Farrowby Glenholt Hartlow Inverstoke \
        Kelsingham Larkfield Marrowdale Netherby Oakhampton Penruddock Quayle Ravensford Stainmoor",
    names: &[
        "Agnes Whitlock",
        "Tom Barraclough",
        "Priya Nandakumar",
        "Edwin Marsh",
        "Ruth Okafor",
        "Callum Reid",
        "Hannah Lindqvist",
        "George Pettifer",
        "Maeve Donnelly",
        "Samir Haddad",
        "Olive Tranter",
        "Desmond Achebe",
        "Fiona Kirkbride",
        "Walter Nye",
        "Leonie Castell",
    ],
    times: &[
        "on Monday",
        "late on Tuesday",
        "last winter",
        "during the night",
        "in early spring",
        "on Thursday morning",
        "before the holidays",
        "shortly after noon",
        "two weeks ago",
        "at the weekend",
        "in the autumn",
        "within hours",
    ],
    labels: [
        "Home",
        "Politics",
        "Business",
        "Sport",
        "About us",
        "Privacy notice",
        "Imprint",
        "Contact",
        "Harbour",
        "Agnes Whitlock",
    ],
    legal: &[
        "This notice explains which personal data we process when you use our website, for which \
         purposes we do so, and which rights you have under the applicable data protection law.",
        "The controller is the publishing company named in the imprint. You can reach our data \
         protection officer by post or by e-mail at the address given there.",
        "When you open a page, our server records your IP address, the time, the page requested and \
         the browser used. We delete these records after fourteen days unless they are needed to \
         investigate an attack.",
        "We use cookies that are necessary to keep you logged in and to remember your settings. With \
         your consent we also use cookies to measure how often our pages are read.",
        "You have the right to access, rectification, erasure, restriction of processing and data \
         portability, and the right to lodge a complaint with a supervisory authority.",
    ],
};

const GERMAN: Words = Words {
    code: "de",
    sentences: &[
        "die $N in $P $V eine $A $N, wie die Verwaltung $W mitteilte.",
        "$M, die seit $# Jahren die $N leitet, nannte die $N eine $A Aufgabe.",
        "nach Angaben der Behörde $V die $N $W die $A $N bei $P.",
        "„Mit einer so $An $N hatte hier niemand gerechnet“, sagte $M in $P.",
        "warum die $N trotzdem $# Millionen Euro kostete, $V eine $A Kommission $W.",
        "kritik gab es an der $N: $M hält die $N für eine $A Lösung.",
        "eine zweite $N, geplant von $M, $V die $N bis zum Ende der Saison.",
        "die $A $N gehört zu $P wie die $N, heißt es aus der $N.",
        "$W $V die $N sowohl die $N als auch die $A $N am Rand von $P.",
        "rund $# Menschen sahen zu, als die $A $N die $N erreichte.",
    ],
    headlines: &[
        "$P: $N $V $A $N",
        "$A $N $V die $N in $P",
        "warum $P die $N nicht aufgibt",
        "$N in $P kostet $# Millionen",
    ],
    nouns: "Brücke Schule Fähre Kirche Bibliothek Fabrik Halle Mühle Straßenbahn Werft Klinik Insel \
        Ausstellung Stiftung Feuerwehr Kapelle Bäckerei Brauerei Schleuse Werkstatt Orgel Siedlung \
        Markthalle Sporthalle Genossenschaft Sternwarte Grundschule Innenstadt Sammlung Promenade \
        Tribüne Gärtnerei Kaserne Molkerei Baustelle Uferstraße Seilbahn Ziegelei Rennbahn Burg \
        Druckerei Kantine Lagerhalle Musikschule Polizeiwache Wetterwarte Deponie Turnhalle",
    verbs: "prüfte ersetzte rettete schloss besuchte erweiterte verteidigte finanzierte sanierte lobte \
        kritisierte übernahm eröffnete vermaß bemalte reparierte verkaufte schützte räumte \
        verschob untersuchte unterstützte erwarb modernisierte verlegte ehrte",
    adjectives: "schmale teure alte stille neue vorläufige berühmte hölzerne regionale vergessene \
        ehrgeizige rostige schlichte elegante nördliche feuchte helle umstrittene unfertige beliebte \
        geräumige verborgene flache sture gläserne winzige riesige bunte",
    places: "Altenbruck Brinkhausen Dornfeld Eschwede Falkenau Grönheim Hasselburg Ilmstedt Kaltenweiler \
        Lohmünde Moorbach Niederwieden Ottersleben Petershagen Quellendorf Rabenstein Sundhagen",
    names: &[
        "Annegret Wulf",
        "Katrin Böttcher",
        "Sabine Lorenz",
        "Mareike Thoms",
        "Elif Aydın",
        "Johanna Petersen",
        "Ulrike Hansen",
        "Renate Scholl",
        "Tilda Krüger",
        "Svenja Ott",
    ],
    times: &[
        "am Montag",
        "am späten Dienstag",
        "im vergangenen Winter",
        "in der Nacht",
        "im Frühjahr",
        "am Donnerstagmorgen",
        "vor den Ferien",
        "kurz nach Mittag",
        "vor zwei Wochen",
        "am Wochenende",
        "im Herbst",
        "binnen Stunden",
    ],
    labels: [
        "Startseite",
        "Politik",
        "Wirtschaft",
        "Sport",
        "Über uns",
        "Datenschutz",
        "Impressum",
        "Kontakt",
        "Hafen",
        "Annegret Wulf",
    ],
    legal: &[
        "Mit dieser Datenschutzerklärung informieren wir Sie darüber, welche personenbezogenen Daten \
         wir beim Besuch unserer Website verarbeiten, zu welchen Zwecken und auf welcher Grundlage.",
        "Verantwortlich ist der im Impressum genannte Verlag. Unsere Datenschutzbeauftragte erreichen \
         Sie unter der dort angegebenen Anschrift oder per E-Mail.",
        "Beim Aufruf einer Seite speichert unser Server Ihre IP-Adresse, den Zeitpunkt, die abgerufene \
         Seite und den verwendeten Browser. Diese Daten löschen wir nach vierzehn Tagen.",
        "Wir verwenden Cookies, die für die Anmeldung und Ihre Einstellungen erforderlich sind. Mit \
         Ihrer Einwilligung messen wir außerdem, wie oft unsere Seiten gelesen werden.",
        "Sie haben das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung der Verarbeitung und \
         Datenübertragbarkeit sowie ein Beschwerderecht bei einer Aufsichtsbehörde.",
    ],
};

const FRENCH: Words = Words {
    code: "fr",
    sentences: &[
        "la $N de $P $V la $A $N $W.",
        "$M, qui dirige la $N depuis $# ans, juge la $N $A.",
        "selon la mairie, $# personnes ont soutenu la $A $N près de $P $W.",
        "« Personne n’attendait une $N aussi $A », raconte $M à $P.",
        "pourquoi la $N a coûté $# mille euros, la $N ne le dit pas.",
        "une seconde $N, dessinée par $M, $V la $N jusqu’à la fin de la saison.",
        "la $A $N fait partie de $P comme la $N, rappelle la $N.",
        "$W, la $N $V à la fois la $N et la $A $N.",
        "la critique vient de $M : la $N lui paraît $A et la $N trop chère.",
        "près de $P, la $N $V une $A $N que $M croyait perdue.",
    ],
    headlines: &[
        "$P : la $N $V la $N",
        "la $A $N de $P $V la $N",
        "pourquoi $P garde sa $A $N",
        "$N : $P dépense $# mille euros",
    ],
    nouns: "gare mairie piscine librairie ferme fabrique salle fontaine place banque clinique chapelle \
        boulangerie brasserie passerelle digue cathédrale fanfare garderie laiterie carrière \
        bibliothèque plage cave tour caserne serre galerie villa forge vallée tribune pinède cour \
        montagne rivière forêt colline vigne maison poste crèche",
    verbs: "restaure ferme visite défend finance rachète critique accueille étudie agrandit mesure repeint \
        répare vend protège rouvre reporte examine déplace soutient modernise honore transforme remplace",
    adjectives: "modeste célèbre fragile rurale moderne tranquille immense étrange historique nouvelle \
        coûteuse humide lumineuse provisoire populaire discrète vieille rouillée ambitieuse élégante",
    places: "Arvières Beaulonne Castelrive Dormelles Fontbrune Granvaux Lussans Marvillac Nordelle \
        Pontcastel Roquebaune Sauvemont Tournezac Valcouronne",
    names: &[
        "Claire Delmas",
        "Hugo Bertrand",
        "Nadia Belkacem",
        "Luc Fabrègues",
        "Maëlle Kerouedan",
        "Étienne Roux",
        "Solène Picard",
        "Yves Tanguy",
        "Inès Morvan",
        "Paul Lagarde",
    ],
    times: &[
        "lundi",
        "mardi soir",
        "l’hiver dernier",
        "dans la nuit",
        "au début du printemps",
        "jeudi matin",
        "avant les vacances",
        "peu après midi",
        "il y a deux semaines",
        "ce week-end",
    ],
    labels: [
        "Accueil",
        "Politique",
        "Économie",
        "Sport",
        "Qui sommes-nous",
        "Confidentialité",
        "Mentions légales",
        "Contact",
        "Port",
        "Claire Delmas",
    ],
    legal: &[
        "La présente notice explique quelles données personnelles nous traitons lorsque vous consultez \
         notre site, à quelles fins, et quels sont vos droits selon la loi applicable.",
        "Le responsable du traitement est l’éditeur nommé dans les mentions légales. Notre délégué à la \
         protection des données est joignable par courrier ou par courriel.",
        "Lors de la consultation d’une page, notre serveur enregistre votre adresse IP, l’heure, la page \
         demandée et le navigateur utilisé. Ces données sont effacées après quatorze jours.",
        "Vous disposez d’un droit d’accès, de rectification, d’effacement et de portabilité, ainsi que du \
         droit d’introduire une réclamation auprès d’une autorité de contrôle.",
    ],
};

const RUSSIAN: Words = Words {
    code: "ru",
    sentences: &[
        "$N в городе $P $V $A $N, сообщили $W в мэрии.",
        "по словам директора ($M), за $# лет $N ни разу не $V $A $N.",
        "«Такой $A $N никто не ждал», — рассказал житель города $P $W.",
        "критики спрашивают, почему $A $N обошёлся в $# миллионов рублей.",
        "второй $N, который построил инженер $M, $V $N до конца сезона.",
        "$W $N $V сразу и $N, и $A $N, подтвердил представитель города $P.",
        "комитет $V каждый $N, который оставался в городе $P, — $A итог переговоров.",
        "старый $N помнит и $A $N, и $N, который когда-то $V дед очевидца ($M).",
        "за день $A $N увидели $# человек, хотя $N $W ещё не открылся.",
        "пока $N $V $N, соседний $N остаётся местом, куда ходит весь $P.",
    ],
    headlines: &[
        "$A $N $V $N в городе $P",
        "$P: как $N $V $A $N",
        "$M: почему $N не $V $N",
        "$N обошёлся городу $P в $# миллионов",
    ],
    nouns: "порт мост паром музей вокзал театр рынок завод сад парк маяк цех архив клуб храм стадион \
        тоннель канал склад киоск причал фонтан аэропорт институт суд оркестр лагерь питомник \
        трамвай бульвар квартал холм берег пруд комбинат павильон памятник колодец особняк",
    verbs: "закрыл открыл проверил сохранил продал купил восстановил расширил покрасил измерил защитил \
        изучил поддержал перенёс обновил разобрал осмотрел украсил заменил отстоял",
    adjectives: "узкий дорогой тихий новый временный знаменитый деревянный забытый северный светлый \
        спорный недостроенный просторный скрытый древний упрямый стеклянный крошечный огромный \
        пёстрый скромный ржавый старинный каменный",
    places: "Белозерск Ветлужск Горнохолм Дубровец Заречинск Красноборье Лесогорье Малоярск Новоречье \
        Озёрск Приморец Светлояр Тихоборск Устьевск Холмогорец",
    names: &[
        "Анна Вересова",
        "Пётр Лукин",
        "Мария Зимина",
        "Игорь Савельев",
        "Тамара Орлова",
        "Никита Громов",
        "Елена Туманова",
        "Фёдор Крылов",
        "Ольга Белова",
        "Глеб Рощин",
    ],
    times: &[
        "в понедельник",
        "поздно вечером",
        "прошлой зимой",
        "ночью",
        "ранней весной",
        "в четверг утром",
        "перед праздниками",
        "вскоре после полудня",
        "две недели назад",
        "в выходные",
        "осенью",
    ],
    labels: [
        "Главная",
        "Политика",
        "Экономика",
        "Спорт",
        "О нас",
        "Конфиденциальность",
        "Выходные данные",
        "Контакты",
        "Порт",
        "Анна Вересова",
    ],
    legal: &[
        "Настоящая политика объясняет, какие персональные данные мы обрабатываем при посещении нашего \
         сайта, с какой целью и какие права есть у вас согласно закону.",
        "Оператором является издательство, указанное в выходных данных. Связаться с ответственным за \
         защиту данных можно по почте или по электронной почте.",
        "При открытии страницы наш сервер записывает ваш IP-адрес, время, запрошенную страницу и браузер. \
         Эти записи удаляются через четырнадцать дней.",
        "Вы имеете право на доступ, исправление, удаление и перенос данных, а также право подать жалобу в \
         надзорный орган.",
    ],
};

const KOREAN: Words = Words {
    code: "ko",
    sentences: &[
        "$P의 $N는 $W $A $N를 $V고 시 관계자가 밝혔다.",
        "$M 대표는 $#년 동안 $N를 지켜 왔으며 $A $N를 바란다고 말했다.",
        "조사에 따르면 $P 근처의 $N는 $#명이 이용하는 $A $N를 $V고 한다.",
        "“이렇게 $A $N는 아무도 예상하지 못했다”고 $M 씨가 $W 말했다.",
        "비판하는 이들은 $A $N가 왜 $#억 원이나 들었는지 $N에 물었다.",
        "두 번째 $N는 $M 씨가 세운 것으로 겨울이 끝날 때까지 $N를 $V고 전해졌다.",
        "$W $P에서는 $N가 $A $N와 $N를 함께 $V는 소식이 들려왔다.",
        "주민 $#명은 $A $N가 사라지기 전에 $N를 보러 $P까지 찾아왔다.",
        "오래된 $N와 $A $N는 $P 사람에게 여전히 소중하다고 $M 씨는 덧붙였다.",
        "위원회는 $W $N를 둘러본 뒤 $A $N를 $V고 발표했다.",
    ],
    headlines: &[
        "$P $N, $A $N를 $V",
        "$M \"$A $N를 지키겠다\"",
        "$#년 만에 돌아온 $P의 $A $N",
        "$A $N가 바꾼 $P의 $N",
    ],
    nouns: "학교 부두 다리 철도 도시 거리 가게 회사 교회 축제 무대 연구소 정류소 바다 나루 창고 과수 \
        어시장터 놀이터 전시 도서 음악회 배나무 노래 사진기 방파제 쓰레기 유리온실터 기차 버스 나무 \
        수영부 체육관터 공예가 요리사 농부 어부 교사 판사 배우 화가",
    verbs: "고쳤다 열었다 닫았다 지켰다 팔았다 샀다 되살렸다 넓혔다 칠했다 살폈다 도왔다 옮겼다 바꿨다",
    adjectives: "좁은 값비싼 조용한 새로운 임시 유명한 낡은 잊힌 밝은 북쪽 넓은 숨은 작은 거대한 소박한 \
        화려한 외로운 튼튼한",
    places: "가람시 나래읍 다온시 라온군 마루시 바다읍 새벽시 아라군 자람시 차오름읍 푸른시 한별군",
    names: &[
        "김하늘",
        "이도윤",
        "박서연",
        "최민재",
        "정유나",
        "강태오",
        "윤소라",
        "장해솔",
    ],
    times: &[
        "월요일",
        "화요일 늦게",
        "지난겨울",
        "밤사이",
        "이른 봄",
        "목요일 아침",
        "명절을 앞두고",
        "정오 무렵",
        "두 주 전",
        "주말에",
        "가을에",
    ],
    labels: [
        "처음",
        "정치",
        "경제",
        "스포츠",
        "회사 소개",
        "개인정보 처리방침",
        "발행 정보",
        "문의",
        "항구",
        "김하늘 기자",
    ],
    legal: &[
        "이 방침은 누리집을 이용할 때 어떤 개인정보를 어떤 목적으로 처리하는지, 그리고 이용자에게 어떤 \
         권리가 있는지를 설명합니다.",
        "개인정보 처리 책임자는 발행 정보에 적힌 회사이며 우편이나 전자우편으로 연락할 수 있습니다.",
        "쪽을 열 때 서버는 접속 주소와 시각, 요청한 쪽, 사용한 브라우저를 기록합니다. 이 기록은 십사 일 뒤에 \
         삭제합니다.",
        "이용자는 열람, 정정, 삭제, 처리 정지를 요구할 권리가 있으며 감독 기관에 진정할 수 있습니다.",
    ],
};
