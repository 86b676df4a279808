//! The words around a time of day, as data: those that announce one, those that end one, and those that say
//! which half of the day it is. Lower case, letters folded as tokens have them.

/// Words after which `10.15` is a time.
pub(super) const BEFORE_TIME: &[&str] = &[
    "um", "uhr", "kl", "klo", "klokken", "klukkan", "kell", "plkst", "val", "ore", "alle", "h", "ora", "à",
    "às", "las", "hora", "godz", "godzina", "godzinie", "o", "ob", "saat", "saati", "pukul", "jam", "jamu",
    "lúc", "เวลา", "ເວລາ", "ម៉ោង", "at", "time", "ωρα", "στισ", "في", "الساعه", "ساعت", "בשעה", "в", "час",
    "t",
];

/// Words that end a time: `10:15 Uhr`, `10:15 น.`.
pub(super) const OCLOCK: &[&str] = &[
    "uhr", "น", "hrs", "hs", "hod", "hodin", "uur", "óra", "órakor", "बजे", "baje", "u", "ч", "ώρα", "ωρα",
    "นาฬิกา", "ໂມງ",
];

/// Words before a time of the afternoon.
pub(super) const AFTERNOON: &[&str] = &[
    "午後", "午后", "下午", "晚上", "晚间", "傍晚", "中午", "오후", "pm", "शाम", "दोपहर", "रात", "petang",
    "malam",
];

/// Words before a time of the morning.
pub(super) const MORNING: &[&str] = &[
    "午前", "上午", "早上", "清晨", "凌晨", "早晨", "오전", "am", "सुबह", "pagi",
];

/// Words after a time of the afternoon; several are letters with full stops.
pub(super) const AFTERNOON_AFTER: &[&[&str]] = &[
    &["pm"],
    &["p", "m"],
    &["μμ"],
    &["μ", "μ"],
    &["م"],
    &["مساء"],
    &["مساءا"],
    &["عصرا"],
    &["ظهرا"],
    &["ب", "ظ"],
    &["عصر"],
    &["ös"],
    &["ch"],
    &["chiều"],
    &["petang"],
];

/// Words after a time of the morning.
pub(super) const MORNING_AFTER: &[&[&str]] = &[
    &["am"],
    &["a", "m"],
    &["πμ"],
    &["π", "μ"],
    &["ص"],
    &["صباحا"],
    &["فجرا"],
    &["ق", "ظ"],
    &["صبح"],
    &["öö"],
    &["sa"],
    &["sáng"],
    &["pagi"],
];
