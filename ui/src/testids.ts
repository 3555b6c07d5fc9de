// The names by which an end-to-end test finds what it touches: `[data-testid="…"]`. Each is in one component. Where a
// name has a part in angle brackets, the part is an id of the form or of the store.
//
// Settings     settings · open-settings (in the portfolio) · brand:<field> · brand:<colour>:pick · brand-logo
//              brand-logo-remove · brand-standard · brand-save · brand-trouble · brand-preview
// Backups      backups · open-backups (in the portfolio, on the locked screen) · backup-reminder · backup · backup-now
//              backup-folder · backup-choose · backup-forget · backup-trouble · no-backups · look:<backup>
//              look-dialog: held-assessment, look-cancel, restore
// Verify       verified (data-sound) · verdict · signature · fact:<intact|valid|trusted> (data-answer)
//              inside (data-answer) · open-inside · verify-another · awaits-countersignature · countersign
// Screens      starting: starting-waits · locked (data-code) · first-run · portfolio · import-report · verified · settings
//              editor
// First run    person-name person-role person-organisation person-email · continue · later · recovery-* · import
//              new-product · create
// Locked       way · try-again · go-on-older · failure · only-way · choose-key-file · unlock-form: unlock-passphrase, unlock-recovery-key,
//              unlock-accept, unlock-by-recovery-key, unlock-by-passphrase · passphrase-new, passphrase-again,
//              passphrase-show, passphrase-accept
// Keys         keys · open-keys (in the portfolio) · recovery-reminder · recovery-now · keychain-reminder · keychain-look
//              keychain-state · keychain-keep · recovery-state · recovery-make · passphrase-state · passphrase-set
//              passphrase-remove · passphrase-removal · passphrase-remove-accept · recovery-key · recovery-shown:<n>
//              recovery-print · recovery-save · recovery-continue · recovery-later · recovery-asked
//              recovery-group:<n> · recovery-confirm · exchange · exchange-accept
// Portfolio    search · found-count · hit · import · verify · new · empty · assessment · open:<assessment> · assessment-menu · bin
//              filter:<all|to_confirm|to_answer|answered> · about-you · person-reminder · person-accept
//              new-dialog: new-product, create · about-you-dialog: person-*, person-accept
// History      tab:history · past-answers · past:<number> · bring-back:<number> · whole-history
//              history · history-back · keep-version · version:<number> · compare-version:<number> · compare-from
//              compare-from:day · compare-to · compare-to:day · compare-count · export-comparison · changed:<question>
//              compare-bring-back:<question> · days · export-history · keep-dialog: version-name, keep-accept
//              history-trouble: trouble-export, trouble-backups
// About        open-about (in the portfolio) · about · notices · copy-log · about-close · open-lists (in a narrow window)
// Import       count:<group> group:<unknown|unplaced|differences|left_out|placed> · open-imported · import-later
//              import-remark · ask-partly: partly-words, import-leave, import-open
//              already-here: import-leave, import-keep-both, import-replace · ask-first: import-leave, import-open
//              provenance (data-signature known|unknown|unsigned) provenance-name provenance-fingerprint
//              provenance-brings (in both) · ask-passphrase: import-leave, decrypt-passphrase, decrypt-accept
// Top bar      home · product · edition · search-box · save-state (data-kind saved|saving|not_saved) · undo · redo · more
//              toggle-preview · export-pdf · issue (in more) · open-history (in more) · export-bundle, export-encrypted (in more)
//              details (in more)
// Outline      outline · progress · filter-to-confirm · filter-open · section:<section>
// Paper        paper · section-name · question-number · question:<question> (data-state answered|to_confirm|open|withheld)
//              previous · next-open · next · not-saved · copy-answer · save-again
// Any question to-be-confirmed · confirm:<question> · excuse:<question> excuse-reason excuse-accept
//              answer-after-all:<question>
// Prose        answer:<question> · toolbar toolbar-bold toolbar-italic toolbar-bulleted toolbar-numbered toolbar-link
//              toolbar-picture · link-dialog: link-address, link-words, link-accept, link-remove
// Ticks        ticks:<question> · tick:<question>:<option> (data-mark ticked|not_ticked|unknown)
//              none:<question> · none-said:<question> · other:<question>
// Yes or no    yes-no:<question> · yes-no:<question>:yes · yes-no:<question>:no · reasoning:<question>
// Choice       choice:<question> · choice:<question>:<option> · reason:<question>
// Screening    screening (data-outcome open|required|not_required|undetermined) · screening-recorded
//              screening-overridden · reason-missing
// Date         date:<question> · date:<question>:pick
// Sign-off     sign-off:<question> · sign-off-name:<question> sign-off-role:… sign-off-date:… · sign-now:<question>
//              changed:<question>
// Table        table:<question> · row:<question> · row-menu · row-remove · add-row:<question> · paste-rows:<question>
//              row-open: cell:<column>, cell:<column>:address, row-done, row-cancel · no-rows:<question>
//              paste-dialog: paste-text, paste-accept
// Risks        risks · risk · add-risk · risk-examples · risk-remove · risk-map · risk-measures
//              risk-open: risk-source, risk-harm, risk-likelihood:<step>, risk-severity:<step>, add-measure,
//              measure-description, risk-residual-likelihood:<step>, risk-residual-severity:<step>,
//              risk-approved:<yes|no>, risk-done, risk-cancel
// Preview      preview (data-current) · preview-copy:<internal|customer> · pages · page:<n> (data-drawn) · preview-page
//              preview-trouble
// Panel        panel · tab:<guidance|unplaced|preview> · origin · unplaced · place · remove-unplaced
// Dialogs      export-dialog: export-copy:<internal|customer>, export-client, export-sections,
//              export-section:<section>, export-sections-warning, export-extent:<whole|screening>,
//              export-signature:<certified|open_to_countersignature|draft>, missing-letters, export-stage (data-stage),
//              export-accept, export-cancel, export-signer, say-who · encrypt-dialog:
//              passphrase-new, passphrase-again, passphrase-show, encrypt-cancel, encrypt-accept · details-dialog: details-product, details-date, details-accept
//              command-box: command-field, found
// Issuing      issuing · issuing-back · issue-pattern · import-clients · add-client · no-clients · none-found
//              client-search · client-filter:<all|outdated|none> · choose-shown · choose-none · chosen-count
//              client (data-held none|current|outdated) · choose:<client> · held · copy-facts · gone
//              client-menu · client-edit · client-remove · issue-accept · unfinished-dialog:
//              unfinished-accept, unfinished-cancel · issue-progress · issue-cancel
//              client-dialog: client-name, client-email, client-reference, client-accept
//              clients-imported: imported-dismiss
//              columns-dialog: column-name, column-email, column-reference, columns-accept
//              issue-result: issue-words, issue-failed, issue-stopped, issue-letters, issue-go-on, issue-show,
//              issue-dismiss
// Signature    signature · identity-reminder · signature-dialog: signature-warning, signature-until, signature-fingerprint,
//              signature-renew, signature-renew-words, signature-renew-accept, signature-bring, signature-password,
//              signature-bring-accept, signature-export, signature-done
// Messages     toast · toast-undo · toast-also

/** The selector of a name. */
export function byTestId(name: string): string {
  return `[data-testid="${name}"]`;
}
