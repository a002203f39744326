import type { Room } from 'livekit-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask } from '../src/core/calls';
import { felt, totalsOf, voiceSent } from '../src/core/measuring';
import { myLine, theirLine, unheardOf } from '../src/core/meeting/line';
import { sentences } from '../src/core/report';
import { say, speech } from '../src/i18n/text';
import type { Mark, Report, Trouble } from '../src/proto/api.gen';
import { isEvent, isPastMeeting, isReport } from '../src/proto/decode';
import { meetingState } from './beside';
import { bad, good, inside, person, ROOM, type Play } from './helpers';
import { measure } from '../src/io/livekit-measuring';
import type { MediaListener } from '../src/io/media-session';
import { moment } from '../src/ui/pages/dates';
import { clock as timeOf } from '../src/ui/meeting/panels/when';

const told = (play: Play, ...marks: readonly Mark[]): Play =>
  play.on({ type: 'told', event: { event: 'meeting', state: meetingState({ marks: [...marks] }) } });

describe('a mark of the server', () => {
  it('says of others what is wrong, in two words and in a sentence', () => {
    const play = told(inside('ben'), { identity: 'ben', cause: 'upload' });
    const ben = person('ben', { name: 'Ben' });
    expect(theirLine(play.meeting, ben)).toEqual({
      level: 'weak', sign: 'net', brief: say('meeting.their-net.weak'), text: say('meeting.their-net.upload', { name: 'Ben' }),
    });
    told(play, { identity: 'ben', cause: 'computer' });
    expect(theirLine(play.meeting, ben)).toMatchObject({ sign: 'computer', brief: say('meeting.their-net.strained') });
    told(play, { identity: 'ben', cause: 'server' });
    expect(theirLine(play.meeting, ben), 'no line of theirs is to blame').toMatchObject({ sign: 'server', brief: say('meeting.their-net.busy') });
    told(play, { identity: 'ben', cause: 'upload', unheard: 'silent' });
    expect(theirLine(play.meeting, ben)).toMatchObject({ sign: 'voice', text: say('meeting.their-unheard.silent', { name: 'Ben' }) });
    // Nothing of the voice came for long: that the rest does is what the server says.
    expect(theirLine(play.meeting, { ...ben, connection: 'lost' })?.level).toBe('weak');
    told(play, { identity: 'ben', cause: 'lost', unheard: 'blocked' });
    expect(theirLine(play.meeting, { ...ben, connection: 'lost' })?.level).toBe('lost');
    told(play);
    expect(theirLine(play.meeting, ben)).toBeNull();
    // The verdict may come a moment before its reason, and from a server that gives none.
    expect(theirLine(play.meeting, { ...ben, connection: 'weak' })?.text).toEqual(say('meeting.their-net.weak'));
  });

  it('says of me what I can do, unless the line is being mended', () => {
    const play = told(inside('ben'), { identity: 'me', cause: 'server' }, { identity: 'ben', cause: 'upload' });
    expect(myLine(play.meeting)).toMatchObject({ sign: 'server', text: say('meeting.net.server') });
    expect(myLine({ ...play.meeting, link: 'reconnecting' })).toBeNull();
    told(play, { identity: 'ben', cause: 'upload' });
    expect(myLine(play.meeting)).toBeNull();
  });

  it('says of me that pictures are smaller, where nothing worse is to be said, and of others nothing', () => {
    const play = told(inside('ben'), { identity: 'me', smaller: true }, { identity: 'ben', smaller: true });
    expect(myLine(play.meeting)).toMatchObject({ level: 'weak', sign: 'net', text: say('meeting.net.smaller') });
    expect(theirLine(play.meeting, person('ben', { name: 'Ben' }))).toBeNull();
    told(play, { identity: 'me', smaller: true, cause: 'upload' });
    expect(myLine(play.meeting)).toMatchObject({ text: say('meeting.net.upload') });
    expect(isEvent({ event: 'meeting', state: meetingState({ marks: [{ identity: 'me', smaller: true }] }) })).toBe(true);
  });

  it('of a kind that a newer server invented is not heard', () => {
    for (const [cause, heard] of [['upload', true], ['weather', false]] as const) {
      expect(isEvent({ event: 'meeting', state: { ...meetingState(), marks: [{ identity: 'me', cause }] } })).toBe(heard);
    }
  });
});

describe('who is not heard', () => {
  it('is told once, and it goes when they are', () => {
    const play = told(inside('ben'), { identity: 'me', unheard: 'silent' });
    expect(play.said).toEqual(say('meeting.unheard.silent'));
    const said = play.state.said.length;
    told(play, { identity: 'me', unheard: 'silent', cause: 'upload' });
    expect(play.state.said.length).toBe(said);
    told(play);
    expect(unheardOf(play.meeting)).toBeNull();
  });

  it('is told the network when the browser sends, and the browser when it does not', () => {
    const play = told(inside('ben'), { identity: 'me', unheard: 'blocked' });
    expect(play.asked('call/look-at-voice')).toBeDefined();
    const said = play.state.said.length;
    play.on({ type: 'call/voice', sent: true });
    expect(play.said).toEqual(say('meeting.unheard.blocked'));
    expect(play.state.said.length).toBe(said + 1);
    play.on({ type: 'call/voice', sent: true });
    expect(play.state.said.length).toBe(said + 1);
    told(play);
    play.on({ type: 'call/voice', sent: false });
    expect(play.meeting.voiceSent).toBeNull();
    told(play, { identity: 'me', unheard: 'blocked' }).on({ type: 'call/voice', sent: false });
    expect(play.said).toEqual(say('meeting.unheard.unsent'));
  });

  it('is not told what is wrong with others', () => {
    const play = inside('ben');
    const said = play.state.said.length;
    told(play, { identity: 'ben', unheard: 'blocked' });
    expect(play.state.said.length).toBe(said);
    expect(play.asked('call/look-at-voice')).toBeUndefined();
  });
});

const stats = (audio: readonly number[], video: readonly number[], cpu: number): unknown[] => [
  { type: 'inbound-rtp', kind: 'audio', id: 'a', totalSamplesReceived: audio[0], concealedSamples: audio[1], silentConcealedSamples: audio[2] },
  { type: 'inbound-rtp', kind: 'video', id: 'v', framesReceived: video[0], framesDropped: video[1], totalFreezesDuration: video[2] },
  { type: 'outbound-rtp', kind: 'video', id: 'o', qualityLimitationDurations: { cpu, none: 7 } },
  { type: 'outbound-rtp', kind: 'audio', id: 's', packetsSent: 50 }, null, 7,
];

const sound = (id: string, all: number, lost: number): unknown => ({ type: 'inbound-rtp', kind: 'audio', id, totalSamplesReceived: all, concealedSamples: lost });
const seen = (id: string, all: number, lost: number, frozen: number): unknown => ({ type: 'inbound-rtp', kind: 'video', id, framesReceived: all, framesDropped: lost, totalFreezesDuration: frozen });
const saying = (what: () => unknown[]): { getStats: () => Promise<Map<number, unknown>> } => ({ getStats: () => Promise.resolve(new Map(what().entries())) });

/** A room as far as it is measured: what its connection says of everything, and what the microphone's part of it says. */
function measured(all: () => unknown[], voice: () => unknown[] = () => []): { readonly room: Room; readonly listener: MediaListener; readonly fire: (event: string) => void } {
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  const heard: [string, () => void][] = [];
  const room: Room = Object.assign(Object.create(null), {
    on(event: string, run: () => void) {
      heard.push([event, run]);
      return room;
    },
    engine: { pcManager: { publisher: saying(all) } },
    localParticipant: { getTrackPublication: (source: string) => (source === 'microphone' ? { track: { sender: saying(voice) } } : undefined) },
  });
  const listener: MediaListener = Object.assign(Object.create(null), { measured: vi.fn<() => void>(), voice: vi.fn<() => void>() });
  return { room, listener, fire: (event) => heard.filter(([name]) => name === event).forEach(([, run]) => run()) };
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('what a browser measures', () => {
  const before = totalsOf(stats([1_000, 100, 100], [100, 0, 1], 2));

  it('is what changed between two looks', () => {
    const now = totalsOf(stats([101_000, 6_100, 1_100], [300, 50, 2.5], 12));
    expect(felt(before, now, 20_000, true)).toEqual({ span: 20_000, concealed: 50, frozen: 1_500, dropped: 250, strained: 500 });
    expect(felt(before, now, 20_000, false)).toMatchObject({ frozen: 0, dropped: 0, concealed: 50 });
  });

  it('is nothing where nothing came, and never more than the server takes', () => {
    expect(felt(before, before, 20_000, true)).toEqual({ span: 20_000, concealed: 0, frozen: 0, dropped: 0, strained: 0 });
    const wild = totalsOf(stats([1_001, 9_000, 0], [200, 900, 9_000], 9_000));
    expect(felt(before, wild, 9_000_000, true)).toEqual({ span: 600_000, concealed: 1_000, frozen: 600_000, dropped: 1_000, strained: 1_000 });
    expect(felt(before, totalsOf(stats([2_000, 100, 100], [110, 10, 1], 2)), 20_000, true).dropped).toBe(0);
    // Browsers that measure less.
    expect(totalsOf([{ type: 'inbound-rtp', kind: 'video', id: 'v' }, { type: 'outbound-rtp', kind: 'video', id: 'o' }])).toMatchObject({ pictures: { v: { all: 0, bad: 0 } }, strained: { o: 0 } });
  });

  it('is told to the server under my own identity, and no answer matters', () => {
    const play = inside('ben').on({ type: 'call/measured', felt: { span: 20_000, concealed: 1, frozen: 2, dropped: 3, strained: 4 } });
    const call = { name: 'measure', code: ROOM.code, body: { identity: 'me', span: 20_000, concealed: 1, frozen: 2, dropped: 3, strained: 4 } } as const;
    expect(play.effects).toContainEqual(ask(call));
    const { state } = play;
    expect(play.on(bad('measure', call, 'too_often')).state).toEqual(state);
  });

  it('goes on when a stream ends, begins, or is made anew', () => {
    const was = totalsOf([sound('ben', 900_000, 90_000), sound('mei', 1_000, 0), seen('ben', 9_000, 900, 60), seen('mei', 1_000, 0, 1)]);
    // Ben has gone, and with him all that he ever sent; Mei loses a tenth; Noor has come.
    const now = totalsOf([sound('mei', 10_000, 1_000), sound('noor', 1_000, 0), seen('mei', 1_300, 30, 1), seen('noor', 100, 10, 2)]);
    expect(felt(was, now, 20_000, true)).toEqual({ span: 20_000, concealed: 100, frozen: 2_000, dropped: 100, strained: 0 });
    // The same name, counted from nothing.
    const anew = totalsOf([sound('mei', 500, 5), seen('mei', 100, 20, 0.5)]);
    expect(felt(was, anew, 20_000, true)).toMatchObject({ concealed: 10, frozen: 500, dropped: 200 });
  });

  it('is told of a span in which somebody left', async () => {
    vi.useFakeTimers();
    let report: unknown[] = stats([900_000, 0, 0], [9_000, 0, 0], 0);
    const { room, listener, fire } = measured(() => report);
    measure(room, listener);
    fire('connected');
    await vi.advanceTimersByTimeAsync(1_000);
    report = [];
    await vi.advanceTimersByTimeAsync(20_000);
    expect(listener.measured).toHaveBeenCalledTimes(1);
    fire('disconnected');
  });

  it('asks what sends the voice, not what sends the sound of a share', async () => {
    vi.useFakeTimers();
    let sent = 0;
    const voice = [{ type: 'outbound-rtp', kind: 'audio', id: 'voice', packetsSent: 7 }];
    const share = (): unknown[] => [{ type: 'outbound-rtp', kind: 'audio', id: 'share', packetsSent: (sent += 50) }];
    const { room, listener } = measured(() => [...share(), ...voice], () => voice);
    measure(room, listener)();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(listener.voice).toHaveBeenCalledWith(false);
  });

  it('counts the packets of a voice', () => {
    expect(voiceSent(stats([], [], 0))).toBe(50);
    expect(voiceSent([])).toBe(0);
  });
});

const AT = Date.UTC(2026, 0, 5, 10, 12);
const trouble = (cause: Trouble['cause'], who: string, seconds: number): Trouble =>
  ({ person: who, name: who, cause, from: AT, until: AT + 4 * 60_000, seconds });
const report = (...troubles: readonly Trouble[]): Report => ({ me: 'me', from: AT, until: AT, troubles: [...troubles] });

const left = (): Play => inside('ben').on({ type: 'call/over', why: 'left', at: 60_000 });
const clock = (at: number): string => new Date(at).toISOString().slice(11, 16);

describe('the report after a meeting', () => {
  const call = { name: 'report', code: ROOM.code } as const;
  it('is asked for a moment after leaving, and kept', () => {
    const play = left();
    expect(play.effects).toContainEqual({ type: 'timer', timer: { name: 'report' }, ms: 1_500 });
    play.on({ type: 'timer', timer: { name: 'report' } });
    expect(play.effects).toContainEqual(ask(call));
    play.on(good('report', call, report(trouble('upload', 'me', 240))));
    expect(play.phase('left').report?.troubles).toHaveLength(1);
    expect(play.said).toEqual(say('report.title'));
  });

  it('is nothing where it cannot be had, or comes too late', () => {
    const play = left().on(bad('report', call, 'offline'));
    expect(play.phase('left').report).toBeNull();
    const home = left().on({ type: 'home' }).on(good('report', call, report()));
    expect(home.state.page.at).not.toBe('room');
    expect(inside('ben').on({ type: 'timer', timer: { name: 'report' } }).effects).toEqual([]);
  });

  it('says in plain words what was bad, whose it was, how long and when', () => {
    const troubles = [
      trouble('upload', 'me', 240), trouble('computer', 'Karim', 60), trouble('server', 'me', 45), trouble('server', 'Karim', 45), trouble('lost', 'me', 10),
    ];
    expect(sentences(speech('en'), troubles, 'me', clock)).toEqual([
      'Your upload was weak for 4 minutes, between 10:12 and 10:16: the others heard and saw you badly.',
      'The computer of Karim was overloaded for 1 minute, between 10:12 and 10:16.',
      'The server was busy for 45 seconds, between 10:12 and 10:16.',
      'Your connection was lost for 10 seconds, between 10:12 and 10:16.',
    ]);
    expect(sentences(speech('fr'), troubles.slice(1, 2), 'me', clock)).toEqual([
      'L’ordinateur de Karim a été surchargé pendant 1 minute, entre 10:12 et 10:16.',
    ]);
    const short: Trouble = { ...trouble('upload', 'Karim', 20), until: AT + 20_000 };
    expect(sentences(speech('en'), [short], 'me', clock)).toEqual(['The upload of Karim was weak for 20 seconds, at about 10:12.']);
    // Whoever reads of others is nobody of them.
    expect(sentences(speech('en'), troubles.slice(0, 1), null, clock)[0]).toContain('The upload of me');
    const many = Array.from({ length: 9 }, (_, index) => trouble('lost', `p${index}`, 9));
    expect(sentences(speech('en'), many, 'me', clock)).toHaveLength(5);
  });

  it('writes times of day as the page of the room beside it does', () => {
    const at = new Date(2026, 0, 5, 9, 5).getTime();
    for (const tongue of ['en', 'fr'] as const) expect(moment(tongue, at)).toContain(timeOf(speech(tongue), at));
  });

  it('is read with care', () => {
    expect(isReport(report(trouble('delay', 'me', 1)))).toBe(true);
    expect(isReport({ ...report(), troubles: [{ cause: 'weather' }] })).toBe(false);
    expect(isPastMeeting({ began: AT, until: AT, people: [{ person: 'a', name: 'A', from: AT, until: AT }], troubles: [] })).toBe(true);
    expect(isPastMeeting({ began: AT, until: AT, people: [7], troubles: [] })).toBe(false);
  });
});
