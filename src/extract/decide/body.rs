//! The body of a page: the verdict on each block, its role and its score.

use crate::article::{Kind, Role};
use crate::extract::decide::site_memory::Occurrences;
use crate::extract::rules::Mark;

/// The verdict on a block. [`crate::extract::decide::reason`] puts it into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockVerdict {
    /// Part of the article.
    Kept(KeepReason),
    /// Dropped by the rule that marks its nodes.
    Rule(Mark),
    /// Dropped because its words are boilerplate.
    Phrase,
    /// Outside the element that an `article` selector names.
    Outside,
    /// The headline, which is a field of its own.
    Headline,
    /// An author, a date or a place around the text.
    Byline,
    /// What the page says about its author below the text.
    Biography,
    /// Mostly links.
    Links,
    /// Seen in too many other articles of its host.
    Seen(Occurrences),
    /// Part of another article on the page, with a headline of its own.
    OtherArticle,
    /// An appeal of the site: 'Sign up for our newsletter'.
    Appeal,
    /// A line in the text that points to another article: 'Read also: …'.
    Pointer,
    /// Scored as no part of the article.
    Score,
    /// The same words as in a block above it.
    Repeat,
    /// A pull quote: its words stand in another block.
    Quoted,
    /// Below the article, under a heading of something else.
    ForeignSection,
    /// A heading without text below it.
    EmptyHeading,
}

impl BlockVerdict {
    /// True for a block that is part of the article.
    pub fn is_kept(self) -> bool {
        matches!(self, BlockVerdict::Kept(_))
    }

    /// True for a block that a user's `keep` selects: nothing drops it.
    pub fn is_selected(self) -> bool {
        matches!(self, BlockVerdict::Kept(KeepReason::Selector(_)))
    }

    /// True for a block that is kept for its score, alone or as part of a run.
    pub fn is_kept_by_score(self) -> bool {
        matches!(
            self,
            BlockVerdict::Kept(
                KeepReason::Score | KeepReason::Run | KeepReason::Heading | KeepReason::FactBox
            )
        )
    }
}

/// Why a block is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepReason {
    /// Its score is high enough.
    Score,
    /// A user's `keep` selector, by its index in [`SiteRules::selectors`](crate::extract::SiteRules).
    Selector(u16),
    /// Inside the element that an `article` selector names, with no reason to drop it.
    Container,
    /// Part of a long run of paragraphs whose first half is certainly text.
    Run,
    /// A heading that scores low, above text that is kept.
    Heading,
    /// A box of facts between the paragraphs of the article.
    FactBox,
    /// A note whose sign stands in the text.
    Note,
    /// The summary under the headline.
    Standfirst,
    /// The first paragraph, which says what the description says.
    Lede,
    /// Who said the quote above; it continues the quote's paragraph on a line of its own.
    Attribution,
    /// A caption of one of the article's pictures.
    Caption,
    /// The time of an entry of a live blog.
    Entry,
}

/// The body: a verdict, a role and a score for each block.
#[derive(Debug, Clone)]
pub struct Body {
    /// The verdicts by block.
    pub verdicts: Vec<BlockVerdict>,
    /// The roles by block: those of the segmentation, and the standfirst.
    pub roles: Vec<Role>,
    /// The scores by block: the probability that it is text, 0 to 1.
    pub scores: Vec<f32>,
    /// The `article` selector whose element holds the body, by its index in
    /// [`SiteRules::selectors`](crate::extract::SiteRules).
    pub container: Option<u16>,
    /// The kind, where the blocks show it: a live blog or a gallery.
    pub kind: Option<Kind>,
}

impl Body {
    /// True where there is more text than headings and captions. The captions of a gallery are text.
    pub fn has_text(&self) -> bool {
        let is_text = |block| match self.roles[block] {
            Role::Heading => false,
            Role::Caption => self.kind == Some(Kind::Gallery),
            _ => true,
        };
        self.kept().any(is_text)
    }

    /// The kept blocks, in order.
    pub fn kept(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.verdicts.len()).filter(|&block| self.verdicts[block].is_kept())
    }
}
