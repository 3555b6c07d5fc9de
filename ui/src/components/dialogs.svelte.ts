// The dialogs that are open. Each says so for as long as it is, so that nobody has to look for one in the page.

class Dialogs {
  #open = $state(0);

  /** Somebody answers a dialog. */
  get isOpen(): boolean {
    return this.#open > 0;
  }

  /** Shows a dialog until what comes back is called. */
  show(dialog: HTMLDialogElement): () => void {
    dialog.showModal();
    this.#open += 1;
    return () => {
      this.#open -= 1;
      dialog.close();
    };
  }
}

export const dialogs = new Dialogs();
