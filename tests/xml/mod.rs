//! Reads XML back, and accepts none that is not well-formed.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// An element with what a parser makes of it.
#[derive(Debug)]
pub struct Element {
    /// How many elements it stands in.
    pub depth: usize,
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
}

/// The elements in order.
pub fn elements(xml: &str) -> Vec<Element> {
    let forbidden = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    assert!(!xml.contains(forbidden), "{xml:?}");
    let mut reader = Reader::from_str(xml);
    let mut found: Vec<Element> = Vec::new();
    let mut open = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                found.push(read(&element, open.len()));
                open.push(found.len() - 1);
            }
            Event::Empty(element) => found.push(read(&element, open.len())),
            Event::End(_) => assert!(open.pop().is_some()),
            Event::Text(text) => add(&mut found, &open, &text.decode().unwrap()),
            Event::GeneralRef(entity) => {
                let written = format!("&{};", entity.decode().unwrap());
                add(&mut found, &open, &unescape(&written).unwrap());
            }
            Event::Decl(_) => assert!(found.is_empty()),
            Event::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(open.is_empty());
    found
}

fn add(found: &mut [Element], open: &[usize], text: &str) {
    match open.last() {
        Some(&element) => found[element].text.push_str(text),
        None => assert_eq!(text.trim(), "", "text outside the root"),
    }
}

fn read(element: &BytesStart<'_>, depth: usize) -> Element {
    let utf8 = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    // The reader finds the same attribute twice, and one without quotes.
    let attributes = element.attributes().map(|attribute| {
        let attribute = attribute.unwrap();
        let value = utf8(&attribute.value);
        assert!(!value.contains('<'), "{value}");
        (utf8(attribute.key.as_ref()), unescape(&value).unwrap().into_owned())
    });
    let attributes = attributes.collect();
    Element { depth, name: utf8(element.name().as_ref()), attributes, text: String::new() }
}
