// A secret that is typed to open something: sent once at a time, with what is wrong shown,, forgotten once it opened.

type Typed = HTMLInputElement | HTMLTextAreaElement;

export class TypedSecret {
  typed = $state("");
  trouble = $state<string>();
  isOpening = $state(false);
  field = $state<Typed>();
  readonly #open: (typed: string) => Promise<string | undefined>;

  /** `open` gives the trouble with what was typed, where that is the trouble. */
  constructor(open: (typed: string) => Promise<string | undefined>) {
    this.#open = open;
  }

  submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.isOpening) return;
    this.isOpening = true;
    this.trouble = await this.#open(this.typed);
    this.isOpening = false;
    if (this.trouble) this.focus();
    else this.typed = "";
  };

  clear(): void {
    this.typed = "";
    this.trouble = undefined;
    this.focus();
  }

  focus(): void {
    setTimeout(() => this.field?.focus());
  }
}
