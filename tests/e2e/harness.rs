//! The harness itself: it has to open a window, see what is shown, and find a fault that is there.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::desk::Desk;
use crate::driver::Driver;
use crate::window::{Application, Window};

/// The web view's own browser, which comes with its library.
fn find_browser() -> Result<Application> {
    let libraries = std::fs::read_dir("/usr/lib")?;
    let program: PathBuf = libraries
        .flatten()
        .map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"))
        .find(|program| program.is_file())
        .context("there is no MiniBrowser (Debian's package libwebkit2gtk-4.1-0)")?;
    Ok(Application { program, arguments: vec!["--automation".to_owned()], browser_name: "MiniBrowser" })
}

#[tokio::test]
async fn a_page_is_opened_read_and_judged() -> Result<()> {
    let desk = Desk::open()?;
    let driver = Driver::start(&desk, &[])?;
    let window = Window::open(&driver, &find_browser()?).await?;
    let page = desk.folder().join("page.html");
    let address = format!("file://{}", page.display());

    std::fs::write(&page, "<html lang=en><title>Page</title><main><h1>A heading</h1><img src=x></main>")?;
    window.go_to(&address).await?;
    assert_eq!(window.find("h1").await?.text().await?, "A heading");
    let faults = window.find_access_faults().await?;
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with("\"image-alt\""), "{faults:?}");

    std::fs::write(&page, "<html lang=en><title>Page</title><main><h1>A heading</h1></main>")?;
    window.go_to(&address).await?;
    assert_eq!(window.find_access_faults().await?, Vec::<String>::new());
    let picture = window.keep_picture("harness").await?;
    assert!(std::fs::read(picture)?.starts_with(b"\x89PNG"));
    window.close().await
}
