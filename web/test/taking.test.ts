import { RemoteTrack, RoomEvent, Track, VideoQuality, type RemoteParticipant, type Room } from 'livekit-client';
import { describe, expect, it } from 'vitest';
import type { Event } from '../src/core/event';
import { cast, shareKey } from '../src/core/selectors';
import { firstTaken, LINGER_MS, LINGERING, NOTHING, onScreen, SILENT, talked, VOICES, voices, type Taking, type Voice } from '../src/core/taking';
import { Receiving } from '../src/io/livekit-receiving';
import { personOf } from '../src/io/livekit-room';
import { atDoor, inside, person, type Play } from './helpers';

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `p${index}`);
const shown = (play: Play): Readonly<Record<string, string>> => onScreen(play.meeting, cast(play.state, play.meeting), play.state.viewing.saver);
const pictures = (play: Play): readonly string[] => Object.keys(play.meeting.taken.pictures);
const LET_GO = { type: 'timer', timer: { name: 'let-go' } } as const;

/** In a room of so many others, with eight seats on a page. */
const hall = (count: number): Play => inside(...names(count)).on({ type: 'stage/seats', seats: 8 }, LET_GO);
const page = (at: number): Event => ({ type: 'stage/page', page: at });

describe('pictures', () => {
  it('are taken of the page that is open, and of those of the last page for a moment', () => {
    const play = hall(30);
    expect(pictures(play)).toEqual(names(8));
    play.on(page(1));
    expect(play.asked('timer')).toEqual({ type: 'timer', timer: { name: 'let-go' }, ms: LINGER_MS });
    expect(play.meeting.taken.lingering).toEqual(names(8));
    expect(pictures(play)).toHaveLength(16);
    play.on(LET_GO);
    expect(pictures(play)).toEqual(names(16).slice(8));
    expect(Object.keys(play.asked('call/take')?.taking.pictures ?? {})).toEqual(names(16).slice(8));
    expect(play.on(LET_GO).effects).toEqual([]);
  });

  it('do not come and go when a page is turned back and forth', () => {
    const play = hall(30);
    for (let turn = 0; turn < 6; turn++) {
      play.on(page((turn + 1) % 2));
      expect(pictures(play)).toHaveLength(16);
    }
  });

  it('go after once to twice the time, however often others leave the screen meanwhile', () => {
    const play = hall(30).on(page(1), page(2));
    expect(play.asked('timer')).toBeUndefined();
    expect(play.meeting.taken.due).toEqual(names(8).slice(4));
    play.on(LET_GO);
    expect(play.meeting.taken.lingering).toEqual(names(16).slice(8));
    expect(play.asked('timer')?.ms).toBe(LINGER_MS);
    play.on(page(0), LET_GO);
    expect(pictures(play)).toEqual([...names(8), ...names(24).slice(16)]);
    play.on(LET_GO);
    expect(pictures(play)).toEqual(names(8));
    expect(play.asked('timer')).toBeUndefined();
  });

  it('of earlier pages are let go of on the way through the whole room', () => {
    const play = hall(200);
    for (let at = 1; at < 25; at++) {
      play.on(page(at));
      expect(play.meeting.taken.lingering.length).toBeLessThanOrEqual(LINGERING);
      expect(pictures(play).length).toBeLessThanOrEqual(8 + LINGERING);
      expect(pictures(play)).toEqual(expect.arrayContaining(names(200).slice(at * 8, at * 8 + 8)));
    }
  });

  it('in the speaker view are the large one and what the strip shows', () => {
    const play = hall(30).on({ type: 'stage/layout', layout: 'speaker' }, { type: 'stage/strip', from: 0, to: 4 }, LET_GO);
    expect(play.meeting.taken.pictures).toEqual({ p0: 'high', p1: 'low', p2: 'low', p3: 'low', p4: 'low' });
    play.on({ type: 'stage/strip', from: 4, to: 8 }, LET_GO);
    expect(pictures(play)).toEqual(['p0', 'p5', 'p6', 'p7', 'p8']);
    play.on({ type: 'call/spoke', identity: 'p20', at: 9_000 }, LET_GO);
    expect(play.meeting.taken.pictures).toMatchObject({ p20: 'high' });
  });

  it('beside a screen are the screen whose tab is open and what the strip shows', () => {
    const people = [person('me'), ...names(20).map((id, at) => person(id, at < 2 ? { share: `s${at}` } : {}))];
    const play = hall(20).on({ type: 'call/people', people }, { type: 'stage/strip', from: 0, to: 2 }, LET_GO);
    expect(play.meeting.taken.pictures).toEqual({ 'p1/share': 'high', 'p0': 'low', 'p1': 'low' });
    play.on({ type: 'stage/show', share: 's0' }, LET_GO);
    expect(pictures(play)).toContain('p0/share');
    expect(pictures(play)).not.toContain('p1/share');
  });

  it('of a tile that I pinned, and of the small window, are taken wherever they sit', () => {
    const play = hall(30).on({ type: 'stage/pin', key: 'p25' }, LET_GO);
    expect(play.meeting.taken.pictures).toMatchObject({ p25: 'high' });
    play.on({ type: 'stage/pin', key: 'p25' }, { type: 'call/spoke', identity: 'p1', at: 9_000 }, page(3), { type: 'view/pip', open: true }, LET_GO);
    expect(play.meeting.taken.pictures).toMatchObject({ p1: 'medium' });
  });

  it('are smaller the more there are, and small alone where data is saved', () => {
    expect(new Set(Object.values(shown(hall(4))))).toEqual(new Set(['high']));
    expect(new Set(Object.values(shown(hall(8))))).toEqual(new Set(['medium']));
    expect(new Set(Object.values(shown(hall(30).on({ type: 'stage/seats', seats: 24 }))))).toEqual(new Set(['low']));
    const saving = hall(4).on({ type: 'view/saver', saver: 'data' });
    expect(saving.asked('call/take')?.taking.pictures).toEqual({ p0: 'low', p1: 'low', p2: 'low', p3: 'low' });
    saving.on({ type: 'call/people', people: [person('me'), ...names(4).map((id) => person(id, id === 'p0' ? { share: 's' } : {}))] }, { type: 'view/saver', saver: 'sound' });
    expect(saving.meeting.taken.pictures).toEqual({ 'p0/share': 'high' });
  });

  it('of those who left are asked for no more', () => {
    const play = hall(10).on(page(1));
    play.on({ type: 'call/people', people: [person('me'), person('p9')] });
    expect(pictures(play)).toEqual(['p9']);
    expect(play.meeting.taken.voices).toEqual(['p9']);
  });
});

const some = (count: number, change: (at: number) => Partial<Voice> = () => ({})): Voice[] =>
  names(count).map((identity, at) => ({ identity, audible: true, foremost: false, shown: false, ...change(at) }));

describe('voices', () => {
  it('of those who came while I was on the way in are taken too: what was asked for before did not name them', () => {
    const people = [person('me'), person('amara', { camera: 'c' })];
    const play = atDoor().on({ type: 'join', video: true }, { type: 'call/entered', title: 'Call', me: 'me', people, soundBlocked: false, at: 1_000 });
    expect(play.asked('call/take')?.taking.voices).toEqual(['amara']);
    expect(play.asked('call/take')?.taking.pictures).toEqual({ amara: 'high' });
  });

  it('are all taken in a room of a dozen others, of the muted too', () => {
    expect(voices([], some(VOICES, () => ({ audible: false })), SILENT)).toEqual(names(VOICES));
  });

  it('are asked for on the way in', () => {
    const people = [person('me'), ...names(30).map((id, at) => person(id, { microphone: at >= 20 }))];
    const play = atDoor().on({ type: 'join', video: true }, { type: 'call/entered', title: '', me: 'me', people, soundBlocked: false, at: 0 });
    expect(play.meeting.taken.voices).toHaveLength(VOICES);
    expect(play.meeting.taken.voices).toEqual(expect.arrayContaining(names(30).slice(20)));
  });

  it('come with the first pictures, of those who will be shown whatever is drawn', () => {
    const people = [person('me'), ...names(6).map((id, at) => person(id, at === 5 ? { share: 's' } : {}))];
    expect(firstTaken(people, 'me', 'off').pictures).toEqual({ 'p5/share': 'high', 'p0': 'medium', 'p1': 'medium', 'p2': 'medium', 'p3': 'medium' });
    expect(firstTaken(people, 'me', 'sound').pictures).toEqual({ 'p5/share': 'high' });
    expect(firstTaken([person('me'), person('a')], 'me', 'off')).toEqual({ pictures: { a: 'high' }, voices: ['a'], lingering: [], due: [] });
  });

  it('come in at once when somebody begins to talk, for whoever has been silent longest', () => {
    const play = hall(40);
    for (const identity of names(VOICES)) play.on({ type: 'call/spoke', identity, at: 0 }, { type: 'call/fell-silent', identity });
    play.on({ type: 'call/spoke', identity: 'p30', at: 0 });
    const taken = play.asked('call/take')?.taking.voices ?? [];
    expect(taken).toHaveLength(VOICES);
    expect(taken).toContain('p30');
    expect(taken).not.toContain('p0');
    expect(play.on({ type: 'call/fell-silent', identity: 'p30' }).effects).toEqual([]);
  });

  it('of somebody who talks for long are kept, whoever says a word meanwhile', () => {
    const play = hall(60).on({ type: 'call/spoke', identity: 'p0', at: 0 });
    for (const identity of names(60).slice(1)) {
      play.on({ type: 'call/spoke', identity, at: 0 }, { type: 'call/fell-silent', identity });
      expect(play.meeting.taken.voices).toContain('p0');
      expect(play.meeting.taken.voices).toContain(identity);
    }
  });

  it('are given to one who could be heard rather than to one who is muted, and not back for that', () => {
    const play = hall(30);
    const muted = (who: string | null): Event => ({
      type: 'call/people', attempt: play.state.attempt, people: [person('me'), ...names(30).map((id) => person(id, { microphone: id !== who }))],
    });
    play.on(muted('p3'));
    expect(play.meeting.taken.voices).not.toContain('p3');
    const now = play.meeting.taken.voices;
    play.on(muted(null));
    expect(play.meeting.taken.voices).toBe(now);
  });

  it('of the one who is large stay', () => {
    expect(voices(names(VOICES), some(20, (at) => ({ foremost: at === 15 })), SILENT)).toContain('p15');
  });

  it('know who talks: in the order in which they began, then in the order in which they stopped', () => {
    let talk = SILENT;
    for (const [who, talks] of [['a', true], ['b', true], ['a', true], ['a', false], ['c', true], ['b', false], ['x', false]] as const) talk = talked(talk, who, talks);
    expect(talk).toEqual({ now: ['c'], before: ['a', 'b'] });
  });
});

/** Chance that is the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

describe('whatever happens', () => {
  it.each(Array.from({ length: 24 }, (_, seed) => seed))('what is on the screen and who talks is taken, and little else (%i)', (seed) => {
    const roll = dice(seed);
    const play = hall(5 + roll(120));
    const all = [...play.meeting.people];
    // What io/ was told last: it must be what the state says, at all times.
    let wire: Taking = { pictures: play.meeting.taken.pictures, voices: play.meeting.taken.voices };
    const any = (): string => all[1 + roll(all.length - 1)]?.identity ?? 'p0';
    const change = (): Event => {
      const { attempt } = play.state;
      switch (roll(11)) {
        case 0: return { type: 'stage/page', page: roll(15) };
        case 1: return { type: 'stage/seats', seats: 1 + roll(24) };
        case 2: return { type: 'call/spoke', attempt, identity: any(), at: roll(100_000) };
        case 3: case 4: return { type: 'call/fell-silent', attempt, identity: any() };
        case 5: return { type: 'stage/pin', key: roll(2) === 0 ? any() : shareKey(any()) };
        case 6: return { type: 'stage/layout', layout: (['auto', 'grid', 'speaker', 'side'] as const)[roll(4)] ?? 'auto' };
        case 7: return { type: 'stage/strip', from: roll(6), to: 6 + roll(6) };
        case 8: return { type: 'view/saver', saver: (['off', 'off', 'off', 'data', 'sound'] as const)[roll(5)] ?? 'off' };
        case 9: return { type: 'timer', timer: { name: 'let-go' }, at: 0 };
        default: {
          const at = 1 + roll(all.length - 1);
          const one = all[at];
          if (one) all[at] = { ...one, microphone: roll(3) > 0, share: roll(12) === 0 ? `s${roll(1_000)}` : null };
          return { type: 'call/people', attempt, people: all.filter((who) => who.identity === 'me' || roll(20) > 0) };
        }
      }
    };
    let running = play.meeting.taken.due.length > 0;
    for (let step = 0; step < 200; step++) {
      const before = play.meeting.taken;
      const event = change();
      if (event.type === 'timer') running = false;
      play.on(event);
      if (play.meeting.taken.due.length === 0) running = false;
      wire = play.asked('call/take')?.taking ?? wire;
      const { taken, talk, people } = play.meeting;
      expect(wire).toEqual({ pictures: taken.pictures, voices: taken.voices });
      const here = new Set(people.map(({ identity }) => identity));
      const wanted = Object.keys(shown(play));
      expect(Object.keys(taken.pictures).toSorted()).toEqual([...wanted, ...taken.lingering].toSorted());
      expect(taken.lingering.length).toBeLessThanOrEqual(LINGERING);
      // A timer runs exactly while something lingers, and it is not begun anew meanwhile.
      if (play.effects.some((effect) => effect.type === 'timer' && effect.timer.name === 'let-go')) running = true;
      expect(running).toBe(taken.due.length > 0);
      expect(taken.due.length > 0).toBe(taken.lingering.length > 0);
      expect(taken.voices.length).toBe(Math.min(VOICES, people.length - 1));
      expect(taken.voices.every((who) => here.has(who) && who !== 'me')).toBe(true);
      const talking = talk.now.filter((who) => people.some((one) => one.identity === who && one.microphone));
      expect(talking.filter((who) => taken.voices.includes(who))).toHaveLength(Math.min(VOICES, talking.length));
      // Nobody who talked and was heard is let go of while talking, unless muted or gone.
      if (talking.length <= VOICES) expect(talking.every((who) => taken.voices.includes(who))).toBe(true);
      // Nothing is asked for twice.
      if (play.asked('call/take')) expect(wire).not.toEqual({ pictures: before.pictures, voices: before.voices });
    }
    play.on(LET_GO, LET_GO);
    expect(pictures(play).toSorted()).toEqual(Object.keys(shown(play)).toSorted());
  });
});

const nothing = (): void => undefined;

/** As much of a room as is listened to here. */
function room(...all: readonly RemoteParticipant[]): { room: Room; connect: () => void; enterAnew: () => void } {
  let heard = nothing;
  let entered = nothing;
  const made = Object.assign(Object.create(null), {
    remoteParticipants: new Map(all.map((who) => [who.identity, who])),
    once: (event: RoomEvent, then: () => void) => {
      if (event === RoomEvent.SignalConnected) heard = then;
    },
    engine: {
      on: (_: 'signalRestarted', then: () => void) => {
        entered = then;
      },
    },
  });
  return { room: made, connect: () => heard(), enterAnew: () => entered() };
}

describe('what is taken', () => {
  interface Publication { trackSid: string; source: Track.Source; kind: Track.Kind; isDesired: boolean }
  const said: string[] = [];
  const publication = (trackSid: string, source: Track.Source, kind: Track.Kind): Publication => {
    const made = {
      trackSid, source, kind, isDesired: false,
      setSubscribed: (on: boolean) => {
        made.isDesired = on;
        said.push(`${on ? '+' : '-'}${trackSid}`);
      },
      setVideoQuality: (quality: VideoQuality) => void said.push(`${trackSid} ${VideoQuality[quality]}`),
    };
    return made;
  };
  const one = (identity: string, ...tracks: readonly Publication[]): RemoteParticipant => Object.assign(Object.create(null), {
    identity,
    trackPublications: new Map(tracks.map((track) => [track.trackSid, track])),
    audioTrackPublications: new Map(),
    setVolume: () => undefined,
  });
  const camera = (sid: string): Publication => publication(sid, Track.Source.Camera, Track.Kind.Video);
  const voice = (sid: string): Publication => publication(sid, Track.Source.Microphone, Track.Kind.Audio);
  const after = (deed: () => void): readonly string[] => {
    said.length = 0;
    deed();
    return [...said];
  };

  it('is let go of before anything else is taken, and asked for once', () => {
    const { room: made, connect } = room(one('a', camera('Va'), voice('Aa')), one('b', camera('Vb'), voice('Ab')));
    const receiving = new Receiving(made);
    receiving.begin(() => ({ pictures: {}, voices: ['a', 'b'] }));
    expect(after(connect)).toEqual(['+Aa', '+Ab']);
    expect(after(() => receiving.take({ pictures: { b: 'high' }, voices: ['a', 'b'] }))).toEqual(['+Vb']);
    expect(after(() => receiving.take({ pictures: { a: 'low' }, voices: ['b'] }))).toEqual(['-Aa', '-Vb', '+Va', 'Va LOW']);
    expect(after(() => receiving.again())).toEqual([]);
    expect(after(() => receiving.take({ pictures: { a: 'high' }, voices: ['b'] }))).toEqual(['Va HIGH']);
  });

  it('is asked for again as soon as I have come in anew', () => {
    const { room: made, connect, enterAnew } = room(one('a', camera('Va'), voice('Aa')));
    const receiving = new Receiving(made);
    receiving.begin(() => ({ pictures: {}, voices: ['a'] }));
    expect(after(connect)).toEqual(['+Aa']);
    made.remoteParticipants.set('a', one('a', camera('Vc'), voice('Ac')));
    expect(after(enterAnew)).toEqual(['+Ac']);
  });

  it('is no matter to what is known of somebody: who is muted, and what is shared', () => {
    const tracks: Partial<Record<Track.Source, unknown>> = { [Track.Source.ScreenShare]: { trackSid: 'S1', isMuted: false }, [Track.Source.Camera]: { trackSid: 'V1', isMuted: false } };
    const ben = Object.assign(Object.create(null), { identity: 'ben', name: 'Ben', isMicrophoneEnabled: true, getTrackPublication: (source: Track.Source) => tracks[source] });
    expect(personOf(ben, () => 'picture')).toMatchObject({ microphone: true, camera: null, cameraHeld: false, share: 'S1', screen: null });
    const track = Object.create(RemoteTrack.prototype, { streamState: { value: Track.StreamState.Paused } });
    tracks[Track.Source.ScreenShare] = { trackSid: 'S1', isMuted: false, track };
    tracks[Track.Source.Camera] = { trackSid: 'V1', isMuted: false, track };
    expect(personOf(ben, () => 'picture')).toMatchObject({ camera: 'picture', cameraHeld: true, share: 'S1', screen: 'picture', screenHeld: true });
  });

  it('is also what somebody publishes later', () => {
    const { room: made } = room();
    const receiving = new Receiving(made);
    receiving.take({ pictures: { 'a': 'medium', 'b/share': 'high' }, voices: [] });
    expect(after(() => receiving.look(one('a', camera('Va'), voice('Aa'))))).toEqual(['+Va', 'Va MEDIUM']);
    const screen = publication('Sb', Track.Source.ScreenShare, Track.Kind.Video);
    const sound = publication('SSb', Track.Source.ScreenShareAudio, Track.Kind.Audio);
    expect(after(() => receiving.look(one('b', camera('Vb'), screen, sound)))).toEqual(['+Sb', '+SSb']);
    const unsaid = [publication('Ax', Track.Source.Unknown, Track.Kind.Audio), publication('Vx', Track.Source.Unknown, Track.Kind.Video)];
    expect(after(() => receiving.look(one('x', ...unsaid)))).toEqual(['+Ax']);
    expect(NOTHING.voices).toEqual([]);
  });
});
