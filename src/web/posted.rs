//! A form that may carry files, sent with them or without: in a handler's hands either way.

use crate::failure::Failure;
use crate::form::{FORM_BYTES_MAX, Form};
use crate::upload::{File, Piece, Upload};
use axum::extract::{FromRequest, Request};

/// The most bytes that are read of files only so that their sender hears why they were refused.
const REST_MAX: usize = 128 << 20;

/// A form, with files or without. The route must be [`endless`](crate::Routes::endless) to take files
/// of more than a mebibyte.
pub struct Posted(Body);

enum Body {
    Plain(Form),
    Parts(Upload),
}

/// How much is kept of the files. What is beyond is read and let go: a handler sees by one file or one
/// byte too many that there was more.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Files.
    pub files: usize,
    /// Bytes of one of them.
    pub file_bytes: usize,
    /// Bytes of all of them.
    pub bytes: usize,
}

/// A file that came with a form.
#[derive(Debug, Clone)]
pub struct PostedFile {
    /// What the browser calls it.
    pub name: String,
    /// What is in it, up to the bounds and one byte beyond.
    pub bytes: Vec<u8>,
}

impl<S: Sync> FromRequest<S> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let plain = request.extensions().get::<Form>().is_some();
        Ok(Self(if plain {
            Body::Plain(Form::from_request(request, state).await?)
        } else {
            Body::Parts(Upload::from_request(request, state).await?)
        }))
    }
}

impl Posted {
    /// What was typed, and the files. A file without a name is a field in which none was chosen.
    ///
    /// # Errors
    /// `TooLarge` when there is far more than the bounds allow, `TimedOut`, `Unreadable`.
    pub async fn read(self, bounds: Bounds) -> Result<(Form, Vec<PostedFile>), Failure> {
        let mut upload = match self.0 {
            Body::Plain(form) => return Ok((form, Vec::new())),
            Body::Parts(upload) => upload,
        };
        upload.text_limit(FORM_BYTES_MAX);
        let mut form = Form::default();
        let mut files: Vec<PostedFile> = Vec::new();
        let (mut typed, mut held, mut read) = (0_usize, 0_usize, 0_usize);
        while let Some(piece) = upload.next().await? {
            match piece {
                Piece::Text(name, text) => {
                    typed = typed.saturating_add(name.len()).saturating_add(text.len());
                    if typed > FORM_BYTES_MAX {
                        return Err(Failure::TooLarge);
                    }
                    form.add(name, &text)?;
                }
                Piece::File(file) if file.name.is_empty() => {}
                Piece::File(mut file) => {
                    let room = if files.len() > bounds.files {
                        0
                    } else {
                        let left = bounds.bytes.saturating_add(1).saturating_sub(held);
                        left.min(bounds.file_bytes.saturating_add(1))
                    };
                    let bytes = beginning(&mut file, room, &mut read).await?;
                    held = held.saturating_add(bytes.len());
                    if files.len() <= bounds.files {
                        files.push(PostedFile {
                            name: file.name,
                            bytes,
                        });
                    }
                }
            }
        }
        Ok((form, files))
    }
}

/// The first `room` bytes of a file, which is read to its end.
async fn beginning(file: &mut File<'_>, room: usize, read: &mut usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(piece) = file.next().await? {
        *read = read.saturating_add(piece.len());
        if *read > REST_MAX {
            return Err(Failure::TooLarge);
        }
        let left = room.saturating_sub(bytes.len()).min(piece.len());
        bytes.extend_from_slice(piece.get(..left).unwrap_or_default());
    }
    Ok(bytes)
}
