//! A page addressed from its top left corner, as the geometry was measured.

use pdf_writer::{Content, Name, Str};

use super::HEIGHT;

pub(super) const REGULAR: Name<'_> = Name(b"F1");
pub(super) const BOLD: Name<'_> = Name(b"F2");

/// From the top of a line box to its base line, per point of size.
const ASCENT: f32 = 1.075;

pub(super) struct Canvas(Content);

/// A corner and its opposite, from the top left of the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Area {
    fn rect(self, content: &mut Content) {
        content.rect(
            self.left,
            HEIGHT - self.bottom,
            self.right - self.left,
            self.bottom - self.top,
        );
    }
}

impl Canvas {
    pub(super) fn new(content: Content) -> Self {
        Self(content)
    }

    pub(super) fn text(&mut self, font: Name<'_>, size: f32, (x, top): (f32, f32), text: &str) {
        self.0.begin_text();
        self.0.set_font(font, size);
        self.0.next_line(x, HEIGHT - top - size * ASCENT);
        self.0.show(Str(&win_ansi(text)));
        self.0.end_text();
    }

    /// Lines below each other; gives the top of what would be the next one.
    pub(super) fn lines<'a>(
        &mut self,
        font: (Name<'_>, f32),
        (x, top): (f32, f32),
        pitch: f32,
        lines: impl IntoIterator<Item = &'a str>,
    ) -> f32 {
        let mut top = top;
        for line in lines {
            self.text(font.0, font.1, (x, top), line);
            top += pitch;
        }
        top
    }

    pub(super) fn fill(&mut self, gray: f32, area: Area) {
        self.0.set_fill_gray(gray);
        area.rect(&mut self.0);
        self.0.fill_nonzero();
        self.0.set_fill_gray(0.0);
    }

    /// Black squares of one size, given by their top left corners.
    pub(super) fn squares(&mut self, side: f32, corners: impl IntoIterator<Item = (f32, f32)>) {
        for (left, top) in corners {
            self.0.rect(left, HEIGHT - top - side, side, side);
        }
        self.0.fill_nonzero();
    }

    pub(super) fn frame(&mut self, area: Area) {
        self.0.set_line_width(0.7);
        area.rect(&mut self.0);
        self.0.stroke();
    }

    pub(super) fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        self.0.set_line_width(0.7);
        self.0.move_to(from.0, HEIGHT - from.1);
        self.0.line_to(to.0, HEIGHT - to.1);
        self.0.stroke();
    }

    pub(super) fn white_text(&mut self, size: f32, at: (f32, f32), text: &str) {
        self.0.set_fill_gray(1.0);
        self.text(BOLD, size, at, text);
        self.0.set_fill_gray(0.0);
    }

    /// Stretches a form of the given natural size over an area.
    pub(super) fn form(&mut self, name: Name<'_>, (width, height): (f32, f32), area: Area) {
        self.0.save_state();
        self.0.transform([
            (area.right - area.left) / width,
            0.0,
            0.0,
            (area.bottom - area.top) / height,
            area.left,
            HEIGHT - area.bottom,
        ]);
        self.0.x_object(name);
        self.0.restore_state();
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0.finish().into_vec()
    }
}

/// Text that fits a column of about so many characters, broken between words.
pub(super) fn wrap(text: &str, characters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len().saturating_add(word.len()) < characters => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

pub(super) fn points(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}

/// The lower half of WinAnsi is ASCII; the sandbox invents nothing beyond it.
fn win_ansi(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| {
            u8::try_from(character)
                .ok()
                .filter(u8::is_ascii)
                .unwrap_or(b'?')
        })
        .collect()
}
