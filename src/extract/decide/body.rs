//! The body: what was decided about each block of a page, and its role.

use crate::article::{Kind, Role};
use crate::extract::decide::site_memory::Occurrences;
use crate::extract::rules::Mark;

/// What was decided about a block. What to call it is decided in [`crate::extract::decide::reason`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockVerdict {
    /// Part of the article.
    Kept(KeepReason),
    /// Dropped by the rule that marks its nodes.
    Rule(Mark),
    /// Dropped as boilerplate by its words.
    Phrase,
    /// Outside the element that an `article` selector names.
    Outside,
    /// The headline, which is a field of its own.
    Headline,
    /// An author, a date or a place around the text.
    Byline,
    /// Mostly links.
    Links,
    /// It stood in too many other articles of its host.
    Seen(Occurrences),
    /// Scored as no part of the article.
    Score,
    /// It says word for word what stands above it.
    Repeat,
    /// A heading with nothing of its own below it.
    EmptyHeading,
}

impl BlockVerdict {
    /// True for what is part of the article.
    pub fn is_kept(self) -> bool {
        matches!(self, BlockVerdict::Kept(_))
    }
}

/// Why a block is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepReason {
    /// Its score.
    Score,
    /// A user's `keep` selector, at this place of [`SiteRules::selectors`](crate::extract::SiteRules).
    Selector(u16),
    /// It stands in the element that an `article` selector names, and nothing speaks against it.
    Container,
    /// It goes on with a long run of paragraphs that began as text beyond doubt.
    Run,
    /// It sums the story up, under the headline.
    Standfirst,
    /// It stands under a picture of the article.
    Caption,
    /// It is the time of a live blog's entry.
    Entry,
}

/// The body: a verdict, a role and a score for each block.
#[derive(Debug, Clone)]
pub struct Body {
    /// By block.
    pub verdicts: Vec<BlockVerdict>,
    /// By block; the segmentation's, and the standfirst.
    pub roles: Vec<Role>,
    /// By block: how probably it is text, 0 to 1.
    pub scores: Vec<f32>,
    /// The `article` selector whose element holds the body, by its place in
    /// [`SiteRules::selectors`](crate::extract::SiteRules).
    pub container: Option<u16>,
    /// A live blog or a gallery, where it is made so.
    pub kind: Option<Kind>,
}

impl Body {
    /// True where there is more to read than headings and captions; a gallery's captions are its text.
    pub fn has_text(&self) -> bool {
        let is_text = |block| match self.roles[block] {
            Role::Heading => false,
            Role::Caption => self.kind == Some(Kind::Gallery),
            _ => true,
        };
        self.kept().any(is_text)
    }

    /// The kept blocks, in order.
    pub fn kept(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.verdicts.len()).filter(|&block| self.verdicts[block].is_kept())
    }
}
