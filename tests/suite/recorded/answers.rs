//! What the window's commands answer: the same use cases, asked with the same arguments, and with answers of the same shapes
//! (`src-tauri/src/commands`), with a desk in the place of dialogs and of the system's keychain.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use dpia_app::backups::Backups;
use dpia_app::files::name_of;
use dpia_app::issuing::{ColumnTitles, LEDGER};
use dpia_app::keys::{TypedSecret, Unlock, exchange_keys_with, find_unlock_ways, judge_passphrase};
use dpia_app::verifying::{countersign_file, verify_file};
use dpia_app::{AppError, Start, Surroundings as _, Workspace};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::desk::Desk;

/// What came back, with what was heard meanwhile; or a failure.
pub(crate) enum Answered {
    Well(Value, Vec<Value>),
    Failed(Value),
}

impl Answered {
    pub(crate) fn is_ok(&self) -> bool {
        matches!(self, Self::Well(..))
    }
}

/// The commands that change something, or lead on.
const ACTS: [&str; 32] = [
    "savePerson",
    "unlock",
    "chooseKeyFile",
    "makeRecoveryKey",
    "confirmRecoveryKey",
    "forgetRecoveryKey",
    "setPassphrase",
    "removePassphrase",
    "keepInKeychain",
    "exchangeKeys",
    "createAssessment",
    "saveAnswer",
    "edit",
    "undo",
    "redo",
    "bringBack",
    "keepVersion",
    "bringIdentity",
    "renewIdentity",
    "importFile",
    "settleImport",
    "decryptImport",
    "openVerified",
    "countersignVerified",
    "saveBrand",
    "makeBackup",
    "restoreBackup",
    "goOnWithOlder",
    "saveClient",
    "removeClient",
    "importClients",
    "issueCopies",
];

/// Whether a command changes something, or leads on.
pub(crate) fn is_act(call: &str) -> bool {
    ACTS.contains(&call) || matches!(call, "chooseBackupFolder" | "forgetBackupFolder" | "verifyFile")
}

/// Calls a command at a desk.
pub(crate) fn answer(desk: &mut Desk, call: &str, with: &[Value]) -> Result<Answered> {
    let real: Vec<Value> = with.iter().map(|argument| desk.names.to_real(argument)).collect();
    let mut heard = Vec::new();
    let answered = act(desk, call, &Arguments(&real), &mut heard).with_context(|| format!("{call} {with:?}"))?;
    Ok(match answered {
        Ok(value) => Answered::Well(desk.names.to_recorded(call, &value, desk.room()), heard),
        Err(error) => Answered::Failed(desk.names.to_recorded(call, &serde_json::to_value(error)?, desk.room())),
    })
}

struct Arguments<'a>(&'a [Value]);

impl Arguments<'_> {
    fn get<T: DeserializeOwned>(&self, at: usize) -> Result<T> {
        Ok(serde_json::from_value(self.0.get(at).cloned().context("an argument is missing")?)?)
    }
}

fn json_of<T: Serialize>(answered: Result<T, AppError>) -> Result<Result<Value, AppError>> {
    Ok(match answered {
        Ok(value) => Ok(serde_json::to_value(value)?),
        Err(error) => Err(error),
    })
}

/// What came of a file, with the number of its place.
fn with_place<T: Serialize>(desk: &mut Desk, place: PathBuf, name: &str, answered: Result<T, AppError>) -> Result<Result<Value, AppError>> {
    Ok(match json_of(answered)? {
        Ok(value) => {
            desk.places.push(place);
            Ok(json!({ name: value, "place": desk.places.len() - 1 }))
        }
        Err(error) => Err(error),
    })
}

fn chosen(desk: &mut Desk) -> Result<PathBuf> {
    desk.chosen.pop_front().context("no dialog was expected")
}

fn backups(desk: &Desk) -> Backups {
    Backups::with(&desk.data(), Box::new(desk.keychain.clone()))
        .with_keys(desk.workspace.as_ref().map(|workspace| workspace.vault.opened_keys()))
}

fn start(desk: &mut Desk) -> Result<Result<Value, AppError>> {
    let ready = desk.open().and_then(Workspace::start);
    json_of(Ok(match ready {
        Ok(ready) => ready,
        Err(failure) => Start::Locked { failure, ways: find_unlock_ways(&desk.data(), desk.key_file.as_deref()) },
    }))
}

/// The commands of a closed workspace and those that close it; the rest asks the open one.
fn act(desk: &mut Desk, call: &str, with: &Arguments<'_>, heard: &mut Vec<Value>) -> Result<Result<Value, AppError>> {
    let nothing = Ok(Ok(Value::Null));
    match call {
        // They ask the desktop, not the assessments.
        "importGivenFile" | "printRecoveryKey" | "cancelExport" | "cancelIssuing" | "showInFolder" => nothing,
        "start" => start(desk),
        "unlock" => {
            let (by, typed): (String, String) = (with.get(0)?, with.get(1)?);
            let unlock = match by.as_str() {
                "recovery_key" => Unlock::RecoveryKey(TypedSecret::new(desk.names.real_recovery_key(&typed))),
                "passphrase" => Unlock::Passphrase(TypedSecret::new(typed)),
                "new_passphrase" => Unlock::NewPassphrase(TypedSecret::new(typed)),
                other => bail!("{other} unlocks nothing"),
            };
            json_of(desk.unlock(&unlock).and_then(Workspace::start))
        }
        "chooseKeyFile" => {
            desk.key_file = Some(chosen(desk)?);
            start(desk)
        }
        "exchangeKeys" => {
            let passphrase: Option<TypedSecret> = with.get(0)?;
            if let Some(Err(error)) = passphrase.as_ref().map(judge_passphrase) {
                return Ok(Err(error));
            }
            let opened = match desk.open() {
                Ok(workspace) => workspace.vault.opened_keys(),
                Err(error) => return Ok(Err(error)),
            };
            desk.workspace = None;
            let exchanged = exchange_keys_with(&desk.data(), &opened, passphrase.as_ref(), &desk.keychain, desk.world.now());
            if desk.open().is_err()
                && let Some(typed) = passphrase
            {
                drop(desk.unlock(&Unlock::Passphrase(typed)).map(|_| ()));
            }
            match exchanged {
                Ok(()) => start(desk),
                Err(error) => Ok(Err(error)),
            }
        }
        "listBackups" => json_of(Ok(match &desk.workspace {
            Some(workspace) => workspace.backups.view(&backups(desk)),
            None => backups(desk).view(),
        })),
        "chooseBackupFolder" => {
            let folder = chosen(desk)?;
            json_of(backups(desk).choose_folder(Some(&folder)))
        }
        "forgetBackupFolder" => json_of(backups(desk).choose_folder(None)),
        "lookIntoBackup" => json_of(backups(desk).look(&with.get::<String>(0)?)),
        "restoreBackup" | "goOnWithOlder" => {
            let (backups, now) = (backups(desk), desk.world.now());
            desk.workspace = None;
            let done = match call {
                "restoreBackup" => backups.restore(&with.get::<String>(0)?, now),
                _ => backups.go_on_with_older(now),
            };
            match done {
                Ok(()) => start(desk),
                Err(error) => Ok(Err(error)),
            }
        }
        _ => {
            if let Err(error) = desk.open() {
                return Ok(Err(error));
            }
            let workspace = desk.workspace.take().context("it is open")?;
            let answered = ask(&workspace, desk, call, with, heard);
            desk.workspace = Some(workspace);
            answered
        }
    }
}

/// The commands of an open workspace.
fn ask(
    workspace: &Workspace,
    desk: &mut Desk,
    call: &str,
    with: &Arguments<'_>,
    heard: &mut Vec<Value>,
) -> Result<Result<Value, AppError>> {
    match call {
        "savePerson" => json_of(workspace.vault.save_person(with.get(0)?)),
        "readKeys" => json_of(workspace.vault.view()),
        "makeRecoveryKey" => {
            let made = workspace.vault.make_recovery_key();
            if let Ok(made) = &made {
                desk.names.hold_recovery_key(&made.groups, &made.asked);
            }
            json_of(made)
        }
        "saveRecoveryKey" => json_of(workspace.vault.write_recovery_key(&desk.file("DPIA Editor recovery key.txt"))),
        "confirmRecoveryKey" => {
            let groups: Vec<TypedSecret> = desk.names.real_groups(&with.get::<Vec<String>>(0)?).into_iter().map(TypedSecret::new).collect();
            json_of(workspace.vault.confirm_recovery_key(&groups))
        }
        "forgetRecoveryKey" => {
            workspace.vault.forget_recovery_key();
            Ok(Ok(Value::Null))
        }
        "setPassphrase" => json_of(workspace.vault.set_passphrase(&with.get(0)?)),
        "removePassphrase" => json_of(workspace.vault.remove_passphrase_with(&desk.keychain)),
        "keepInKeychain" => json_of(workspace.vault.keep_in_keychain_with(&desk.keychain)),
        "listAssessments" => json_of(workspace.portfolio.list()),
        "createAssessment" => json_of(workspace.portfolio.create(&with.get::<String>(0)?)),
        "openAssessment" => json_of(workspace.editor.open(with.get(0)?)),
        "saveAnswer" => json_of(workspace.editor.save_answer(with.get(0)?, with.get(1)?, with.get(2)?, with.get(3)?)),
        "edit" => json_of(workspace.editor.edit(with.get(0)?, with.get(1)?)),
        "undo" => json_of(workspace.editor.undo(with.get(0)?)),
        "redo" => json_of(workspace.editor.redo(with.get(0)?)),
        "pastAnswers" => json_of(workspace.past.past_answers(with.get(0)?, &with.get(1)?)),
        "bringBack" => json_of(workspace.past.bring_back(with.get(0)?, &with.get(1)?, with.get(2)?)),
        "readHistory" => json_of(workspace.past.read(with.get(0)?)),
        "keepVersion" => json_of(workspace.past.keep_version(with.get(0)?, &with.get::<String>(1)?)),
        "compareMoments" => json_of(workspace.past.compare(with.get(0)?, with.get(1)?, with.get(2)?)),
        "findHistoryTrouble" => json_of(workspace.past.find_history_trouble(with.get(0)?)),
        "drawPreview" => json_of(workspace.previews.draw(with.get(0)?, with.get(1)?)),
        "readIdentity" => json_of(workspace.identity.view()),
        "renewIdentity" => json_of(workspace.identity.renew()),
        "bringIdentity" => {
            let file = chosen(desk)?;
            json_of(workspace.identity.bring(&file, &with.get::<String>(0)?))
        }
        "exportCertificate" => json_of(workspace.identity.export_certificate(&desk.file("certificate.pem"))),
        "importFile" => {
            let file = chosen(desk)?;
            json_of(workspace.imports.import_file(&file))
        }
        "settleImport" => json_of(workspace.imports.settle(with.get(0)?, with.get(1)?)),
        "decryptImport" => json_of(workspace.imports.decrypt(with.get(0)?, &with.get(1)?)),
        "openVerified" => json_of(workspace.imports.import_file(desk.place(with.get(0)?)?)),
        "readBrand" => json_of(workspace.brand.view()),
        "saveBrand" => json_of(workspace.brand.save(with.get(0)?)),
        "drawBrand" => json_of(workspace.previews.draw_brand(with.get(0)?)),
        "openIssuing" => json_of(workspace.issuing.open(with.get(0)?)),
        "saveClient" => json_of(workspace.issuing.save_client(with.get(0)?, &with.get(1)?)),
        "removeClient" => json_of(workspace.issuing.remove_client(with.get(0)?)),
        "nameCopy" => json_of(workspace.issuing.name_copy(with.get(0)?, &with.get::<String>(1)?, with.get(2)?)),
        "findMissingLetters" => json_of(workspace.exports.find_missing_letters(with.get(0)?, &with.get(1)?)),
        "makeBackup" => match workspace.backups.make() {
            Ok(()) => json_of(Ok(workspace.backups.view(&backups(desk)))),
            Err(error) => Ok(Err(error)),
        },
        _ => write(workspace, desk, call, with, heard),
    }
}

/// The commands that answer with the number of a place.
fn write(
    workspace: &Workspace,
    desk: &mut Desk,
    call: &str,
    with: &Arguments<'_>,
    heard: &mut Vec<Value>,
) -> Result<Result<Value, AppError>> {
    match call {
        "exportPdf" => {
            heard.extend([json!("drawing"), json!("choosing"), json!("writing")]);
            let report = match workspace.exports.render_report(with.get(0)?, &with.get(1)?) {
                Ok(report) => report,
                Err(error) => return Ok(Err(error)),
            };
            let file = desk.file(&report.suggested_name);
            let written = workspace.exports.write_report(&file, &report);
            with_place(desk, file, "file", written)
        }
        "exportBundle" | "exportEncryptedBundle" | "exportWithoutHistory" => {
            let (id, file) = (with.get(0)?, desk.file("Pupil Progress.dpia"));
            let written = match call {
                "exportBundle" => workspace.exports.write_bundle(id, &file),
                "exportWithoutHistory" => workspace.exports.write_bundle_without_history(id, &file),
                _ => workspace.exports.encrypt_bundle(id, &with.get(1)?).and_then(|made| workspace.exports.write_made_bundle(&file, &made)),
            };
            with_place(desk, file, "file", written)
        }
        "verifyFile" | "countersignVerified" => {
            let file = chosen(desk)?;
            let found = match call {
                "verifyFile" => verify_file(&workspace.identity, &file),
                _ => countersign_file(&workspace.identity, desk.place(with.get(0)?)?, &file),
            };
            let name = name_of(&file);
            let mut answered = with_place(desk, file, "found", found)?;
            if let Ok(verified) = &mut answered {
                verified["name"] = name.into();
            }
            Ok(answered)
        }
        "importClients" => {
            let file = chosen(desk)?;
            let read = workspace.issuing.import_clients(&file, &ColumnTitles::default());
            with_place(desk, file, "read", read)
        }
        "issueCopies" => {
            let (folder, is_cancelled, limit) = (desk.file("Schools, autumn 2026"), AtomicBool::new(false), desk.cancels_after);
            let result = workspace.issuing.issue(with.get(0)?, &with.get(1)?, &folder, &is_cancelled, &mut |progress| {
                is_cancelled.store(limit == Some(progress.done), Ordering::SeqCst);
                heard.push(json!(progress));
            });
            with_place(desk, folder.join(LEDGER), "result", result)
        }
        other => bail!("{other} is no command that is recorded"),
    }
}
