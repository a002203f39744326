// The title of the window: what is shown, and the name that the server goes by. Nothing else writes it.

/** Until the server has said its own. */
const OURS = 'Parlor';

export class WindowTitle {
  #house = OURS;
  #shown: string | null = null;
  /** While a call comes in: what is said instead. */
  #over: string | null = null;

  /** What is shown, once nothing comes in; nothing is the name of the house alone. */
  show(title: string | null): void {
    this.#shown = title;
    this.#write();
  }

  /** A call comes in, or is over: what is to be shown by then comes back. */
  ring(title: string | null): void {
    this.#over = title;
    this.#write();
  }

  /** The server's name came, or is another now. */
  call(house: string): void {
    this.#house = house;
    this.#write();
  }

  #write(): void {
    const title = this.#over ?? this.#shown;
    document.title = title === null ? this.#house : `${title} · ${this.#house}`;
  }
}
