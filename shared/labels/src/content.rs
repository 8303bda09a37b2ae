//! Content streams: their bytes within limits, and their operations to the last one.

use lopdf::content::{Content, Operation};
use lopdf::{DecompressError, Dictionary, Document, Error, Object, ObjectId, Stream};

use crate::{Fault, MAX_FILE_CONTENT, MAX_PAGE_CONTENT};

/// Stands behind the content while it is read: the parser stops without a word at what it
/// does not understand, and only this mark tells whether it came to the end.
const END_MARK: &[u8] = b"\nHaatEndOfContent";

/// How many decompressed bytes may still be read, for one page and for the whole file.
pub(crate) struct Allowance {
    page: usize,
    file: usize,
}

impl Allowance {
    pub(crate) fn new() -> Allowance {
        Allowance {
            page: MAX_PAGE_CONTENT,
            file: MAX_FILE_CONTENT,
        }
    }

    pub(crate) fn next_page(&mut self) {
        self.page = MAX_PAGE_CONTENT;
    }

    /// Decompresses a stream and takes its size off the allowance. Each use of a form
    /// counts, so a form that draws itself a thousand times ends here.
    pub(crate) fn decompress(&mut self, stream: &Stream) -> Result<Vec<u8>, Fault> {
        let limit = self.page.min(self.file);
        let bytes = stream
            .get_plain_content_with_limit(limit)
            .map_err(|error| {
                if let Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) = error {
                    return over_limit();
                }
                Fault::new("content cannot be decompressed")
            })?;
        // An empty form costs time too.
        let cost = bytes.len().saturating_add(64);
        self.page = self.page.saturating_sub(cost);
        self.file = self.file.saturating_sub(cost);
        if self.page == 0 || self.file == 0 {
            return Err(over_limit());
        }
        Ok(bytes)
    }
}

fn over_limit() -> Fault {
    Fault::new("content decompresses to more bytes than the limit for a page or the file")
}

/// The streams that make up a page's content, in order. A page without content has none.
pub(crate) fn page_streams(document: &Document, page: ObjectId) -> Result<Vec<&Stream>, Fault> {
    let page = document
        .get_dictionary(page)
        .map_err(|_| Fault::new("the page object cannot be read"))?;
    if !page.has(b"Contents") {
        return Ok(Vec::new());
    }
    let missing = |_| Fault::new("a content stream of the page is missing");
    let contents = page.get_deref(b"Contents", document).map_err(missing)?;
    let parts = contents
        .as_array()
        .map_or(std::slice::from_ref(contents), Vec::as_slice);
    let stream = |part| {
        let (_, part) = document.dereference(part)?;
        part.as_stream()
    };
    parts
        .iter()
        .map(|part| stream(part).map_err(missing))
        .collect()
}

/// A page's content as one run of bytes.
pub(crate) fn page_bytes(
    document: &Document,
    page: ObjectId,
    allowance: &mut Allowance,
) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    for stream in page_streams(document, page)? {
        bytes.extend(allowance.decompress(stream)?);
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// Hands every operation to `visit`, and fails when the content is not read to its end.
pub(crate) fn each_operation(
    mut content: Vec<u8>,
    mut visit: impl FnMut(&Operation) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let unreadable = || Fault::new("a content stream cannot be parsed to its end");
    content.extend_from_slice(END_MARK);
    let end_mark = END_MARK.trim_ascii_start();
    for operation in Content::decode_iter(&content) {
        let operation = operation.map_err(|_| unreadable())?;
        if operation.operator.as_bytes() == end_mark {
            return Ok(());
        }
        visit(&operation)?;
    }
    Err(unreadable())
}

/// An entry of a resource dictionary, such as font `F1`.
pub(crate) fn resource<'a>(
    document: &'a Document,
    resources: &'a Dictionary,
    category: &[u8],
    name: &[u8],
) -> Option<&'a Object> {
    let entries = resources.get_deref(category, document).ok()?;
    entries.as_dict().ok()?.get(name).ok()
}
