//! What becomes of each link of a page, and why.

use std::fmt;

use url::Url;

/// What a source's settings say of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// `include` names it: it is followed whatever its address and its text look like.
    Named,
    /// The settings say nothing: the page decides.
    Open,
    /// No pattern of `include` matches.
    NotIncluded,
    /// A pattern of `exclude` matches.
    Excluded,
    /// It lies on another site.
    OtherSite,
}

/// A link of a page, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedLink {
    /// Where it leads, in canonical form.
    pub url: Url,
    /// The headline or the link's text.
    pub title: Option<String>,
    /// What becomes of it.
    pub decision: LinkDecision,
}

/// What becomes of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkDecision {
    /// It is followed.
    Followed(FollowReason),
    /// It is not followed.
    PassedOver(PassReason),
}

/// Why a link is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FollowReason {
    /// `include` names it.
    Included,
    /// The page states that it is the permanent address of an article.
    Permalink,
    /// It is the link of a heading.
    Headline,
    /// It is the link of a card: a repeated structure with a headline, a picture or a date.
    Card,
    /// It is in a list of headlines.
    HeadlineList,
    /// Its address and its text are like those of articles.
    LooksLikeArticle,
}

/// Why a link is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PassReason {
    /// Neither its address nor its text nor its place is like that of an article.
    NoHeadline,
    /// It is in a menu, a header, a footer or a sidebar.
    Menu,
    /// A part of its address names a service page: a login, a tag, an author, a legal page.
    Service,
    /// It leads to the front page, or to the page that it is on.
    FrontPage,
    /// It leads to another site.
    OtherSite,
    /// It leads to a file that is not a page.
    NotPage,
    /// No pattern of `include` matches.
    NotIncluded,
    /// A pattern of `exclude` matches.
    Excluded,
    /// Its address is like those that a site generates without end.
    Trap,
    /// The link has `rel=nofollow`.
    Nofollow,
    /// The page asks crawlers not to follow its links.
    PageForbids,
    /// The page has more links than are taken from one page.
    TooMany,
}

impl FollowReason {
    /// The reason in words.
    pub fn text(self) -> &'static str {
        match self {
            FollowReason::Included => "`include` names it",
            FollowReason::Permalink => "the permanent address of an article",
            FollowReason::Headline => "the link of a heading",
            FollowReason::Card => "the link of a card with a headline, a picture or a date",
            FollowReason::HeadlineList => "in a list of headlines",
            FollowReason::LooksLikeArticle => "its address and text are like those of articles",
        }
    }
}

impl PassReason {
    /// The reason in words.
    pub fn text(self) -> &'static str {
        match self {
            PassReason::NoHeadline => "neither address, text nor place is like that of an article",
            PassReason::Menu => "in a menu, header, footer or sidebar",
            PassReason::Service => "a service page by its address (login, tag, author, legal)",
            PassReason::FrontPage => "the front page, or this page",
            PassReason::OtherSite => "another site",
            PassReason::NotPage => "not a page",
            PassReason::NotIncluded => "no pattern of `include` matches",
            PassReason::Excluded => "a pattern of `exclude` matches",
            PassReason::Trap => "an address without end (crawl trap)",
            PassReason::Nofollow => "the link has rel=nofollow",
            PassReason::PageForbids => "the page asks crawlers not to follow its links",
            PassReason::TooMany => "beyond the most links of one page",
        }
    }
}

impl LinkDecision {
    /// True where the link is followed.
    pub fn is_followed(self) -> bool {
        matches!(self, LinkDecision::Followed(_))
    }

    /// How much it counts where several links of a page lead to one address: to be followed counts
    /// more than not to be, and where a link stands more than where its address leads.
    pub(super) fn rank(self) -> u8 {
        match self {
            LinkDecision::Followed(FollowReason::Included) => 9,
            LinkDecision::Followed(FollowReason::Permalink) => 8,
            LinkDecision::Followed(FollowReason::Headline) => 7,
            LinkDecision::Followed(FollowReason::Card) => 6,
            LinkDecision::Followed(FollowReason::HeadlineList) => 5,
            LinkDecision::Followed(FollowReason::LooksLikeArticle) => 4,
            LinkDecision::PassedOver(PassReason::Menu) => 2,
            LinkDecision::PassedOver(PassReason::Nofollow) => 0,
            LinkDecision::PassedOver(_) => 1,
        }
    }
}

impl fmt::Display for LinkDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkDecision::Followed(reason) => write!(f, "followed: {}", reason.text()),
            LinkDecision::PassedOver(reason) => write!(f, "passed over: {}", reason.text()),
        }
    }
}
