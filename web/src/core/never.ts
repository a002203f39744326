/** Reached only when a union gained a member that a `switch` does not know; the compiler then says so. */
export function assertNever(value: never): never {
  throw new Error(`not a member of its union: ${JSON.stringify(value)}`);
}
