//! The window: commands over the use cases, dialogs, nothing of the domain.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

#[cfg(feature = "test-dialogs")]
mod acts;
mod app_state;
mod closing;
mod commands;
mod dialogs;
mod file_manager;
mod instance;
mod log;

use app_state::AppState;
use closing::AskedBy;
use instance::{Claim, Instance, claim};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tauri::Manager as _;

/// How long the main thread may take to see whether there is a window.
const ANSWER_TIME: Duration = Duration::from_secs(2);

/// Every command that the web view may call.
fn commands() -> tauri_specta::Builder<tauri::Wry> {
    // A failure is thrown, as the failure it is; what crosses has one shape in both directions.
    let builder = tauri_specta::Builder::new().error_handling(tauri_specta::ErrorHandlingMode::Throw).disable_serde_phases();
    builder.commands(tauri_specta::collect_commands![
        commands::about::about,
        commands::about::read_log,
        commands::start::start,
        commands::start::save_person,
        commands::start::watch_closing,
        commands::start::finish_closing,
        commands::keys::unlock,
        commands::keys::choose_key_file,
        commands::keys::read_keys,
        commands::keys::make_recovery_key,
        commands::keys::save_recovery_key,
        commands::keys::print_recovery_key,
        commands::keys::confirm_recovery_key,
        commands::keys::forget_recovery_key,
        commands::keys::set_passphrase,
        commands::keys::remove_passphrase,
        commands::keys::keep_in_keychain,
        commands::keys::exchange_keys,
        commands::portfolio::list_assessments,
        commands::portfolio::search,
        commands::portfolio::create_assessment,
        commands::portfolio::bin_assessment,
        commands::portfolio::restore_assessment,
        commands::editing::open_assessment,
        commands::editing::save_answer,
        commands::editing::read_day,
        commands::editing::edit,
        commands::editing::undo,
        commands::editing::redo,
        commands::history::past_answers,
        commands::history::bring_back,
        commands::history::read_history,
        commands::history::keep_version,
        commands::history::compare_moments,
        commands::history::find_history_trouble,
        commands::history::export_history,
        commands::history::export_comparison,
        commands::history::export_without_history,
        commands::pictures::add_picture,
        commands::pictures::read_picture,
        commands::preview::draw_preview,
        commands::preview::take_preview,
        commands::identity::read_identity,
        commands::identity::bring_identity,
        commands::identity::renew_identity,
        commands::identity::export_certificate,
        commands::transfer::import_file,
        commands::transfer::watch_given,
        commands::transfer::import_given_file,
        commands::transfer::settle_import,
        commands::transfer::decrypt_import,
        commands::transfer::export_pdf,
        commands::transfer::find_missing_letters,
        commands::transfer::cancel_export,
        commands::transfer::export_bundle,
        commands::transfer::export_encrypted_bundle,
        commands::transfer::show_in_folder,
        commands::verify::countersign_verified,
        commands::verify::verify_file,
        commands::verify::open_verified,
        commands::settings::read_brand,
        commands::settings::save_brand,
        commands::settings::draw_brand,
        commands::settings::take_logo,
        commands::backups::list_backups,
        commands::backups::make_backup,
        commands::backups::choose_backup_folder,
        commands::backups::forget_backup_folder,
        commands::backups::look_into_backup,
        commands::backups::restore_backup,
        commands::backups::go_on_with_older,
        commands::issuing::open_issuing,
        commands::issuing::save_client,
        commands::issuing::remove_client,
        commands::issuing::import_clients,
        commands::issuing::import_clients_by,
        commands::issuing::name_copy,
        commands::issuing::issue_copies,
        commands::issuing::cancel_issuing,
    ])
}

/// What the build script compiled: configuration, capabilities, icons, the interface.
#[expect(clippy::unwrap_used, reason = "Tauri writes it so; what it unwraps was read when the program was built")]
fn context() -> tauri::Context {
    tauri::tauri_build_context!()
}

fn main() -> ExitCode {
    let context = context();
    let Some(folder) = app_state::find_folder(&context.config().identifier) else {
        eprintln!("DPIA Editor could not start: there is no folder for its data. Set HOME, then try again.");
        return ExitCode::FAILURE;
    };
    let given = app_state::given_file();
    // Before anything of a window is made: one that is not needed is never seen.
    let instance = match claim(&folder, given.as_deref()) {
        Claim::HandedOver => return ExitCode::SUCCESS,
        Claim::First(instance) => Some(instance),
        Claim::Alone => None,
    };
    log::begin(&folder);
    let commands = commands();
    let builder = tauri::Builder::default().plugin(tauri_plugin_dialog::init());
    #[cfg(feature = "test-dialogs")]
    let builder = builder.plugin(acts::ledger());
    let built = builder
        .invoke_handler(commands.invoke_handler())
        .setup(move |app| {
            commands.mount_events(app);
            app.manage(AppState::new(app.handle(), folder, given));
            app.manage(commands::issuing::LastRun::default());
            Ok(())
        })
        .build(context);
    match built {
        Ok(app) => {
            run(app, instance);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("DPIA Editor could not start: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the window until it is closed.
fn run(app: tauri::App, mut instance: Option<Instance>) {
    if let Some(instance) = &instance {
        let window = app.handle().clone();
        // Where nobody can knock, a second window says that the assessments are open elsewhere.
        let _ = instance.listen(move |given| take_over(&window, given));
    }
    closing::end_with_system(app.handle());
    app.run(move |app, event| {
        if let tauri::RunEvent::WindowEvent { event: tauri::WindowEvent::CloseRequested { api, .. }, .. } = &event
            && closing::save_first(app, AskedBy::Person)
        {
            api.prevent_close();
        }
        if let tauri::RunEvent::Exit = event {
            // Whoever starts from now on is first: it waits for the file of the assessments, not for this.
            drop(instance.take());
            if let Some(state) = app.try_state::<AppState>() {
                state.close();
            }
            log::note(log::Event::Ended);
        }
    });
}

/// Takes what another start of the program was given, and comes to the front. False where there is no window: it is closing,
/// or is not open yet.
fn take_over(app: &tauri::AppHandle, given: Option<PathBuf>) -> bool {
    let (answer, answered) = std::sync::mpsc::channel();
    let there = app.clone();
    // Windows are opened and closed on the main thread: what is there now is there until this is done.
    let asked = app.run_on_main_thread(move || {
        let taken = match (there.get_webview_window("main"), there.try_state::<AppState>()) {
            (Some(window), Some(state)) => {
                // A desktop may refuse it; the file is brought in all the same.
                let _ = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
                given.into_iter().for_each(|path| state.give(path));
                true
            }
            (Some(_) | None, Some(_) | None) => false,
        };
        // Nobody is left to wait where that took too long: then it is asked again.
        let _ = answer.send(taken);
    });
    asked.is_ok() && answered.recv_timeout(ANSWER_TIME).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use specta_typescript::Typescript;

    /// The calls and types of the front end are those of the commands. With DPIA_WRITE_BINDINGS set they are written.
    #[test]
    fn the_bindings_are_those_of_the_commands() {
        let place = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/ipc/bindings.ts");
        let folder = tempfile::tempdir().unwrap();
        let fresh = folder.path().join("bindings.ts");
        super::commands().export(Typescript::default(), &fresh).unwrap();
        let fresh = std::fs::read_to_string(fresh).unwrap();
        if std::env::var_os("DPIA_WRITE_BINDINGS").is_some() {
            std::fs::write(&place, &fresh).unwrap();
        }
        let known = std::fs::read_to_string(&place).unwrap_or_default();
        assert!(known == fresh, "ui/src/ipc/bindings.ts is out of date: run `cargo xtask bindings`");
    }
}
