//! The selected blocks as a tree of quotes, lists, tables and figures. Each block states the containers it stands
//! in; where those of the next block differ, containers are closed and opened.

use std::collections::{HashMap, HashSet};

use crate::article::{Image, Role};
use crate::extract::text::render::Source;
use crate::extract::text::render::code;
use crate::extract::text::render::frames::{Container, ContainerKind, Frames};
use crate::extract::text::render::images::{self, Picture};
use crate::extract::text::render::inline::{Inline, Reader, Style, without};
use crate::extract::text::render::lists::Numbering;
use crate::extract::text::render::notes::{self, Notes};
use crate::extract::text::render::tables::{self, Table};
use crate::page::{Id, Tag};

/// Containers nested deeper than this are left out.
const DEPTH: usize = 12;
/// A quote of this many blocks that holds nearly all of the text is an indented page.
const WHOLE_PAGE: usize = 4;

/// A part of the text.
#[derive(Debug)]
pub(super) enum Node {
    /// A heading with its level, 2 to 6.
    Heading(usize, Vec<Inline>),
    /// A paragraph.
    Paragraph(Kind, Vec<Inline>),
    /// Code, with its language.
    Code(Option<String>, String),
    /// A quotation.
    Quote(Vec<Node>),
    /// A list.
    List(List),
    /// Terms (true) and their definitions (false).
    Definitions(Vec<(bool, Vec<Node>)>),
    /// A table.
    Table(Table),
    /// A picture.
    Figure(Image),
    /// A note with its number in [`Notes`].
    Note(usize, Vec<Node>),
}

/// The kind of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any other.
    Plain,
    /// The summary below the headline.
    Standfirst,
    /// The caption of a picture.
    Caption,
    /// The time of an entry.
    Entry,
    /// Who is quoted.
    Attribution,
}

/// A list.
#[derive(Debug)]
pub(super) struct List {
    /// How its items are numbered; `None` for bullets.
    pub(super) numbering: Option<Numbering>,
    /// Each with its number.
    pub(super) items: Vec<(i64, Vec<Node>)>,
}

/// Makes the tree.
pub(super) struct Outline<'s, 'p, 'a> {
    source: &'s Source<'p, 'a>,
    selected: &'s [usize],
    notes: &'s Notes,
    reader: Reader<'s, 'p, 'a>,
    /// Containers that are none: lists and quotes used for layout.
    layout: HashSet<Id>,
    levels: Vec<u8>,
}

impl<'s, 'p, 'a> Outline<'s, 'p, 'a> {
    /// The tree of the selected blocks.
    pub(super) fn build(
        source: &'s Source<'p, 'a>,
        selected: &'s [usize],
        notes: &'s Notes,
    ) -> Vec<Node> {
        let mut outline = Outline {
            source,
            selected,
            notes,
            reader: Reader { source, notes },
            layout: HashSet::new(),
            levels: heading_levels(source, selected),
        };
        outline.find_layout();
        let pictures = if source.images {
            images::pictures(source)
        } else {
            Vec::new()
        };
        outline.run(&pictures)
    }

    fn run(&self, pictures: &[Picture]) -> Vec<Node> {
        let mut frames = Frames::default();
        let mut pictures = pictures.iter().peekable();
        let captions: HashSet<usize> = pictures
            .clone()
            .flat_map(|it| it.captions.iter().copied())
            .collect();
        let mut at = 0;
        while at < self.selected.len() {
            let block = self.selected[at];
            let first = self.source.blocks.list[block].first;
            while let Some(picture) = pictures.next_if(|it| it.id < first) {
                self.push_picture(picture, &mut frames);
            }
            if captions.contains(&block) {
                at += 1;
                continue;
            }
            if let Some(table) = self.captioned_table(at) {
                frames.enter(&self.path_of(self.selected[at + 1]), self.source);
                let count = table.1;
                frames.push(Node::Table(table.0));
                at += count + 1;
                continue;
            }
            let (mut node, count) = self.leaf(at);
            let path = self.path_of(block);
            frames.enter(&path, self.source);
            if let Node::Paragraph(_, inlines) = &mut node
                && let Some(note) = path.iter().find_map(note_of)
            {
                let label = &self.notes.labels[note];
                *inlines = notes::without_signs(std::mem::take(inlines), label);
            }
            frames.push(node);
            at += count;
        }
        for picture in pictures {
            self.push_picture(picture, &mut frames);
        }
        frames.finish()
    }

    fn push_picture(&self, picture: &Picture, frames: &mut Frames) {
        frames.enter(
            &self.without_layout(self.containers(picture.id)),
            self.source,
        );
        frames.push(Node::Figure(picture.image.clone()));
    }

    /// The node that begins with a block, and of how many blocks it is made.
    fn leaf(&self, at: usize) -> (Node, usize) {
        let block = self.selected[at];
        let entry = &self.source.blocks.list[block];
        let inlines = || self.reader.block(block);
        let kind = match self.source.body.roles[block] {
            Role::Heading => {
                let level = self.levels.iter().position(|&it| it == entry.level);
                let level = (level.unwrap_or(0) + 2).min(6);
                return (Node::Heading(level, without(Style::Strong, inlines())), 1);
            }
            Role::Code => return self.code(at),
            Role::Table => {
                let rest = &self.selected[at..];
                if let Some((table, count)) = tables::table(&self.reader, rest) {
                    return (Node::Table(table), count);
                }
                Kind::Plain
            }
            Role::Standfirst => Kind::Standfirst,
            Role::Caption => Kind::Caption,
            Role::Entry => Kind::Entry,
            Role::Quote if self.is_attribution(entry.owner) => Kind::Attribution,
            _ => Kind::Plain,
        };
        (Node::Paragraph(kind, inlines()), 1)
    }

    /// The table whose caption this block is, and how many blocks are its rows.
    fn captioned_table(&self, at: usize) -> Option<(Table, usize)> {
        let (tree, list) = (self.source.tree, &self.source.blocks.list);
        let caption = &list[self.selected[at]];
        let is_caption = |id: &Id| tree.name(*id) == Some("caption");
        let element = tree.ancestors(caption.first).take(4).find(is_caption)?;
        let next = *self.selected.get(at + 1)?;
        let table = tree.parent(element);
        if self.source.body.roles[next] != Role::Table || !tree.is_within(list[next].owner, table) {
            return None;
        }
        let (mut table, count) = tables::table(&self.reader, &self.selected[at + 1..])?;
        table.caption = self.reader.block(self.selected[at]);
        Some((table, count))
    }

    /// The blocks of one `<pre>`.
    fn code(&self, at: usize) -> (Node, usize) {
        let of =
            |block: usize| code::element(self.source.tree, self.source.blocks.list[block].owner);
        let element = of(self.selected[at]);
        let rest = self.selected[at..].iter();
        let count = rest
            .take_while(|&&it| self.source.body.roles[it] == Role::Code && of(it) == element)
            .count()
            .max(1);
        let text = code::text(self.source, &self.selected[at..at + count]);
        let language = element.and_then(|it| code::language(self.source.tree, it));
        (Node::Code(language, text), count)
    }

    /// True for a `<footer>` or `<cite>` of a quote.
    fn is_attribution(&self, owner: Id) -> bool {
        let tree = self.source.tree;
        let mut up = std::iter::once(owner).chain(tree.ancestors(owner));
        up.find_map(|id| match tree.tag(id) {
            Tag::Footer | Tag::Figcaption => Some(true),
            Tag::Blockquote | Tag::P => Some(false),
            _ => None,
        }) == Some(true)
    }

    /// The containers of a block, from the outermost in.
    fn path_of(&self, block: usize) -> Vec<Container> {
        let entry = &self.source.blocks.list[block];
        match self.source.body.roles[block] {
            Role::Standfirst | Role::Entry => Vec::new(),
            role => {
                let mut path = self.without_layout(self.containers(entry.owner));
                let is_in = |kinds: &[ContainerKind], path: &[Container]| {
                    path.iter()
                        .any(|it| kinds.contains(&it.kind) || note_of(it).is_some())
                };
                use ContainerKind::{Definition, Item, List, Quote, Term};
                if role == Role::List && !is_in(&[Item, Term, Definition], &path) {
                    let above = self.source.tree.parent(entry.owner);
                    path.push(Container {
                        id: above,
                        kind: List,
                    });
                    path.push(Container {
                        id: entry.first,
                        kind: Item,
                    });
                } else if role == Role::Quote
                    && !is_in(&[Quote], &path)
                    && !self.is_whole_page(entry.owner)
                {
                    let above = self.source.tree.parent(entry.owner);
                    path.push(Container {
                        id: above,
                        kind: Quote,
                    });
                }
                path
            }
        }
    }

    fn is_whole_page(&self, owner: Id) -> bool {
        let mut above = self.source.tree.ancestors(owner);
        above.any(|id| self.layout.contains(&id) && self.source.tree.tag(id) == Tag::Blockquote)
    }

    fn without_layout(&self, mut path: Vec<Container>) -> Vec<Container> {
        let mut list_is_layout = false;
        path.retain(|it| match it.kind {
            ContainerKind::List | ContainerKind::Definitions => {
                list_is_layout = self.layout.contains(&it.id);
                !list_is_layout
            }
            ContainerKind::Item | ContainerKind::Term | ContainerKind::Definition => {
                !list_is_layout
            }
            ContainerKind::Quote => !self.layout.contains(&it.id),
            ContainerKind::Note(_) => true,
        });
        path.truncate(DEPTH);
        path
    }

    /// The containers of an element or of a node in it, from the outermost in.
    fn containers(&self, owner: Id) -> Vec<Container> {
        let tree = self.source.tree;
        let mut path: Vec<Container> = Vec::new();
        let mut item: Option<Id> = None;
        for id in std::iter::once(owner).chain(tree.ancestors(owner)) {
            if let Some(note) = self.notes.note_at(id) {
                path.push(Container {
                    id,
                    kind: ContainerKind::Note(note),
                });
                break;
            }
            let kind = match tree.tag(id) {
                Tag::Blockquote => ContainerKind::Quote,
                Tag::Li => ContainerKind::Item,
                Tag::Dt => ContainerKind::Term,
                Tag::Dd => ContainerKind::Definition,
                Tag::Ul | Tag::Ol | Tag::Menu => ContainerKind::List,
                Tag::Dl => ContainerKind::Definitions,
                Tag::Article | Tag::Main | Tag::Section | Tag::Body | Tag::Table => break,
                _ => continue,
            };
            let is_list = matches!(kind, ContainerKind::List | ContainerKind::Definitions);
            // An item of no list makes one of its own.
            if let Some(item) = item.take()
                && !is_list
            {
                path.push(self.list_of(item));
            }
            if !is_list && kind != ContainerKind::Quote {
                item = Some(id);
            }
            path.push(Container { id, kind });
        }
        if let Some(item) = item {
            path.push(self.list_of(item));
        }
        path.reverse();
        path
    }

    fn list_of(&self, item: Id) -> Container {
        let kind = match self.source.tree.tag(item) {
            Tag::Li => ContainerKind::List,
            _ => ContainerKind::Definitions,
        };
        Container {
            id: self.source.tree.parent(item),
            kind,
        }
    }

    /// Finds lists whose items are whole sections of the page, and quotes around all of it.
    fn find_layout(&mut self) {
        #[derive(Default)]
        struct Seen {
            items: bool,
            headings: bool,
            blocks: usize,
        }
        let mut seen: HashMap<Container, Seen> = HashMap::new();
        for &block in self.selected {
            let role = self.source.body.roles[block];
            for container in self.containers(self.source.blocks.list[block].owner) {
                let entry = seen.entry(container).or_default();
                entry.items |= role == Role::List;
                entry.headings |= role == Role::Heading;
                entry.blocks += 1;
            }
        }
        let all = self.selected.len();
        let is_layout = |container: &Container, seen: &Seen| match container.kind {
            ContainerKind::List | ContainerKind::Definitions => {
                !seen.items && (seen.headings || seen.blocks * 2 > all)
            }
            ContainerKind::Quote => seen.blocks >= WHOLE_PAGE && seen.blocks * 5 > all * 4,
            _ => false,
        };
        let layout = seen
            .iter()
            .filter(|(container, seen)| is_layout(container, seen));
        self.layout = layout.map(|(container, _)| container.id).collect();
    }
}

fn note_of(container: &Container) -> Option<usize> {
    match container.kind {
        ContainerKind::Note(note) => Some(note),
        _ => None,
    }
}

/// The levels of headings that occur, so that they can be numbered without gaps.
fn heading_levels(source: &Source<'_, '_>, selected: &[usize]) -> Vec<u8> {
    let headings = selected
        .iter()
        .filter(|&&it| source.body.roles[it] == Role::Heading);
    let mut levels: Vec<u8> = headings.map(|&it| source.blocks.list[it].level).collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}
