// Lines of the chat as they come: from the history, from the socket, each once.

import { say } from '../../i18n/text';
import type { History, Message } from '../../proto/api.gen';
import type { Result } from '../../proto/calls';
import type { Effect } from '../effect';
import type { State } from '../state';
import { andThen, stay, type Step } from '../step';
import { windowTitle } from '../title';
import { chime, inChat, mention, withChat, type ChatPlace } from './aside';
import { MOST_GONE, bounded, lineOf, merged, writing, type Chat } from './chat';
import { plain } from './markdown';

/** How long the last line is shown beside a closed chat. */
const BUBBLE_MS = 5_000;
/** So much of a line is spoken: the rest can be read. */
const SPOKEN = 140;

/** A line is new, or was changed. */
export function heard(state: State, which: string, line: Message): Step {
  return inChat(state, which, (now, place) => {
    const known = lineOf(now, line.id) !== null;
    const [first, last] = [now.lines[0], now.lines.at(-1)];
    // A change of a line further back than what was fetched: it comes with the rest, else there would be a gap.
    if (!known && first && line.id < first.id && now.earlier !== 'none') return stay(state);
    const next = withChat(state, which, () => bounded(merged(now, [line])));
    if (known || line.from === place.me || now.gone.includes(line.id) || (last && line.id < last.id)) return stay(next);
    return arrived(next, place, [line]);
  });
}

/** Lines of others that I have not seen. */
function arrived(state: State, { meeting, code }: ChatPlace, lines: readonly Message[]): Step {
  const last = lines.at(-1);
  // Of conversations, also of those that were not opened, `talks/told` says what is new.
  if (!last || meeting === null) return stay(state);
  const text = say(last.to === undefined ? 'chat.said' : 'chat.said-private', { name: last.name, text: spoken(last) });
  const said = mention(state, 'chat', text);
  if (meeting.beside.panel === 'chat') return stay(said);
  const unread = meeting.beside.chat.unread + lines.length;
  const bubble: readonly Effect[] = [{ type: 'timer', timer: { name: 'bubble', id: last.id }, ms: BUBBLE_MS }];
  return [withChat(said, code, (now) => ({ ...now, unread, bubble: last.id })), [windowTitle(state, meeting.title, unread), ...bubble, ...chime(state, 'chat')]];
}

/** A line in a few words, without its marks. */
export function spoken(line: Message): string {
  const text = plain(line.text) || (line.file?.name ?? '');
  return text.length > SPOKEN ? `${text.slice(0, SPOKEN).trimEnd()}…` : text;
}

export const bubbleOver = (state: State, id: string): Step =>
  stay(withChat(state, null, (now) => (now.bubble === id ? { ...now, bubble: null } : now)));

export function erased(state: State, which: string, id: string): Step {
  return inChat(state, which, (now, { me, meeting }) => {
    const line = lineOf(now, id);
    const lines = now.lines.filter((one) => one.id !== id);
    const wasUnread = line !== null && line.from !== me && now.unread > 0
      && now.lines.filter((one) => one.from !== me).slice(-now.unread).includes(line);
    const unread = wasUnread ? now.unread - 1 : now.unread;
    const chat: Chat = {
      ...(now.edits === id ? writing(now) : now),
      lines,
      unread,
      gone: [...now.gone, id].slice(-MOST_GONE),
      fresh: now.fresh === id ? null : now.fresh,
      bubble: now.bubble === id ? null : now.bubble,
      ...(now.replyTo === id ? { replyTo: null } : {}),
    };
    return [withChat(state, which, () => chat), wasUnread && meeting !== null ? [windowTitle(state, meeting.title, unread)] : []];
  });
}

/** A page of the history: the last one (`before` is null), or the one before the first line that is known. */
export function earlierCame(state: State, which: string, before: string | null, result: Result<History>): Step {
  return inChat(state, which, (now) => {
    const [known, ...asked] = before === null ? now.asked : [[], ...now.asked];
    // The answer to a question of an earlier stay.
    if (!known) return stay(state);
    const next: Chat = { ...now, asked };
    if (!result.ok) return stay(withChat(state, which, () => ({ ...next, earlier: now.earlier === 'asking' ? 'failed' : now.earlier })));
    if (before === null) return lastCame(withChat(state, which, () => next), which, now, known, result.value);
    const { messages, more } = result.value;
    return stay(withChat(state, which, () => ({ ...merged(next, messages), earlier: more ? 'more' : 'none' })));
  });
}

/** The last lines came. Those that were `known` and are missing in the page were deleted while the line was away. */
function lastCame(state: State, which: string, before: Chat, known: readonly string[], { messages, more }: History): Step {
  const first = messages[0];
  const last = known.at(-1) ?? '';
  const there = new Set(messages.map(({ id }) => id));
  const inReach = (id: string): boolean => !more || (first !== undefined && id >= first.id);
  const deleted = known.filter((id) => inReach(id) && !there.has(id));
  // What happened to those further back nobody knows: they are fetched again when they are wanted.
  const doubtful = new Set(known.filter((id) => !inReach(id)));
  const struck = deleted.reduce((step, id) => andThen(step, (next) => erased(next, which, id)), stay(state));
  return andThen(struck, (next) => inChat(next, which, (now, place) => {
    const lines = now.lines.filter(({ id }) => !doubtful.has(id));
    const told = withChat(next, which, () => ({ ...bounded(merged({ ...now, lines, earlier: more ? 'more' : 'none' }, messages)) }));
    // What stood there when I came in is not news; what came while the line was away is.
    if (before.earlier === 'asking' && known.length === 0) return stay(told);
    const isNews = ({ id, from }: Message): boolean => id > last && from !== place.me && lineOf(before, id) === null;
    return arrived(told, place, messages.filter(isNews));
  }));
}
