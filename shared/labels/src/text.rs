//! The text of a page with the place where it stands.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::content::Operation;
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::Fault;
use crate::content::{Allowance, each_operation, page_bytes, resource};
use crate::file::attribute;
use crate::font::Font;
use crate::matrix::{Matrix, number};

/// Forms within forms, at most; graphics states kept, at most.
const MAX_DEPTH: usize = 8;
const MAX_SAVED: usize = 64;
/// A step back or forth within one string array that starts a new run, in font sizes.
const WIDE_STEP: f64 = 0.5;

/// Characters that were shown together, on one base line.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// Left end, right end and base line in points, origin bottom left.
    pub(crate) x: f64,
    pub(crate) end: f64,
    pub(crate) y: f64,
    /// Height of the font in points.
    pub(crate) size: f64,
    pub(crate) text: String,
}

/// Reads page after page of one file, and each font once.
pub(crate) struct TextReader<'a> {
    document: &'a Document,
    allowance: Allowance,
    fonts: HashMap<ObjectId, Rc<Font<'a>>>,
}

#[derive(Clone)]
struct State<'a> {
    ctm: Matrix,
    font: Option<Rc<Font<'a>>>,
    size: f64,
    character_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
}

/// The content that is being read: a page's or a form's.
struct Scope<'a> {
    resources: Option<&'a Dictionary>,
    state: State<'a>,
    saved: Vec<State<'a>>,
    line: Matrix,
    cursor: Matrix,
    depth: usize,
}

impl<'a> TextReader<'a> {
    pub(crate) fn new(document: &'a Document) -> TextReader<'a> {
        TextReader {
            document,
            allowance: Allowance::new(),
            fonts: HashMap::new(),
        }
    }

    /// All upright text of a page, in the order in which it is drawn.
    pub(crate) fn runs(&mut self, page: ObjectId) -> Result<Vec<Run>, Fault> {
        self.allowance.next_page();
        let content = page_bytes(self.document, page, &mut self.allowance)?;
        let resources =
            attribute(self.document, page, b"Resources").and_then(|object| object.as_dict().ok());
        let mut scope = Scope::new(
            resources,
            State {
                ctm: Matrix::IDENTITY,
                font: None,
                size: 0.0,
                character_space: 0.0,
                word_space: 0.0,
                stretch: 1.0,
                leading: 0.0,
            },
            0,
        );
        let mut runs = Vec::new();
        each_operation(content, |operation| {
            self.apply(operation, &mut scope, &mut runs)
        })?;
        Ok(runs)
    }

    fn apply(
        &mut self,
        operation: &Operation,
        scope: &mut Scope<'a>,
        runs: &mut Vec<Run>,
    ) -> Result<(), Fault> {
        let operands = operation.operands.as_slice();
        match (operation.operator.as_str(), operands) {
            ("q", _) if scope.saved.len() < MAX_SAVED => scope.saved.push(scope.state.clone()),
            ("q", _) => return Err(Fault::new("graphics states are nested too deeply")),
            ("Q", _) => {
                if let Some(state) = scope.saved.pop() {
                    scope.state = state;
                }
            }
            ("cm", matrix) => {
                if let Some(matrix) = Matrix::read(matrix) {
                    scope.state.ctm = matrix.within(scope.state.ctm);
                }
            }
            ("Do", [Object::Name(name)]) => self.form(name, scope, runs)?,
            ("Tf", [Object::Name(name), size]) => {
                scope.state.font = self.font(name, scope.resources);
                scope.state.size = number(size).unwrap_or(0.0);
            }
            ("Tj", [Object::String(bytes, _)]) => scope.show(bytes, runs),
            ("TJ", [Object::Array(parts)]) => scope.show_array(parts, runs),
            ("'", [Object::String(bytes, _)]) => {
                scope.next_line();
                scope.show(bytes, runs);
            }
            ("\"", [word, character, Object::String(bytes, _)]) => {
                scope.state.word_space = number(word).unwrap_or(0.0);
                scope.state.character_space = number(character).unwrap_or(0.0);
                scope.next_line();
                scope.show(bytes, runs);
            }
            (operator, operands) => scope.place(operator, operands),
        }
        Ok(())
    }

    fn font(&mut self, name: &[u8], resources: Option<&'a Dictionary>) -> Option<Rc<Font<'a>>> {
        let entry = resource(self.document, resources?, b"Font", name)?;
        let (id, font) = self.document.dereference(entry).ok()?;
        let font = font.as_dict().ok()?;
        let Some(id) = id else {
            return Some(Rc::new(Font::read(self.document, font)));
        };
        let known = self.fonts.entry(id);
        Some(Rc::clone(
            known.or_insert_with(|| Rc::new(Font::read(self.document, font))),
        ))
    }

    fn form(&mut self, name: &[u8], scope: &Scope<'a>, runs: &mut Vec<Run>) -> Result<(), Fault> {
        let Some(entry) = scope
            .resources
            .and_then(|resources| resource(self.document, resources, b"XObject", name))
        else {
            return Ok(());
        };
        let Ok(form) = self
            .document
            .dereference(entry)
            .and_then(|(_, object)| object.as_stream())
        else {
            return Err(Fault::new("a drawing that the page uses is missing"));
        };
        if form.dict.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"Form") {
            return Ok(());
        }
        if scope.depth >= MAX_DEPTH {
            return Err(Fault::new("drawings are nested too deeply"));
        }
        let own = form
            .dict
            .get_deref(b"Resources", self.document)
            .and_then(Object::as_dict);
        let mut state = scope.state.clone();
        if let Some(matrix) = form
            .dict
            .get_deref(b"Matrix", self.document)
            .and_then(Object::as_array)
            .ok()
            .and_then(|matrix| Matrix::read(matrix))
        {
            state.ctm = matrix.within(state.ctm);
        }
        let content = self.allowance.decompress(form)?;
        let mut inner = Scope::new(
            own.ok().or(scope.resources),
            state,
            scope.depth.saturating_add(1),
        );
        each_operation(content, |operation| self.apply(operation, &mut inner, runs))
    }
}

impl<'a> Scope<'a> {
    fn new(resources: Option<&'a Dictionary>, state: State<'a>, depth: usize) -> Scope<'a> {
        Scope {
            resources,
            state,
            saved: Vec::new(),
            line: Matrix::IDENTITY,
            cursor: Matrix::IDENTITY,
            depth,
        }
    }

    /// Operators that say where and how text will be shown.
    fn place(&mut self, operator: &str, operands: &[Object]) {
        let numbers: Vec<f64> = operands.iter().filter_map(number).collect();
        match (operator, numbers.as_slice()) {
            ("BT", _) => self.start_at(Matrix::IDENTITY),
            ("Tm", _) => {
                if let Some(matrix) = Matrix::read(operands) {
                    self.start_at(matrix);
                }
            }
            ("Td", [x, y]) => self.start_at(Matrix::translation(*x, *y).within(self.line)),
            ("TD", [x, y]) => {
                self.state.leading = -y;
                self.start_at(Matrix::translation(*x, *y).within(self.line));
            }
            ("T*", _) => self.next_line(),
            ("TL", [leading]) => self.state.leading = *leading,
            ("Tc", [space]) => self.state.character_space = *space,
            ("Tw", [space]) => self.state.word_space = *space,
            ("Tz", [percent]) => self.state.stretch = percent / 100.0,
            _ => {}
        }
    }

    fn start_at(&mut self, matrix: Matrix) {
        self.line = matrix;
        self.cursor = matrix;
    }

    fn next_line(&mut self) {
        self.start_at(Matrix::translation(0.0, -self.state.leading).within(self.line));
    }

    fn advance(&mut self, distance: f64) {
        self.cursor = Matrix::translation(distance * self.state.stretch, 0.0).within(self.cursor);
    }

    fn show(&mut self, bytes: &[u8], runs: &mut Vec<Run>) {
        let Some(font) = self.state.font.clone() else {
            return;
        };
        let start = self.cursor.within(self.state.ctm);
        let (count, width) = font.extent(bytes);
        let spaces = bytes
            .iter()
            .filter(|byte| **byte == b' ')
            .map(|_| 1.0)
            .sum::<f64>();
        self.advance(
            width * self.state.size
                + count * self.state.character_space
                + spaces * self.state.word_space,
        );
        let text = font.text(bytes);
        if start.is_upright() && !text.trim().is_empty() {
            runs.push(Run {
                x: start.e,
                end: self.cursor.within(self.state.ctm).e,
                y: start.f,
                size: (self.state.size * start.d).abs(),
                text,
            });
        }
    }

    /// Shows the strings of an array. Kerning keeps them together, a wide step parts them.
    fn show_array(&mut self, parts: &[Object], runs: &mut Vec<Run>) {
        let mut together: Vec<u8> = Vec::new();
        for part in parts {
            if let Object::String(bytes, _) = part {
                together.extend_from_slice(bytes);
            } else if let Some(step) = number(part).map(|thousandths| thousandths / 1000.0) {
                if step.abs() > WIDE_STEP {
                    self.show(&std::mem::take(&mut together), runs);
                }
                self.advance(-step * self.state.size);
            }
        }
        self.show(&together, runs);
    }
}
