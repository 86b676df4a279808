//! The containers that are open while the outline is made: quotes, lists and their items, notes.

use crate::extract::text::render::Source;
use crate::extract::text::render::lists::{self, Numbering};
use crate::extract::text::render::outline::{List, Node};
use crate::page::Id;

/// An element that a block stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Container {
    pub(super) id: Id,
    pub(super) kind: ContainerKind,
}

/// What an element makes of the blocks in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ContainerKind {
    Quote,
    List,
    Item,
    Definitions,
    Term,
    Definition,
    Note(usize),
}

/// The containers that are open, each with what it holds so far.
#[derive(Default)]
pub(super) struct Frames {
    done: Vec<Node>,
    open: Vec<Frame>,
}

struct Frame {
    container: Container,
    nodes: Vec<Node>,
    /// Of a list.
    items: Vec<(i64, Vec<Node>)>,
    /// Of a list of definitions.
    definitions: Vec<(bool, Vec<Node>)>,
    /// Of a list: its items with their numbers.
    numbers: Vec<(Id, i64)>,
    numbering: Option<Numbering>,
}

impl Frames {
    /// Closes and opens containers so that exactly those of `path` are open.
    pub(super) fn enter(&mut self, path: &[Container], source: &Source<'_, '_>) {
        let both = self.open.iter().zip(path);
        let shared = both
            .take_while(|(frame, container)| frame.container == **container)
            .count();
        while self.open.len() > shared {
            self.close();
        }
        for &container in &path[shared..] {
            let (numbering, numbers) = match container.kind {
                ContainerKind::List => lists::numbers(source.tree, container.id),
                _ => (None, Vec::new()),
            };
            self.open.push(Frame {
                container,
                nodes: Vec::new(),
                items: Vec::new(),
                definitions: Vec::new(),
                numbers,
                numbering,
            });
        }
    }

    /// Appends to the innermost container.
    pub(super) fn push(&mut self, node: Node) {
        let Some(frame) = self.open.last_mut() else {
            self.done.push(node);
            return;
        };
        match frame.container.kind {
            // A list in a list, not in an item of it: it belongs to the item before.
            ContainerKind::List => match frame.items.last_mut() {
                Some((_, nodes)) => nodes.push(node),
                None => frame.items.push((1, vec![node])),
            },
            ContainerKind::Definitions => frame.definitions.push((false, vec![node])),
            _ => frame.nodes.push(node),
        }
    }

    fn close(&mut self) {
        let Some(frame) = self.open.pop() else { return };
        let id = frame.container.id;
        match (frame.container.kind, self.open.last_mut()) {
            (ContainerKind::Item, Some(list)) if list.container.kind == ContainerKind::List => {
                let number = list.numbers.binary_search_by_key(&id, |it| it.0).ok();
                let next = list.items.last().map_or(1, |(number, _)| number + 1);
                let number = number.map_or(next, |at| list.numbers[at].1);
                list.items.push((number, frame.nodes));
            }
            (kind @ (ContainerKind::Term | ContainerKind::Definition), Some(list))
                if list.container.kind == ContainerKind::Definitions =>
            {
                list.definitions
                    .push((kind == ContainerKind::Term, frame.nodes));
            }
            (ContainerKind::Quote, _) => self.push(Node::Quote(frame.nodes)),
            (ContainerKind::List, _) => self.push(Node::List(List {
                numbering: frame.numbering,
                items: frame.items,
            })),
            (ContainerKind::Definitions, _) => self.push(Node::Definitions(frame.definitions)),
            (ContainerKind::Note(note), _) => self.push(Node::Note(note, frame.nodes)),
            _ => frame.nodes.into_iter().for_each(|node| self.push(node)),
        }
    }

    /// Closes what is open.
    pub(super) fn finish(mut self) -> Vec<Node> {
        while !self.open.is_empty() {
            self.close();
        }
        self.done
    }
}
