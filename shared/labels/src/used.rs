//! Which resources a content names.

use std::collections::{HashMap, HashSet};

use lopdf::content::Operation;
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::Fault;
use crate::content::{Allowance, each_operation, resource};

/// Names by category, such as font `F1` or drawing `Barcode`.
#[derive(Default)]
pub(crate) struct Used {
    names: HashMap<&'static [u8], HashSet<Vec<u8>>>,
    forms: HashSet<ObjectId>,
}

impl Used {
    /// The categories of a resource dictionary that content can name.
    pub(crate) const CATEGORIES: [&'static [u8]; 7] = [
        b"Font",
        b"XObject",
        b"ExtGState",
        b"ColorSpace",
        b"Pattern",
        b"Shading",
        b"Properties",
    ];

    pub(crate) fn names(&self, category: &[u8], name: &[u8]) -> bool {
        // Default colour spaces apply without being named.
        (category == b"ColorSpace" && name.starts_with(b"Default"))
            || self
                .names
                .get(category)
                .is_some_and(|names| names.contains(name))
    }

    /// Adds what `content` names, and what forms without resources of their own name: these
    /// draw with `resources` too.
    pub(crate) fn read(
        &mut self,
        document: &Document,
        resources: &Dictionary,
        content: Vec<u8>,
        allowance: &mut Allowance,
    ) -> Result<(), Fault> {
        let mut waiting = vec![content];
        while let Some(content) = waiting.pop() {
            each_operation(content, |operation| {
                let drawing = self.note(operation);
                if let Some(form) =
                    drawing.and_then(|name| self.new_bare_form(document, resources, name))
                {
                    waiting.push(allowance.decompress(form)?);
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Notes the names of one operation and returns that of a drawing.
    fn note<'o>(&mut self, operation: &'o Operation) -> Option<&'o [u8]> {
        let category: &'static [u8] = match operation.operator.as_str() {
            "Tf" => b"Font",
            "Do" => b"XObject",
            "gs" => b"ExtGState",
            "cs" | "CS" => b"ColorSpace",
            "scn" | "SCN" => b"Pattern",
            "sh" => b"Shading",
            "BDC" | "DP" => b"Properties",
            "BI" => return self.note_inline_image(operation),
            _ => return None,
        };
        for name in operation
            .operands
            .iter()
            .filter_map(|operand| operand.as_name().ok())
        {
            self.names
                .entry(category)
                .or_default()
                .insert(name.to_vec());
        }
        let drawing = operation.operands.first()?.as_name().ok()?;
        (category == b"XObject").then_some(drawing)
    }

    fn note_inline_image<'o>(&mut self, operation: &Operation) -> Option<&'o [u8]> {
        let image = operation.operands.first()?.as_stream().ok()?;
        for (_, value) in &image.dict {
            if let Ok(name) = value.as_name() {
                self.names
                    .entry(b"ColorSpace")
                    .or_default()
                    .insert(name.to_vec());
            }
        }
        None
    }

    fn new_bare_form<'d>(
        &mut self,
        document: &'d Document,
        resources: &'d Dictionary,
        name: &[u8],
    ) -> Option<&'d lopdf::Stream> {
        let entry = resource(document, resources, b"XObject", name)?;
        let (id, form) = document.dereference(entry).ok()?;
        let form = form.as_stream().ok()?;
        let is_form = form.dict.get(b"Subtype").and_then(Object::as_name).ok() == Some(b"Form");
        (is_form && !form.dict.has(b"Resources") && self.forms.insert(id?)).then_some(form)
    }
}
