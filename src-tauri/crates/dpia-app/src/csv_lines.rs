//! CSV as it is written here, for spreadsheets and for ourselves: UTF-8 with its mark, lines that end as RFC 4180 says.

use crate::error::AppError;

/// Tells spreadsheets that the file is UTF-8.
pub(crate) const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A record as a line.
pub(crate) fn to_line(fields: &[&str]) -> Result<Vec<u8>, AppError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(fields).map_err(AppError::refused)?;
    writer.into_inner().map_err(|error| AppError::refused(error.into_error()))
}
