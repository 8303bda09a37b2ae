//! Opening a label file within limits, and its pages in order.

use lopdf::{DecompressError, Document, Error, LoadOptions, Object, ObjectId};

use crate::{LabelError, MAX_BYTES, MAX_PAGES};

/// What all object streams of a file together may decompress to, in bytes.
const MAX_OBJECT_STREAMS: usize = 32 << 20;
/// What one object or cross-reference stream may decompress to, in bytes.
const MAX_OBJECT_STREAM: usize = 2 << 20;
/// A page's place in the tree is looked up this far above it, so that a loop ends.
const MAX_TREE_DEPTH: usize = 64;

/// A label file that was read without repairs, and its pages.
pub(crate) struct LabelFile {
    pub(crate) document: Document,
    pub(crate) pages: Vec<ObjectId>,
}

impl LabelFile {
    pub(crate) fn open(pdf: &[u8]) -> Result<LabelFile, LabelError> {
        let head = pdf.get(..1024).unwrap_or(pdf);
        if !head.windows(5).any(|window| window == b"%PDF-") {
            return Err(LabelError::NotPdf);
        }
        if pdf.len() > MAX_BYTES {
            return Err(too_large(format!(
                "{} bytes, at most {MAX_BYTES}",
                pdf.len()
            )));
        }
        let document = load(pdf)?;
        let pages: Vec<ObjectId> = document.page_iter().take(MAX_PAGES + 1).collect();
        if pages.len() > MAX_PAGES {
            return Err(too_large(format!("more than {MAX_PAGES} pages")));
        }
        // A page lost on the way would be a label that nobody misses.
        let promised = promised_pages(&document);
        if pages.is_empty() || promised != i64::try_from(pages.len()).ok() {
            return Err(LabelError::Malformed(format!(
                "the number of pages found ({}) is not the number promised",
                pages.len()
            )));
        }
        Ok(LabelFile { document, pages })
    }

    pub(crate) fn page(&self, page: u32) -> Result<ObjectId, LabelError> {
        usize::try_from(page)
            .ok()
            .and_then(|page| page.checked_sub(1))
            .and_then(|index| self.pages.get(index))
            .copied()
            .ok_or(LabelError::NoSuchPage {
                page,
                pages: self.pages.len(),
            })
    }
}

fn load(pdf: &[u8]) -> Result<Document, LabelError> {
    // The parser's limit holds for one stream, so many small bombs share one allowance.
    let streams = pdf
        .windows(7)
        .filter(|window| *window == b"/ObjStm")
        .count();
    let share = MAX_OBJECT_STREAMS
        .checked_div(streams)
        .unwrap_or(MAX_OBJECT_STREAM);
    let options = LoadOptions::with_max_decompressed_size(share.min(MAX_OBJECT_STREAM));
    let document = Document::load_mem_with_options(pdf, options).map_err(refused)?;
    if document.is_encrypted() || document.was_encrypted() {
        return Err(LabelError::Encrypted);
    }
    // The parser mends what it can and drops the rest; for labels a gap is worse than an error.
    if document.xref_recovery.is_some() {
        return Err(LabelError::Malformed(
            "its table of contents (xref) had to be rebuilt, so pages may be missing".to_owned(),
        ));
    }
    Ok(document)
}

fn refused(error: Error) -> LabelError {
    if let Error::Decompress(DecompressError::MemoryLimitExceeded { limit }) = error {
        return too_large(format!(
            "an object stream decompresses to over {limit} bytes"
        ));
    }
    if let Error::InvalidPassword | Error::UnsupportedSecurityHandler(_) | Error::Decryption(_) =
        error
    {
        return LabelError::Encrypted;
    }
    LabelError::Malformed(error.to_string())
}

fn too_large(what: String) -> LabelError {
    LabelError::TooLarge(what)
}

fn promised_pages(document: &Document) -> Option<i64> {
    let root = document
        .catalog()
        .ok()?
        .get_deref(b"Pages", document)
        .ok()?;
    let count = root.as_dict().ok()?.get_deref(b"Count", document).ok()?;
    count.as_i64().ok()
}

/// An attribute of a page, its own or handed down by a node above it.
pub(crate) fn attribute<'a>(
    document: &'a Document,
    page: ObjectId,
    key: &[u8],
) -> Option<&'a Object> {
    let mut node = document.get_dictionary(page).ok()?;
    for _ in 0..MAX_TREE_DEPTH {
        if let Ok(value) = node.get_deref(key, document) {
            return Some(value);
        }
        node = node.get_deref(b"Parent", document).ok()?.as_dict().ok()?;
    }
    None
}
