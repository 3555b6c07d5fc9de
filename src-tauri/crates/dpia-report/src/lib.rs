//! An assessment as a tagged PDF: content, layout, drawing, finishing.
