//! The fields of a record's `rights`, read for the statements in them. What is stated in more than one place is
//! joined in them; the stricter statement holds (draft-ietf-aipref-vocab, 'Combining Preferences').

use crate::article::Rights;
use crate::rights::rsl::Licences;
use crate::rights::{Purpose, Row, Statement};

/// Directives that have a value after a colon; before any other colon stands the name of a crawler.
const VALUED: [&str; 4] = [
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
    "unavailable_after",
];

/// Words by which a policy of its own making says no, or begins to.
const REFUSALS: [&str; 9] = [
    "no", "not", "none", "disallow", "deny", "prohibit", "forbid", "opt", "reserv",
];

/// What a record's `rights` say.
#[derive(Debug)]
pub(super) struct Stated<'r> {
    rights: &'r Rights,
    signal: Vec<(String, String)>,
    usage: Vec<(String, String)>,
    licences: Licences,
    /// Directives for robots that are for everyone or for us.
    directives: Vec<String>,
}

impl<'r> Stated<'r> {
    pub(super) fn of(rights: &'r Rights, token: &str) -> Stated<'r> {
        let text = |field: &'r Option<String>| field.as_deref().unwrap_or_default();
        Stated {
            rights,
            signal: pairs(text(&rights.content_signal)),
            usage: pairs(text(&rights.content_usage)),
            licences: Licences::parse(text(&rights.rsl)),
            directives: directives(text(&rights.robots_meta), token),
        }
    }

    /// True where the page is under this statement.
    pub(super) fn says(&self, statement: Statement) -> bool {
        match statement {
            Statement::SignalSearch => self.signals_no("search"),
            Statement::SignalInput => self.signals_no("ai-input"),
            Statement::SignalTrain => self.signals_no("ai-train"),
            Statement::SignalUse => {
                let mut signals = self.signal.iter();
                signals.any(|(key, value)| key == "use" && value != "full")
            }
            Statement::UsageBots => self.usage_is(&["bots", "automated-processing"], NO),
            Statement::UsageSearch => self.usage_is(&["search"], NO),
            Statement::UsageInput => self.usage_is(INPUT, NO),
            Statement::UsageTrain => self.usage_is(TRAIN, NO),
            Statement::RslAll => self.licences.prohibit_all(),
            Statement::RslSearch => self.licences.forbid(Purpose::Search),
            Statement::RslInput => self.licences.forbid(Purpose::AiInput),
            Statement::RslTrain => self.licences.forbid(Purpose::AiTrain),
            Statement::RslUnread => self.licences.are_unread(),
            Statement::Tdm => self.reservation(&["1", "true"]),
            Statement::TdmUnread => self.reservation(&["unread"]),
            Statement::NoAi => self.directs(&["noai", "noml"]),
            Statement::NoImageAi => self.directs(&["noimageai"]),
            Statement::AiPolicy => self.has_policy(),
            Statement::NoIndex => self.directs(&["noindex", "none"]),
            Statement::NoSnippet => self.directs(&["nosnippet", "max-snippet:0"]),
            Statement::NoArchive => self.directs(&["noarchive", "nocache"]),
        }
    }

    /// True where the page says of this purpose itself that it is allowed, which counts for more than what is said
    /// of all automated use.
    pub(super) fn lifts(&self, row: &Row, purpose: Purpose) -> bool {
        let keys = match purpose {
            _ if row.statement != Statement::UsageBots => return false,
            Purpose::Archive => return false,
            Purpose::Search => &["search"],
            Purpose::AiInput => INPUT,
            Purpose::AiTrain => TRAIN,
        };
        self.usage_is(keys, YES) && !self.usage_is(keys, NO)
    }

    /// A signal is no where it is not yes: what cannot be understood is not taken for a permission.
    fn signals_no(&self, key: &str) -> bool {
        let mut signals = self.signal.iter();
        signals.any(|(it, value)| it == key && !YES.contains(&value.as_str()))
    }

    fn usage_is(&self, keys: &[&str], values: &[&str]) -> bool {
        let is = |(key, value): &(String, String)| {
            keys.contains(&key.as_str()) && values.contains(&value.as_str())
        };
        self.usage.iter().any(is)
    }

    fn reservation(&self, values: &[&str]) -> bool {
        let stated = self.rights.tdm_reservation.as_deref().unwrap_or_default();
        let mut words = stated.split([',', ';', ' ']).map(str::trim);
        words.any(|word| values.iter().any(|it| word.eq_ignore_ascii_case(it)))
    }

    fn directs(&self, directives: &[&str]) -> bool {
        let mut own = self.directives.iter();
        own.any(|it| directives.contains(&it.as_str()))
    }

    /// A policy of the page's own making that says no: `ai_policy` repeats the directives for robots, unless there
    /// are none.
    fn has_policy(&self) -> bool {
        let policy = self.rights.ai_policy.as_deref().unwrap_or_default();
        let known = |word: &str| matches!(word, "noai" | "noml" | "noimageai");
        let policy = policy.to_ascii_lowercase();
        let words = policy.split(|c: char| !c.is_ascii_alphanumeric());
        let mut words = words
            .filter(|word| !word.is_empty() && (self.rights.robots_meta.is_none() || !known(word)));
        words.any(|word| {
            let begins = |it: &&str| it.len() > 3 && word.starts_with(*it);
            REFUSALS.contains(&word) || REFUSALS.iter().any(begins) || known(word)
        })
    }
}

const YES: &[&str] = &["yes", "y", "true", "1", "?1", "allow"];
const NO: &[&str] = &["no", "n", "false", "0", "?0", "disallow"];
/// Categories of AIPREF for use as input, those of earlier drafts too.
const INPUT: &[&str] = &["ai-use", "ai-input", "ai-output", "genai", "ai"];
/// Categories of AIPREF for training, those of earlier drafts too.
const TRAIN: &[&str] = &["train-ai", "train-genai", "ai-train", "ai"];

/// The keys and values of `search=yes, ai-train=no` or of a structured dictionary (RFC 9651, 3.2), in lower case and
/// without parameters. Who writes spaces around the sign, or none after a comma, means the same.
fn pairs(text: &str) -> Vec<(String, String)> {
    let text = text.to_ascii_lowercase();
    let mut words: Vec<String> = Vec::new();
    for word in text.replace('=', " = ").split([',', ' ', '\t', ';']) {
        match word.trim_matches(['"', '\'']) {
            "" => {}
            word => words.push(word.to_owned()),
        }
    }
    let signs = words.windows(3).filter(|it| it[1] == "=");
    signs.map(|it| (it[0].clone(), it[2].clone())).collect()
}

/// The directives in `<meta name=robots>` and `X-Robots-Tag` that are for everyone or for the crawler of this product
/// token. After `otherbot: noindex, noai` it can't be seen whether `noai` came in the same header: it counts.
fn directives(text: &str, token: &str) -> Vec<String> {
    let mut own = Vec::new();
    for item in text.to_ascii_lowercase().split([',', ';']) {
        let (name, rest) = match item.split_once(':') {
            Some((name, rest)) => (name.trim(), rest.trim()),
            None => ("", item.trim()),
        };
        if VALUED.contains(&name) {
            own.push(format!("{name}:{rest}"));
        } else if name.is_empty() || name == "*" || name.eq_ignore_ascii_case(token) {
            own.extend(rest.split_ascii_whitespace().map(str::to_owned));
        }
    }
    own
}
