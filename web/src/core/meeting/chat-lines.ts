// Lines of the chat as they come: from the history, from the socket, each once.

import { say } from '../../i18n/text';
import type { History, Message } from '../../proto/api.gen';
import type { Result } from '../../proto/calls';
import type { Effect } from '../effect';
import type { Meeting, State } from '../state';
import { stay, type Step } from '../step';
import { chime, inChat, mention, mySelf, titled, withBeside, withChat } from './aside';
import { MOST_GONE, bounded, lineOf, merged, type Chat } from './chat';
import { plain } from './markdown';

/** How long the last line is shown beside a closed chat. */
const BUBBLE_MS = 5_000;
/** So much of a line is spoken: the rest can be read. */
const SPOKEN = 140;

/** A line is new, or was changed. */
export function heard(state: State, line: Message): Step {
  return inChat(state, (now, meeting) => {
    const known = lineOf(now, line.id) !== null;
    const [first, last] = [now.lines[0], now.lines.at(-1)];
    // A change of a line further back than what was fetched: it comes with the rest, else there would be a gap.
    if (!known && first && line.id < first.id && now.earlier !== 'none') return stay(state);
    const next = withChat(state, () => bounded(merged(now, [line])));
    if (known || line.from === mySelf(meeting) || now.gone.includes(line.id) || (last && line.id < last.id)) return stay(next);
    return arrived(next, meeting, [line]);
  });
}

/** Lines of others that I have not seen. */
function arrived(state: State, meeting: Meeting, lines: readonly Message[]): Step {
  const last = lines.at(-1);
  if (!last) return stay(state);
  const text = say(last.to === undefined ? 'chat.said' : 'chat.said-private', { name: last.name, text: spoken(last) });
  const said = mention(state, 'chat', text);
  if (meeting.beside.panel === 'chat') return stay(said);
  const unread = meeting.beside.chat.unread + lines.length;
  const bubble: readonly Effect[] = [{ type: 'timer', timer: { name: 'bubble', id: last.id }, ms: BUBBLE_MS }];
  return [withChat(said, (now) => ({ ...now, unread, bubble: last.id })), [titled(meeting, unread), ...bubble, ...chime(state, 'chat')]];
}

/** A line in a few words, without its marks. */
export function spoken(line: Message): string {
  const text = plain(line.text) || (line.file?.name ?? '');
  return text.length > SPOKEN ? `${text.slice(0, SPOKEN).trimEnd()}…` : text;
}

export const bubbleOver = (state: State, id: string): Step =>
  stay(withChat(state, (now) => (now.bubble === id ? { ...now, bubble: null } : now)));

export function erased(state: State, id: string): Step {
  return inChat(state, (now, meeting) => {
    const line = lineOf(now, id);
    const lines = now.lines.filter((one) => one.id !== id);
    const wasUnread = line !== null && line.from !== mySelf(meeting) && now.unread > 0
      && now.lines.filter((one) => one.from !== mySelf(meeting)).slice(-now.unread).includes(line);
    const unread = wasUnread ? now.unread - 1 : now.unread;
    const chat: Chat = {
      ...now,
      lines,
      unread,
      gone: [...now.gone, id].slice(-MOST_GONE),
      fresh: now.fresh === id ? null : now.fresh,
      bubble: now.bubble === id ? null : now.bubble,
      replyTo: now.replyTo === id ? null : now.replyTo,
      ...(now.edits === id ? { edits: null, text: '' } : {}),
    };
    return [withBeside(state, { chat }), wasUnread ? [titled(meeting, unread)] : []];
  });
}

/** A page of the history: the last one (`before` is null), or the one before the first line that is known. */
export function earlierCame(state: State, before: string | null, result: Result<History>): Step {
  return inChat(state, (now, meeting) => {
    if (!result.ok) return stay(withChat(state, () => ({ ...now, earlier: now.earlier === 'asking' ? 'failed' : now.earlier })));
    const { messages, more } = result.value;
    if (before !== null) return stay(withChat(state, () => ({ ...merged(now, messages), earlier: more ? 'more' : 'none' })));
    const [first, last] = [messages[0], now.lines.at(-1)];
    const newer = last ? messages.filter((line) => line.id > last.id && line.from !== mySelf(meeting)) : [];
    // So much was missed that the page does not reach back to what was known: that is fetched again when it is wanted.
    const gap = last !== undefined && more && first !== undefined && first.id > last.id;
    const earlier = gap || now.lines.length === 0 || first === undefined || first.id <= (now.lines[0]?.id ?? '')
      ? (more ? 'more' : 'none')
      : now.earlier === 'asking' ? 'more' : now.earlier;
    const next = withChat(state, () => ({ ...bounded(merged(gap ? { ...now, lines: [] } : now, messages)), earlier }));
    // What stood there when I came in is not news; what came while the line was away is.
    return now.earlier === 'asking' && now.lines.length === 0 ? stay(next) : arrived(next, meeting, newer);
  });
}
