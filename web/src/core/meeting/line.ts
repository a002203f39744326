// What is wrong with somebody's connection, and why nobody hears me: as the server counts it, in words.

import { say, type Text } from '../../i18n/text';
import type { Mark, Unheard } from '../../proto/api.gen';
import { callHere } from '../calling/calling';
import type { Person } from '../participant';
import type { Meeting, State } from '../state';
import { personOf } from '../viewing';
import { andThen, announce, stay, withMeeting, type Step } from '../step';

/** Trouble that is shown at a person, and what it comes from. */
export interface Line {
  readonly level: 'weak' | 'away' | 'lost';
  /** What is bad, as it is drawn: the connection, or something that is none. */
  readonly sign: Sign;
  /** In two words, for the mark. */
  readonly brief: Text;
  /** In a sentence, for whoever wants to know. */
  readonly text: Text;
}

export type Sign = 'net' | 'voice' | 'computer' | 'server';

/** What a cause is drawn as, and called in two words at a tile. */
const signOf = (cause: Exclude<Mark['cause'], undefined>): Sign => (cause === 'computer' || cause === 'server' ? cause : 'net');
const BRIEFS = { net: 'meeting.their-net.weak', computer: 'meeting.their-net.strained', server: 'meeting.their-net.busy', voice: 'meeting.their-net.unheard' } as const;

const markOf = ({ live }: Pick<Meeting, 'live'>, identity: string): Mark | null => live?.marks.find((mark) => mark.identity === identity) ?? null;

/** What is to be said of somebody else, if anything. */
export function theirLine(meeting: Pick<Meeting, 'live'>, { identity, name, connection }: Person): Line | null {
  const mark = markOf(meeting, identity);
  // Whose sound alone does not come is not away: the server knows better than what is heard here.
  if (mark?.unheard !== undefined && mark.cause !== 'lost') {
    return { level: 'weak', sign: 'voice', brief: say(BRIEFS.voice), text: say(`meeting.their-unheard.${mark.unheard}`, { name }) };
  }
  if (connection === 'lost' || connection === 'away') {
    const brief = say(`meeting.their-net.${connection}`);
    return { level: connection, sign: 'net', brief, text: say(`meeting.their-net.${connection}.why`, { name }) };
  }
  if (mark?.cause !== undefined && mark.cause !== 'lost') {
    const sign = signOf(mark.cause);
    return { level: 'weak', sign, brief: say(BRIEFS[sign]), text: say(`meeting.their-net.${mark.cause}`, { name }) };
  }
  return connection === 'weak' ? { level: 'weak', sign: 'net', brief: say(BRIEFS.net), text: say('meeting.their-net.weak') } : null;
}

/** What is to be said of somebody at a tile, if anything. */
export function lineOf(state: State, person: Person): Line | null {
  const [meeting, call] = [meetingOf(state), callHere(state)];
  // On hold nothing comes from them: that is nobody's line.
  const rests = call?.stage.is === 'held' || call?.others.some(({ account, stage }) => stage.is === 'held' && account === personOf(person.identity));
  return meeting && rests !== true ? theirLine(meeting, person) : null;
}

/** What is to be said of my own connection, if anything; while it is being mended, that is said elsewhere. */
export function myLine(meeting: Pick<Meeting, 'live' | 'link' | 'me' | 'people'>): Line | null {
  if (meeting.link !== 'connected') return null;
  const connection = meeting.people.find(({ identity }) => identity === meeting.me)?.connection ?? 'good';
  const cause = markOf(meeting, meeting.me)?.cause;
  const line = (level: Line['level'], sign: Sign, text: Text): Line => ({ level, sign, brief: text, text });
  if (connection === 'lost') return line('lost', 'net', say('meeting.net.lost'));
  if (cause !== undefined && cause !== 'lost') return line('weak', signOf(cause), say(`meeting.net.${cause}`));
  if (connection === 'weak') return line('weak', 'net', say('meeting.net.weak'));
  return markOf(meeting, meeting.me)?.smaller === true ? line('weak', 'net', say('meeting.net.smaller')) : null;
}

/** Why nobody hears my open microphone, as the server counts it. */
export const unheardOf = (meeting: Pick<Meeting, 'live' | 'me'>): Unheard | null => markOf(meeting, meeting.me)?.unheard ?? null;

/** The same in words. Where no sound arrives it is asked whether this browser sends any: else it is not the network. */
export function unheardText(why: Unheard, sent: boolean | null): Text {
  return why === 'blocked' && sent === false ? say('meeting.unheard.unsent') : say(`meeting.unheard.${why}`);
}

const meetingOf = ({ page }: State): Meeting | null => (page.at === 'room' && page.phase.is === 'meeting' ? page.phase : null);

/** After every step: whoever is not heard any more is told, and what is sent is looked at where nothing arrives. */
export function watchUnheard(before: State, step: Step): Step {
  const [was, now] = [meetingOf(before), meetingOf(step[0])];
  if (!now || was?.live === now.live) return step;
  const [old, why] = [was ? unheardOf(was) : null, unheardOf(now)];
  if (old === why) return step;
  return andThen(step, (next) => {
    const fresh = withMeeting(next, { voiceSent: null });
    if (why === null) return stay(fresh);
    // What is the matter is said when it is known.
    return why === 'blocked' ? [fresh, [{ type: 'call/look-at-voice' }]] : stay(announce(fresh, unheardText(why, null)));
  });
}

/** Whether my voice leaves this browser, as looked at since nothing of it arrives. */
export function voiceLookedAt(state: State, meeting: Meeting, sent: boolean): Step {
  if (unheardOf(meeting) !== 'blocked' || meeting.voiceSent === sent) return stay(state);
  return stay(announce(withMeeting(state, { voiceSent: sent }), unheardText('blocked', sent)));
}
