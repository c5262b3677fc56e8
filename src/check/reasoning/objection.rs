//! Objections: what merely says the argument again, and what the diagram leaves out.

use super::{at, has, head, is_argued, name, parts};
use crate::argument::{LinkKind, PartKind};
use crate::check::bindings::Scene;
use crate::check::structure::Occurrence;
use crate::document::{Diagram, Role};

/// Thousandths of an item that an argument has word for word.
const SAME: u32 = 800;
/// Items of one kind that are told of one by one.
const MOST_NAMED: usize = 2;

/// Items of the audit that raise nothing.
pub(super) fn restated(scene: &Scene<'_>) -> Vec<Occurrence> {
    if !is_argued(scene) || !has_role(scene, Role::Audit) {
        return Vec::new();
    }
    let argument = scene.argument();
    let raises = |index: usize| {
        let part = &argument.parts[index];
        let text = part.span.of(&scene.document.text);
        let said_already = argument.from(index, LinkKind::Challenges).any(|link| link.overlap >= SAME);
        !said_already && (has(scene, scene.words.challenge, part.span) || text.contains(['?', '？']))
    };
    let items = parts(scene, PartKind::Objection).filter(|(index, _)| !raises(*index));
    items.map(|(_, part)| at(head(scene, part), name(scene, part))).collect()
}

fn has_role(scene: &Scene<'_>, role: Role) -> bool {
    scene.document.sections.iter().any(|section| section.role == role)
}

/// Whether a diagram shows objections, and is not cut off before its nodes are all there.
fn shows_objections(scene: &Scene<'_>) -> bool {
    let complete = scene.document.diagrams.iter().all(has_all_nodes);
    complete && parts(scene, PartKind::Node).any(|(_, part)| part.objects)
}

/// Whether the diagram is whole, or stops among its edges.
pub(super) fn has_all_nodes(diagram: &Diagram) -> bool {
    let last_node =
        diagram.nodes.iter().filter(|node| node.label.is_some()).map(|node| node.span.start).max();
    let last_edge = diagram.edges.iter().map(|edge| edge.span.start).max();
    diagram.cut_off.is_none() || last_edge > last_node
}

/// Objections that no node of the diagram shows, where the diagram shows most of them.
pub(super) fn without_node(scene: &Scene<'_>) -> Vec<Occurrence> {
    if !has_role(scene, Role::Audit) || !is_argued(scene) || !shows_objections(scene) {
        return Vec::new();
    }
    let argument = scene.argument();
    let items: Vec<_> = parts(scene, PartKind::Objection).collect();
    let shown = |index: usize| argument.to(index, LinkKind::Illustrates).next().is_some();
    let missing: Vec<_> = items.iter().filter(|(index, _)| !shown(*index)).collect();
    if 2 * missing.len() >= items.len() {
        return Vec::new();
    }
    let place = |part| head(scene, part);
    if missing.len() <= MOST_NAMED {
        return missing.into_iter().map(|(_, part)| at(place(part), name(scene, part))).collect();
    }
    let numbers: Vec<String> = missing.iter().map(|(_, part)| part.number.to_string()).collect();
    vec![Occurrence {
        related: missing[1..].iter().map(|(_, part)| ("objection".to_owned(), place(part))).collect(),
        ..at(place(missing[0].1), numbers.join(", "))
    }]
}

/// Nodes that stand for an objection which the audit does not raise.
pub(super) fn nodes_alone(scene: &Scene<'_>) -> Vec<Occurrence> {
    let raised = has_role(scene, Role::Audit) && is_argued(scene);
    if !raised || parts(scene, PartKind::Objection).next().is_none() {
        return Vec::new();
    }
    let argument = scene.argument();
    let shown = |index: usize| argument.from(index, LinkKind::Illustrates).next().is_some();
    let nodes: Vec<_> = parts(scene, PartKind::Node).filter(|(_, part)| part.objects).collect();
    let alone: Vec<_> = nodes.iter().filter(|(index, _)| !shown(*index)).collect();
    // Where most are alone, they say what the audit says in other words.
    if 2 * alone.len() >= nodes.len() {
        return Vec::new();
    }
    alone.into_iter().map(|(_, part)| at(part.span, name(scene, part))).collect()
}
