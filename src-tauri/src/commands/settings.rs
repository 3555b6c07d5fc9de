//! Settings: the brand.

use crate::app_state::with_workspace;
use crate::dialogs::FileKind;
use dpia_app::AppError;
use dpia_app::brand::BrandView;
use dpia_app::model::Brand;
use dpia_app::pictures::Picture;
use dpia_app::preview::PreviewView;
use tauri::AppHandle;

/// The brand that reports are printed in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_brand(app: AppHandle) -> Result<BrandView, AppError> {
    with_workspace(app, |workspace, _| workspace.brand.view()).await
}

/// Changes the brand; refused with the reason where a colour cannot be read.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_brand(app: AppHandle, brand: Brand) -> Result<BrandView, AppError> {
    with_workspace(app, move |workspace, _| workspace.brand.save(brand)).await
}

/// Draws a report without answers in a brand; none where a newer drawing was asked for meanwhile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draw_brand(app: AppHandle, brand: Brand) -> Result<Option<PreviewView>, AppError> {
    with_workspace(app, move |workspace, _| workspace.previews.draw_brand(brand)).await
}

/// Asks for a picture to stand in the wordmark's place, and keeps it; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_logo(app: AppHandle) -> Result<Option<Picture>, AppError> {
    with_workspace(app, |workspace, dialogs| {
        dialogs.choose_file(FileKind::Picture).map(|path| workspace.brand.take_logo(&path)).transpose()
    })
    .await
}
