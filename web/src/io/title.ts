// The title of the window: what is shown, and the name that the server goes by.

/** Until the server has said its own. */
const OURS = 'Parlor';

export class WindowTitle {
  #house = OURS;
  /** While a call comes in: what is said instead, and what it covers. */
  #over: { readonly words: string; readonly under: string } | null = null;

  /** What is shown; nothing is the name of the house alone. */
  show(title: string | null): void {
    const words = title === null ? this.#house : `${title}${this.#end}`;
    if (this.#covered) this.#over = { words: this.#over?.words ?? '', under: words };
    else document.title = words;
  }

  /** A call comes in, or is over: what was shown comes back, unless a page has said something else meanwhile. */
  ring(title: string | null): void {
    const under = this.#covered ? (this.#over?.under ?? '') : document.title;
    const covered = this.#over === null || this.#covered;
    this.#over = title === null ? null : { words: `${title}${this.#end}`, under };
    if (this.#over !== null) document.title = this.#over.words;
    else if (covered) document.title = under;
  }

  get #covered(): boolean {
    return this.#over !== null && document.title === this.#over.words;
  }

  /** The server's name came, or is another now: what is shown stays. */
  call(house: string): void {
    if (this.#covered) {
      this.#house = house;
      return;
    }
    const { title } = document;
    const shown = title.endsWith(this.#end) ? title.slice(0, -this.#end.length) : title === this.#house ? null : undefined;
    this.#house = house;
    if (shown !== undefined) this.show(shown);
  }

  get #end(): string {
    return ` · ${this.#house}`;
  }
}
