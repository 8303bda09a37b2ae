//! One page as a file of its own, with nothing of any other page in its bytes.
//!
//! Producers let pages share one resource dictionary, so "what the page refers to" may
//! well be every other page's bar code. Only resources that the page's content names are
//! taken along, form by form.

use std::collections::{HashMap, VecDeque};

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use crate::content::{Allowance, page_bytes, page_streams};
use crate::file::attribute;
use crate::used::Used;
use crate::{Fault, LabelError};

/// What a page keeps. Links, notes and actions are left behind: they point elsewhere.
const PAGE_KEYS: [&[u8]; 8] = [
    b"MediaBox",
    b"CropBox",
    b"BleedBox",
    b"TrimBox",
    b"ArtBox",
    b"Rotate",
    b"UserUnit",
    b"Group",
];

/// Entries that lead out of the page or carry what it does not show.
const STRAY_KEYS: [&[u8]; 10] = [
    b"Parent",
    b"P",
    b"Metadata",
    b"PieceInfo",
    b"StructParent",
    b"StructParents",
    b"Annots",
    b"AF",
    b"OPI",
    b"Ref",
];

/// Objects of the file as a whole; a page has no business with them.
const FILE_TYPES: [&[u8]; 8] = [
    b"Page",
    b"Pages",
    b"Catalog",
    b"ObjStm",
    b"XRef",
    b"Outlines",
    b"StructTreeRoot",
    b"StructElem",
];

pub(crate) fn one_page(source: &Document, page: ObjectId) -> Result<Vec<u8>, LabelError> {
    let refused = |fault: Fault| LabelError::Malformed(fault.0);
    let mut copy = Copy {
        source,
        target: Document::with_version("1.7"),
        copied: HashMap::new(),
        waiting: VecDeque::new(),
        allowance: Allowance::new(),
    };
    let pages = copy.target.new_object_id();
    let page = copy.page(page, pages).map_err(refused)?;
    copy.copy_waiting().map_err(refused)?;
    let mut target = copy.target;
    let mut tree = Dictionary::new();
    tree.set("Type", "Pages");
    tree.set("Kids", vec![Object::Reference(page)]);
    tree.set("Count", 1);
    target.set_object(pages, tree);
    let mut catalog = Dictionary::new();
    catalog.set("Type", "Catalog");
    catalog.set("Pages", pages);
    let catalog = target.add_object(catalog);
    target.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    target
        .save_to(&mut bytes)
        .map_err(|error| LabelError::Malformed(error.to_string()))?;
    Ok(bytes)
}

/// A copy in the making. References are followed from a queue, not by recursion, so a
/// file's long chains cost no stack.
struct Copy<'a> {
    source: &'a Document,
    target: Document,
    copied: HashMap<ObjectId, ObjectId>,
    waiting: VecDeque<ObjectId>,
    allowance: Allowance,
}

impl Copy<'_> {
    fn page(&mut self, id: ObjectId, parent: ObjectId) -> Result<ObjectId, Fault> {
        let mut page = Dictionary::new();
        page.set("Type", "Page");
        page.set("Parent", parent);
        page.set("MediaBox", vec![0.into(), 0.into(), 595.into(), 842.into()]);
        for key in PAGE_KEYS {
            if let Some(value) = attribute(self.source, id, key) {
                page.set(key, self.object(value));
            }
        }
        let mut contents = Vec::new();
        for stream in page_streams(self.source, id)? {
            let stream = self.stream(stream, Dictionary::new());
            contents.push(Object::Reference(self.target.add_object(stream)));
        }
        page.set("Contents", contents);
        let resources =
            attribute(self.source, id, b"Resources").and_then(|object| object.as_dict().ok());
        let content = page_bytes(self.source, id, &mut self.allowance)?;
        page.set("Resources", self.resources(resources, content)?);
        Ok(self.target.add_object(page))
    }

    /// The part of a resource dictionary that a content names.
    fn resources(
        &mut self,
        all: Option<&Dictionary>,
        content: Vec<u8>,
    ) -> Result<Dictionary, Fault> {
        let mut kept = Dictionary::new();
        let Some(all) = all else {
            return Ok(kept);
        };
        let mut used = Used::default();
        used.read(self.source, all, content, &mut self.allowance)?;
        for category in Used::CATEGORIES {
            let Ok(entries) = all
                .get_deref(category, self.source)
                .and_then(Object::as_dict)
            else {
                continue;
            };
            let mut named = Dictionary::new();
            for (name, value) in entries {
                if used.names(category, name) {
                    named.set(name.clone(), self.object(value));
                }
            }
            if !named.is_empty() {
                kept.set(category, named);
            }
        }
        Ok(kept)
    }

    fn copy_waiting(&mut self) -> Result<(), Fault> {
        while let Some(id) = self.waiting.pop_front() {
            let object = self
                .source
                .get_object(id)
                .map_err(|_| Fault::new("something that the page uses is missing"))?;
            let object = self.whole(object)?;
            if let Some(copied) = self.copied.get(&id) {
                self.target.set_object(*copied, object);
            }
        }
        Ok(())
    }

    /// An object that is referred to. What draws (forms, patterns, fonts of drawings) gets
    /// its own part of its resources.
    fn whole(&mut self, object: &Object) -> Result<Object, Fault> {
        if let Object::Dictionary(dict) | Object::Stream(Stream { dict, .. }) = object
            && is_of_the_file(dict)
        {
            return Ok(Object::Null);
        }
        if let Object::Stream(stream) = object {
            let mut extra = Dictionary::new();
            if let Some(resources) = own_resources(self.source, &stream.dict) {
                let content = self.allowance.decompress(stream)?;
                extra.set("Resources", self.resources(Some(resources), content)?);
            }
            return Ok(Object::Stream(self.stream(stream, extra)));
        }
        let mut copy = self.object(object);
        if let (Object::Dictionary(dict), Object::Dictionary(copy)) = (object, &mut copy)
            && let Some(resources) = own_resources(self.source, dict)
        {
            let content = self.glyphs(dict)?;
            copy.set("Resources", self.resources(Some(resources), content)?);
        }
        Ok(copy)
    }

    /// What the characters of a drawn font (Type 3) draw, one after the other.
    fn glyphs(&mut self, font: &Dictionary) -> Result<Vec<u8>, Fault> {
        let mut content = Vec::new();
        let Ok(glyphs) = font
            .get_deref(b"CharProcs", self.source)
            .and_then(Object::as_dict)
        else {
            return Ok(content);
        };
        for (_, glyph) in glyphs {
            if let Ok((_, Object::Stream(glyph))) = self.source.dereference(glyph) {
                content.extend(self.allowance.decompress(glyph)?);
                content.push(b'\n');
            }
        }
        Ok(content)
    }

    /// The stream's bytes as they are, with `extra` in place of its own resources.
    fn stream(&mut self, stream: &Stream, extra: Dictionary) -> Stream {
        let mut dict = self.dictionary(&stream.dict);
        dict.extend(&extra);
        Stream::new(dict, stream.content.clone())
    }

    /// A dictionary without what leads out of the page; resources are for the caller to add.
    fn dictionary(&mut self, dict: &Dictionary) -> Dictionary {
        let mut copy = Dictionary::new();
        for (key, value) in dict {
            let key = key.as_slice();
            if key != b"Resources" && !STRAY_KEYS.contains(&key) {
                copy.set(key, self.object(value));
            }
        }
        copy
    }

    fn object(&mut self, object: &Object) -> Object {
        match object {
            Object::Reference(id) => self.reference(*id),
            Object::Array(items) => {
                Object::Array(items.iter().map(|item| self.object(item)).collect())
            }
            Object::Dictionary(dict) if is_of_the_file(dict) => Object::Null,
            Object::Dictionary(dict) => Object::Dictionary(self.dictionary(dict)),
            // A stream is always referred to, never written in place.
            Object::Stream(_) => Object::Null,
            Object::Null
            | Object::Boolean(_)
            | Object::Integer(_)
            | Object::Real(_)
            | Object::Name(_)
            | Object::String(..) => object.clone(),
        }
    }

    fn reference(&mut self, id: ObjectId) -> Object {
        if !self.source.has_object(id) {
            return Object::Null;
        }
        if let Some(copied) = self.copied.get(&id) {
            return Object::Reference(*copied);
        }
        let copied = self.target.new_object_id();
        self.copied.insert(id, copied);
        self.waiting.push_back(id);
        Object::Reference(copied)
    }
}

fn is_of_the_file(dict: &Dictionary) -> bool {
    dict.get_type().is_ok_and(|kind| FILE_TYPES.contains(&kind))
}

fn own_resources<'d>(source: &'d Document, dict: &'d Dictionary) -> Option<&'d Dictionary> {
    dict.get_deref(b"Resources", source)
        .and_then(Object::as_dict)
        .ok()
}
