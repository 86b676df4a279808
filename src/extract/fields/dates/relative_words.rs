//! The words of dates that are relative to the time of reading, as data: '2 hours ago', 'yesterday'. Lower case,
//! in the languages of the news.

/// Units of seconds.
pub(super) const SECONDS: &[&str] = &[
    "second", "seconds", "sec", "secs", "sekunde", "sekunden", "seconde", "secondes", "segundo", "segundos", "secondi",
    "secondo", "seconden", "sekund", "sekunder", "sekuntia", "sekundy", "secunde", "секунд", "секунды", "секунди",
    "δευτερόλεπτα", "saniye", "ثانية", "ثوان", "ثانیه", "שניות", "सेकंड", "detik", "giây", "秒", "秒钟", "초", "วินาที",
];

/// Units of minutes.
pub(super) const MINUTES: &[&str] = &[
    "minute", "minutes", "min", "mins", "m", "minuten", "minuto", "minutos", "minuti", "minut", "minuts", "minuut", "minuter",
    "minutter", "minuttia", "minuutti", "minuty", "minutą", "minutę", "minutami", "minút", "minútami", "perce", "perccel", "minuta", "minute", "минут", "минуты",
    "минуту", "мин", "хвилин", "хвилини", "хвилину", "хв", "минути", "минута", "минута", "λεπτά", "λεπτό", "dakika", "dk", "دقيقة", "دقائق", "دقیقه", "منٹ",
    "דקות", "דקה", "मिनट", "মিনিট", "menit", "minit", "phút", "分钟", "分鐘", "分", "분", "นาที", "นาทีที่แล้ว", "นาทีที่ผ่านมา", "นาทีก่อน",
];

/// Units of hours.
pub(super) const HOURS: &[&str] = &[
    "hour", "hours", "hr", "hrs", "h", "stunde", "stunden", "std", "heure", "heures", "hora", "horas", "ora", "ore", "hores", "uur", "uren", "timme", "timmar",
    "time", "timer", "tuntia", "tunti", "godzinę", "godziny", "godzin", "godz", "hodinou", "hodinami", "hodin", "hodiny", "hodín", "órája", "órával", "час", "часа", "часов", "годину", "години", "годин",
    "sat", "sata", "sati", "uro", "ure", "urami", "ώρα", "ώρες", "saat", "ساعة", "ساعات", "ساعتين", "ساعت", "گھنٹے", "שעות", "שעה", "घंटे", "घंटा", "ঘণ্টা", "ঘন্টা", "jam", "giờ", "tiếng", "小时", "小時", "時間", "시간", "ชั่วโมง", "ชั่วโมงที่แล้ว", "ชั่วโมงที่ผ่านมา", "ชั่วโมงก่อน",
];

/// Units of days.
pub(super) const DAYS: &[&str] = &[
    "day", "days", "d", "tag", "tagen", "tage", "jour", "jours", "j", "día", "días", "dia", "dias", "giorno", "giorni", "dies", "dag", "dagen", "dagar", "dage", "dager", "päivää", "päivä",
    "dzień", "dni", "dny", "dnem", "dňami", "napja", "nappal", "zile", "zi", "день", "дня", "дней", "дні", "днів", "дни", "ден", "dana", "dan", "dnevi", "μέρες", "ημέρες", "μέρα", "gün", "يوم", "أيام", "يومين", "روز", "دن", "ימים", "יום", "दिन", "দিন", "hari", "ngày", "天", "日", "일", "วัน", "วันที่แล้ว", "วันที่ผ่านมา", "วันก่อน",
];

/// Words before a length of time that is past, or after it.
pub(super) const AGO: &[&str] = &[
    "ago", "vor", "il y a", "hace", "há", "fa", "geleden", "sedan", "för", "siden", "for", "sitten", "temu", "před", "pred", "ezelőtt", "acum", "în urmă", "назад", "тому", "тому назад", "преди", "пре", "prije", "πριν",
    "önce", "منذ", "قبل", "پیش", "پہلے", "לפני", "पहले", "আগে", "পূর্বে", "yang lalu", "lalu", "trước", "前", "之前", "以前", "전", "ที่แล้ว", "ที่ผ่านมา",
];

/// Lengths of time that are past without another word.
pub(super) const PAST: &[&str] = &[
    "órája", "perce", "napja", "ชั่วโมงที่แล้ว", "ชั่วโมงที่ผ่านมา", "ชั่วโมงก่อน", "นาทีที่แล้ว", "นาทีที่ผ่านมา", "นาทีก่อน",
    "วันที่แล้ว", "วันที่ผ่านมา", "วันก่อน",
];

/// One, before a unit.
pub(super) const ONE: &[&str] = &[
    "a", "an", "one", "einer", "einem", "une", "un", "una", "uma", "um", "uno", "en", "ett", "et", "een", "jedną", "один", "одну", "bir", "واحدة", "एक",
];

/// Today.
pub(super) const TODAY: &[&str] = &[
    "today", "heute", "aujourd'hui", "hoy", "hoje", "oggi", "avui", "vandaag", "idag", "i dag", "tänään", "í dag", "täna", "šodien", "šiandien", "dziś", "dzisiaj", "dnes", "ma", "astăzi", "azi", "сегодня", "сьогодні", "днес", "данас", "danas", "danes", "σήμερα", "bugün",
    "اليوم", "امروز", "آج", "היום", "आज", "আজ", "hari ini", "hôm nay", "今天", "今日", "本日", "오늘", "วันนี้",
];

/// Yesterday.
pub(super) const YESTERDAY: &[&str] = &[
    "yesterday", "gestern", "hier", "ayer", "ontem", "ieri", "ahir", "gisteren", "igår", "i går", "eilen", "í gær", "eile", "vakar", "wczoraj", "včera", "tegnap", "вчера", "вчора", "јуче", "jučer", "juče", "včeraj", "χθες", "χτες", "dün",
    "أمس", "البارحة", "دیروز", "אתמול", "बीता कल", "গতকাল", "kemarin", "semalam", "hôm qua", "昨天", "昨日", "어제", "เมื่อวาน", "เมื่อวานนี้",
];

/// The day before yesterday.
pub(super) const BEFORE_YESTERDAY: &[&str] = &[
    "vorgestern", "avant-hier", "anteayer", "anteontem", "l'altro ieri", "eergisteren", "förrgår", "i förrgår", "toissapäivänä", "przedwczoraj", "předevčírem", "predvčerom", "tegnapelőtt", "alaltăieri", "позавчера", "позавчора", "prekjučer", "προχθές",
    "evvelsi gün", "أول أمس", "پریروز", "שלשום", "परसों", "前天", "一昨日", "그저께", "그제", "เมื่อวานซืน",
];

/// A moment ago.
pub(super) const NOW: &[&str] = &[
    "just now", "gerade eben", "soeben", "à l'instant", "ahora mismo", "ahora", "agora mesmo", "proprio ora", "zojuist", "just nu", "przed chwilą", "právě teď", "только что", "щойно", "μόλις τώρα", "şimdi", "az önce", "الآن", "همین حالا", "עכשיו", "अभी", "baru saja", "vừa xong", "刚刚", "剛剛", "방금", "เมื่อสักครู่",
];
