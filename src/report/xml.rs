use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// An attribute: its name and its value, which is escaped when it is written.
pub(super) type Attribute<'a> = (&'a str, &'a str);

/// An XML document that is written as it comes.
pub(super) struct Xml<W: Write> {
    writer: Writer<W>,
    root: &'static str,
    root_attribute: Attribute<'static>,
    begun: bool,
}

impl<W: Write> Xml<W> {
    /// A document whose root has this name and this attribute.
    pub fn new(out: W, root: &'static str, root_attribute: Attribute<'static>) -> Self {
        Self { writer: Writer::new_with_indent(out, b' ', 2), root, root_attribute, begun: false }
    }

    /// Opens an element.
    pub fn start(&mut self, name: &str, attributes: &[Attribute<'_>]) -> io::Result<()> {
        self.begin()?;
        self.writer.write_event(Event::Start(element(name, attributes)))
    }

    /// Writes an element that holds nothing.
    pub fn empty(&mut self, name: &str, attributes: &[Attribute<'_>]) -> io::Result<()> {
        self.begin()?;
        self.writer.write_event(Event::Empty(element(name, attributes)))
    }

    /// Writes text into the open element.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_event(Event::Text(BytesText::new(text)))
    }

    /// Closes an element.
    pub fn end(&mut self, name: &str) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    /// Closes the root and flushes.
    pub fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        self.end(self.root)?;
        writeln!(self.writer.get_mut())?;
        self.writer.get_mut().flush()
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        self.writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.writer.write_event(Event::Start(element(self.root, &[self.root_attribute])))
    }
}

fn element<'a>(name: &'a str, attributes: &[Attribute<'_>]) -> BytesStart<'a> {
    BytesStart::new(name).with_attributes(attributes.iter().copied())
}
