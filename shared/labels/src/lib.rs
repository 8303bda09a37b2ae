//! Label files: bytes in, bytes out. Which page of a marketplace's PDF belongs to which
//! order, and one page cut out so that it can be handed on alone.
//!
//! A page filed under the wrong order shows one buyer's address to another and sends the
//! parcel astray. So order numbers are read by position (the column under the head
//! "Order No." of the product table), never by searching the page's text, and a page whose
//! column is not wholly understood names no order at all: the caller quarantines it.
//!
//! Files are untrusted. Size, pages and decompressed bytes are capped ([`MAX_BYTES`],
//! [`MAX_PAGES`], [`MAX_PAGE_CONTENT`], [`MAX_FILE_CONTENT`]), and nothing here panics.

mod content;
mod cut;
mod file;
mod font;
mod matrix;
mod orders;
mod text;
mod used;

use thiserror::Error;

/// Largest file read, in bytes. Meesho's biggest job (1,996 labels of about 10 kB) fits,
/// and twice this (the bytes and the parsed objects) fits a 128 MB function.
pub const MAX_BYTES: usize = 24 << 20;

/// Most pages of one file.
pub const MAX_PAGES: usize = 4_000;

/// Most bytes that one page's content may decompress to, forms included.
pub const MAX_PAGE_CONTENT: usize = 1 << 20;

/// Most bytes that the content of all pages together may decompress to.
pub const MAX_FILE_CONTENT: usize = 128 << 20;

/// What one page of a label file is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelPage {
    /// Number of the page, counted from 1.
    pub page: u32,
    /// Order numbers under the head "Order No.", from top to bottom, each once; shape
    /// `299000000000000001_1`. Several on a packet's page. Empty when the page names no
    /// order or is not wholly understood.
    pub order_numbers: Vec<String>,
    /// Why `order_numbers` is empty although the page might have named an order; `None`
    /// when the page was read well. Holds no text of the page, so it may be logged.
    pub problem: Option<String>,
}

/// Why a file, or a page of it, cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LabelError {
    /// The bytes do not begin as a PDF does; often an error page in place of a file.
    #[error("the file is not a PDF; fetch it again or ask for a new label job")]
    NotPdf,
    /// A limit of this crate is broken. The text says which one.
    #[error("the label file is too large: {0}")]
    TooLarge(String),
    /// The file is encrypted; labels are not.
    #[error("the label file is encrypted and cannot be read")]
    Encrypted,
    /// The file is damaged, often cut short. The text says where reading stopped.
    #[error("the label file is damaged: {0}; fetch it again")]
    Malformed(String),
    /// The file has fewer pages than the page asked for.
    #[error("the label file has {pages} pages, there is no page {page}")]
    NoSuchPage {
        /// The page asked for, counted from 1.
        page: u32,
        /// How many pages there are.
        pages: usize,
    },
}

/// Says for every page of a label file which orders it belongs to.
///
/// # Errors
/// [`LabelError`] when the file as a whole cannot be trusted. A single page that cannot be
/// read is not an error: it is listed with no order number and its `problem`.
pub fn pages(pdf: &[u8]) -> Result<Vec<LabelPage>, LabelError> {
    let file = file::LabelFile::open(pdf)?;
    let mut reader = text::TextReader::new(&file.document);
    Ok((1..)
        .zip(&file.pages)
        .map(|(page, id)| {
            let found = reader.runs(*id).and_then(|runs| orders::under_head(&runs));
            let (order_numbers, problem) = match found {
                Ok(numbers) => (numbers, None),
                Err(fault) => (Vec::new(), Some(fault.0)),
            };
            LabelPage {
                page,
                order_numbers,
                problem,
            }
        })
        .collect())
}

/// Makes a PDF of one page (counted from 1) that holds only what this page shows: its
/// content and the fonts, forms and images that it uses. Links and notes, document
/// properties and everything of other pages stay behind. The same input gives the same
/// bytes.
///
/// # Errors
/// [`LabelError`] when the file cannot be trusted, the page does not exist, or what the
/// page uses cannot be told for certain.
pub fn cut(pdf: &[u8], page: u32) -> Result<Vec<u8>, LabelError> {
    let file = file::LabelFile::open(pdf)?;
    cut::one_page(&file.document, file.page(page)?)
}

/// One page cannot be read; the rest of the file may well be.
#[derive(Debug)]
struct Fault(String);

impl Fault {
    fn new(what: impl Into<String>) -> Fault {
        Fault(what.into())
    }
}
