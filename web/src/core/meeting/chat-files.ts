// Files for the chat: each goes by itself as soon as it was given, and waits for its line.

import { say } from '../../i18n/text';
import type { File } from '../../proto/api.gen';
import { problemText, type Result } from '../calls';
import type { Effect } from '../effect';
import type { State } from '../state';
import { announce, stay, type Step } from '../step';
import { unlessKept } from './acts';
import { inChat, withChat } from './aside';
import { writing, type Chat, type Given, type Upload } from './chat';

/** The largest file that the server takes: 25 MiB. */
export const LARGEST_FILE = 25 * 1024 * 1024;
/** With one message; whoever has more to give packs them. */
const FILES_AT_ONCE = 10;

export function given(state: State, files: readonly Given[]): Step {
  return unlessKept(state, 'chat', true, () => inChat(state, null, (now, { code }) => {
    const room = Math.max(0, FILES_AT_ONCE - now.uploads.length);
    const taken = files.slice(0, room);
    const uploads = taken.map((file, index): Upload => {
      const wrong = file.size > LARGEST_FILE ? say('chat.file.too-large') : file.size === 0 ? say('chat.file.empty') : null;
      return {
        id: state.count + 1 + index,
        name: file.name,
        size: file.size,
        sent: 0,
        state: wrong === null ? 'sending' : 'failed',
        file: null,
        problem: wrong,
      };
    });
    const trouble = files.length > taken.length ? say('chat.file.too-many') : null;
    const counted: State = { ...state, count: state.count + taken.length };
    const next = withChat(counted, code, () => ({ ...writing(now), uploads: [...now.uploads, ...uploads], trouble }));
    const effects = uploads.flatMap((upload, index): readonly Effect[] => {
      const file = taken[index];
      return file && upload.state === 'sending' ? [{ type: 'upload', code, upload: upload.id, file }] : [];
    });
    const failed = uploads.flatMap(({ problem }) => (problem === null ? [] : [problem]));
    return [announce(next, ...failed, ...(trouble === null ? [] : [trouble])), effects];
  }));
}

/** Takes a file back, wherever it is by now. */
export const without = (state: State, upload: number): Step =>
  inChat(state, null, (now, { code }) => [
    withChat(state, code, () => ({ ...now, uploads: now.uploads.filter((one) => one.id !== upload), trouble: null })),
    [{ type: 'upload/stop', upload }],
  ]);

/** The chat that a file is on its way to. */
export function codeOfUpload({ page, talks }: State, upload: number): string | null {
  const has = ({ uploads }: Chat): boolean => uploads.some(({ id }) => id === upload);
  if (page.at === 'room' && page.phase.is === 'meeting' && has(page.phase.beside.chat)) return page.code;
  return Object.entries(talks.chats).find(([, chat]) => has(chat))?.[0] ?? null;
}

export function uploaded(state: State, which: string, id: number, result: Result<File>): Step {
  return inChat(state, which, (now) => {
    const upload = now.uploads.find((one) => one.id === id);
    if (!upload) return stay(state);
    const changed: Upload = result.ok
      ? { ...upload, state: 'there', sent: upload.size, file: result.value }
      : { ...upload, state: 'failed', problem: problemText(result.problem) };
    const next = withChat(state, which, () => ({
      ...now,
      uploads: now.uploads.map((one) => (one.id === id ? changed : one)),
      // A line that was to go with it waits for its writer again.
      pressed: now.pressed && result.ok,
    }));
    return stay(announce(next, changed.problem ?? say('chat.file.there', { name: upload.name })));
  });
}
