//! What can stop a report from being made. User content never does: what cannot be drawn is reported beside the PDF.

/// Why no PDF came out.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A customer copy was asked for with an empty client; no placeholder is ever printed in its place.
    #[error("a customer copy needs the name of the client that receives it")]
    NoClient,
    /// A colour of the brand could not be read as text; the message has the ratio.
    #[error(transparent)]
    Brand(#[from] dpia_model::BrandError),
    /// A typeface that the crate brings could not be read or cut down: the build itself is damaged.
    #[error("the typeface {face} could not be used: {reason}")]
    Typeface {
        /// The face's file name.
        face: &'static str,
        /// What the reader of the font said.
        reason: String,
    },
    /// The finished objects did not fit together; a defect of this crate, never of the content.
    #[error("the PDF could not be put together")]
    Assembly(#[from] lopdf::Error),
    /// The file to embed could not be made; the person who makes it knows why.
    #[error("the file to embed could not be made")]
    Embedded,
    /// The caller no longer wants the report.
    #[error("the report was cancelled")]
    Cancelled,
    /// The PDF could not be written out.
    #[error("the PDF could not be written")]
    Write(#[from] std::io::Error),
}
