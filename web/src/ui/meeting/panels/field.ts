// The field of the chat: others send the focus there.

/** After what was pressed has gone, and given the focus back to where it came from. */
export const toField = (): void => queueMicrotask(() => document.querySelector<HTMLTextAreaElement>('[data-chat-field]')?.focus());
