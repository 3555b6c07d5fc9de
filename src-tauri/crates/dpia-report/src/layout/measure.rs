//! The page: A4, one geometry on every page. All lengths are points; places are from the top left.

/// Points in a millimetre.
pub(crate) const fn mm(millimetres: f32) -> f32 {
    millimetres * 72.0 / 25.4
}

/// Page height.
pub(crate) const PAGE_HEIGHT: f32 = mm(297.0);
/// Left edge of the side column and of the full measure.
pub(crate) const SIDE: f32 = mm(20.0);
/// Width of the side column.
pub(crate) const SIDE_WIDTH: f32 = mm(42.0);
/// Left edge of the main column.
pub(crate) const MAIN: f32 = mm(70.0);
/// Width of the main column.
pub(crate) const MAIN_WIDTH: f32 = mm(120.0);
/// Measure of help and fixed text, a little narrower than the column.
pub(crate) const HELP_WIDTH: f32 = mm(113.0);
/// Right edge of both columns.
pub(crate) const RIGHT: f32 = mm(190.0);
/// The full measure.
pub(crate) const FULL_WIDTH: f32 = mm(170.0);
/// Where hanging tick boxes stand.
pub(crate) const HANG: f32 = mm(63.0);
/// Where the answer rule is.
pub(crate) const ANSWER_RULE: f32 = mm(66.0);
/// Top of the text area.
pub(crate) const TOP: f32 = mm(34.0);
/// The unit: running text advances by it, and gaps are quarters of it.
pub(crate) const UNIT: f32 = 16.0;
/// Lines of running text on a page.
pub(crate) const LINES: f32 = 42.0;
/// Foot of the text area.
pub(crate) const FOOT: f32 = TOP + LINES * UNIT;
/// Height of the text area.
pub(crate) const BODY: f32 = LINES * UNIT;

/// How far below the top of a line of this height its baseline lies.
pub(crate) const fn baseline(height: f32) -> f32 {
    0.74 * height
}
