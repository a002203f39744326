// One thing after the other: whatever is begun with the same key waits for what was begun before.

export class Turns<Key> {
  readonly #last = new Map<Key, Promise<void>>();

  take(key: Key, job: () => Promise<void>): Promise<void> {
    const done = (this.#last.get(key) ?? Promise.resolve()).then(job);
    this.#last.set(key, done.catch(() => undefined));
    return done;
  }
}
