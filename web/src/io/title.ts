// The title of the window: what is shown, and the name that the server goes by.

/** Until the server has said its own. */
const OURS = 'Parlor';

export class WindowTitle {
  #house = OURS;

  /** What is shown; nothing is the name of the house alone. */
  show(title: string | null): void {
    document.title = title === null ? this.#house : `${title}${this.#end}`;
  }

  /** The server's name came, or is another now: what is shown stays. */
  call(house: string): void {
    const { title } = document;
    const shown = title.endsWith(this.#end) ? title.slice(0, -this.#end.length) : title === this.#house ? null : undefined;
    this.#house = house;
    if (shown !== undefined) this.show(shown);
  }

  get #end(): string {
    return ` · ${this.#house}`;
  }
}
