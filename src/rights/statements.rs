//! The statements that are understood, each with the purposes it binds, as data: `docs/rights.md` has the same
//! table for people, and a test holds it to this one.

use crate::rights::Purpose;

/// A statement of a site about the use of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Statement {
    /// `Content-Signal: search=no`
    SignalSearch,
    /// `Content-Signal: ai-input=no`
    SignalInput,
    /// `Content-Signal: ai-train=no`
    SignalTrain,
    /// `Content-Signal: use=reference` or `use=immediate`
    SignalUse,
    /// `Content-Usage: bots=n`
    UsageBots,
    /// `Content-Usage: search=n`
    UsageSearch,
    /// `Content-Usage: ai-use=n`
    UsageInput,
    /// `Content-Usage: train-ai=n`
    UsageTrain,
    /// An RSL licence that prohibits all automated use.
    RslAll,
    /// RSL licences, none of which gives search away.
    RslSearch,
    /// RSL licences, none of which gives the use as input away.
    RslInput,
    /// RSL licences, none of which gives training away.
    RslTrain,
    /// An RSL licence that is named and could not be read.
    RslUnread,
    /// TDMRep's reservation.
    Tdm,
    /// A file of TDMRep's reservations that could not be read.
    TdmUnread,
    /// `noai` or `noml`
    NoAi,
    /// `noimageai`
    NoImageAi,
    /// `<meta name="ai-policy">` that says no.
    AiPolicy,
    /// `noindex` or `none`
    NoIndex,
    /// `nosnippet` or `max-snippet:0`
    NoSnippet,
    /// `noarchive` or `nocache`
    NoArchive,
}

/// What a statement binds.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The statement.
    pub statement: Statement,
    /// Its name in reasons, in counts and in `docs/rights.md`.
    pub name: &'static str,
    /// The purposes that it forbids.
    pub binds: &'static [Purpose],
    /// Who defines it.
    pub source: &'static str,
}

impl Statement {
    /// The name in reasons, in counts and in `docs/rights.md`.
    pub fn name(self) -> &'static str {
        let row = STATEMENTS.iter().find(|row| row.statement == self);
        row.map_or("", |row| row.name)
    }
}

const SIGNALS: &str = "contentsignals.org";
const AIPREF: &str = "draft-ietf-aipref-vocab";
const RSL: &str = "RSL 1.0";
const TDMREP: &str = "TDMRep";
const USAGE: &str = "usage; DeviantArt's definition";
const GOOGLE: &str = "Google's robots meta tags";
const BING: &str = "Bing's robots meta tags";

/// Every statement, the more telling ones first: of several that forbid a purpose, the first is named.
pub const STATEMENTS: &[Row] = {
    use Purpose::{AiInput, AiTrain, Archive, Search};
    use Statement as S;
    &[
        row(
            S::SignalSearch,
            "Content-Signal search=no",
            &[Search],
            SIGNALS,
        ),
        row(
            S::SignalInput,
            "Content-Signal ai-input=no",
            &[AiInput],
            SIGNALS,
        ),
        row(
            S::SignalTrain,
            "Content-Signal ai-train=no",
            &[AiTrain],
            SIGNALS,
        ),
        row(
            S::SignalUse,
            "Content-Signal use=reference",
            &[AiInput, AiTrain],
            SIGNALS,
        ),
        row(
            S::UsageBots,
            "Content-Usage bots=n",
            &[Search, AiInput, AiTrain],
            AIPREF,
        ),
        row(S::UsageSearch, "Content-Usage search=n", &[Search], AIPREF),
        row(S::UsageInput, "Content-Usage ai-use=n", &[AiInput], AIPREF),
        row(
            S::UsageTrain,
            "Content-Usage train-ai=n",
            &[AiTrain],
            AIPREF,
        ),
        row(
            S::RslAll,
            "RSL prohibits all",
            &[Archive, Search, AiInput, AiTrain],
            RSL,
        ),
        row(S::RslSearch, "RSL without search", &[Search], RSL),
        row(S::RslInput, "RSL without ai-input", &[AiInput], RSL),
        row(S::RslTrain, "RSL without ai-train", &[AiTrain], RSL),
        row(
            S::RslUnread,
            "RSL licence unread",
            &[Search, AiInput, AiTrain],
            RSL,
        ),
        row(
            S::Tdm,
            "tdm-reservation 1",
            &[Search, AiInput, AiTrain],
            TDMREP,
        ),
        row(
            S::TdmUnread,
            "tdmrep.json unread",
            &[Search, AiInput, AiTrain],
            TDMREP,
        ),
        row(S::NoAi, "noai", &[AiInput, AiTrain], USAGE),
        row(S::NoImageAi, "noimageai", &[], USAGE),
        row(S::AiPolicy, "ai-policy", &[AiInput, AiTrain], USAGE),
        row(S::NoIndex, "noindex", &[Search, AiInput], GOOGLE),
        row(S::NoSnippet, "nosnippet", &[AiInput], GOOGLE),
        row(S::NoArchive, "noarchive", &[AiInput, AiTrain], BING),
    ]
};

const fn row(
    statement: Statement,
    name: &'static str,
    binds: &'static [Purpose],
    source: &'static str,
) -> Row {
    Row {
        statement,
        name,
        binds,
        source,
    }
}
