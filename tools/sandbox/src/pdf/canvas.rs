//! A page addressed from its top left corner, as the geometry was measured.

use pdf_writer::{Content, Name, Str};

pub(crate) const REGULAR: Name<'_> = Name(b"F1");
pub(crate) const BOLD: Name<'_> = Name(b"F2");

/// From the top of a line box to its base line, per point of size.
const ASCENT: f32 = 1.075;

pub(crate) struct Canvas {
    content: Content,
    height: f32,
}

/// A corner and its opposite, from the top left of the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
}

impl Area {
    fn rect(self, height: f32, content: &mut Content) {
        content.rect(
            self.left,
            height - self.bottom,
            self.right - self.left,
            self.bottom - self.top,
        );
    }
}

impl Canvas {
    /// A page of this height, in points.
    pub(crate) fn new(height: f32) -> Self {
        Self {
            content: Content::new(),
            height,
        }
    }

    pub(crate) fn text(&mut self, font: Name<'_>, size: f32, (x, top): (f32, f32), text: &str) {
        self.content.begin_text();
        self.content.set_font(font, size);
        self.content.next_line(x, self.height - top - size * ASCENT);
        self.content.show(Str(&win_ansi(text)));
        self.content.end_text();
    }

    /// Lines below each other; gives the top of what would be the next one.
    pub(crate) fn lines<'a>(
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

    pub(crate) fn fill(&mut self, gray: f32, area: Area) {
        self.content.set_fill_gray(gray);
        area.rect(self.height, &mut self.content);
        self.content.fill_nonzero();
        self.content.set_fill_gray(0.0);
    }

    /// Black squares of one size, given by their top left corners.
    pub(crate) fn squares(&mut self, side: f32, corners: impl IntoIterator<Item = (f32, f32)>) {
        for (left, top) in corners {
            self.content
                .rect(left, self.height - top - side, side, side);
        }
        self.content.fill_nonzero();
    }

    pub(crate) fn frame(&mut self, area: Area) {
        self.content.set_line_width(0.7);
        area.rect(self.height, &mut self.content);
        self.content.stroke();
    }

    pub(crate) fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        self.content.set_line_width(0.7);
        self.content.move_to(from.0, self.height - from.1);
        self.content.line_to(to.0, self.height - to.1);
        self.content.stroke();
    }

    pub(crate) fn white_text(&mut self, size: f32, at: (f32, f32), text: &str) {
        self.content.set_fill_gray(1.0);
        self.text(BOLD, size, at, text);
        self.content.set_fill_gray(0.0);
    }

    /// Stretches a form of the given natural size over an area.
    pub(crate) fn form(&mut self, name: Name<'_>, (width, height): (f32, f32), area: Area) {
        self.content.save_state();
        self.content.transform([
            (area.right - area.left) / width,
            0.0,
            0.0,
            (area.bottom - area.top) / height,
            area.left,
            self.height - area.bottom,
        ]);
        self.content.x_object(name);
        self.content.restore_state();
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.content.finish().into_vec()
    }
}

/// Text that fits a column of about so many characters, broken between words.
pub(crate) fn wrap(text: &str, characters: usize) -> Vec<String> {
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

pub(crate) fn points(count: usize) -> f32 {
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
