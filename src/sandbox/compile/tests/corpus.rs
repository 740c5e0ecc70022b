//! Components in text, made binary without any check.

/// A component that may be wrong.
pub(super) struct Component(String);

impl Component {
    /// With these fields.
    pub(super) fn text(fields: &str) -> Self {
        Self(format!("(component {fields})"))
    }

    /// With one core module of these fields.
    pub(super) fn module(fields: &str) -> Self {
        Self::text(&format!("(core module {fields})"))
    }

    /// With one core module of one function.
    pub(super) fn function(locals: &str, code: &str) -> Self {
        Self::module(&format!("(func {locals} {code})"))
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        wat::parse_str(&self.0).unwrap()
    }
}

/// A core module whose custom section names this language.
pub(super) fn made_by(language: &str) -> Vec<u8> {
    let text = |text: &str| [&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let fields = [
        vec![1],
        text("language"),
        vec![1],
        text(language),
        text("1"),
    ]
    .concat();
    let content = [text("producers"), fields].concat();
    let head = [0, u8::try_from(content.len()).unwrap()];
    [b"\0asm\x01\0\0\0".as_slice(), &head, &content].concat()
}

/// A component whose one type holds a type, which holds a type, so many times.
pub(super) fn types_within_types(levels: usize) -> Vec<u8> {
    let mut section = vec![1];
    section.extend([0x41, 1, 1].repeat(levels));
    section.extend([0x41, 0]);
    let mut bytes = b"\0asm\x0d\0\x01\0\x07".to_vec();
    let mut size = section.len();
    while size > 0x7f {
        bytes.push(u8::try_from(size & 0x7f).unwrap() | 0x80);
        size >>= 7;
    }
    bytes.push(u8::try_from(size).unwrap());
    bytes.extend(section);
    bytes
}
