import { describe, expect, it, vi, afterEach } from 'vitest';
import { FIT, fitted, natural, pan, wheeled, zoomTo } from '../src/core/layout/zoom';
import { exchanged } from '../src/core/layout/order';
import { cast, line, pipOf, shareShown, stageKind, type TileView } from '../src/core/selectors';
import { hear, SILENCE } from '../src/core/view-voice';
import { earOf, personOf, VIEWING, withEar } from '../src/core/viewing';
import { say } from '../src/i18n/text';
import { keepViewing, recallViewing } from '../src/io/viewing-kept';
import { inside, person, type Play } from './helpers';

const there = (play: Play): ReturnType<typeof cast> => cast(play.state, play.meeting);
const kind = (play: Play): string => stageKind(play.meeting, there(play));
const keys = (views: readonly TileView[]): readonly string[] => views.map((view) => view.key);
const line2 = (play: Play): { large: string | undefined; strip: readonly string[] } => {
  const { large, strip } = line(play.meeting, there(play));
  return { large: large?.key, strip: keys(strip) };
};

describe('a pin', () => {
  it('makes somebody large for me, in any layout, until it is let go', () => {
    const play = inside('a', 'b', 'c').on({ type: 'stage/pin', key: 'b' });
    expect(kind(play)).toBe('speaker');
    expect(line2(play)).toEqual({ large: 'b', strip: ['a', 'c', 'me'] });
    play.on({ type: 'call/spoke', identity: 'c', at: 5_000 });
    expect(line2(play).large).toBe('b');
    expect(there(play).others.map((view) => view.pinned)).toEqual([false, true, false]);
    play.on({ type: 'stage/pin', key: 'b' });
    expect(kind(play)).toBe('grid');
  });

  it('on me, on a screen, and on the only other one', () => {
    const play = inside('a', 'b').on({ type: 'stage/pin', key: 'me' });
    expect(line2(play)).toEqual({ large: 'me', strip: ['a', 'b'] });
    play.on({ type: 'call/people', people: [person('me'), person('a', { share: 's1' }), person('b', { share: 's2' })] });
    expect(kind(play)).toBe('speaker');
    play.on({ type: 'stage/layout', layout: 'grid' });
    expect(kind(play)).toBe('grid');
    play.on({ type: 'stage/pin', key: 'b/share' });
    expect(kind(play)).toBe('share');
    expect(shareShown(play.meeting, there(play))?.key).toBe('b/share');
    play.on({ type: 'stage/show', share: 's1' });
    expect(play.meeting.pinned).toBeNull();
    expect(kind(inside('a').on({ type: 'stage/pin', key: 'a' }))).toBe('duo');
  });

  it('goes with the tile, and with the choice of a layout', () => {
    const play = inside('a', 'b').on({ type: 'call/people', people: [person('me'), person('a', { share: 's1' }), person('b')] });
    play.on({ type: 'stage/pin', key: 'a/share' }, { type: 'call/people', people: [person('me'), person('a'), person('b')] });
    expect(play.meeting.pinned).toBeNull();
    play.on({ type: 'stage/pin', key: 'a' }, { type: 'call/people', people: [person('me'), person('b')] });
    expect(play.meeting.pinned).toBeNull();
    play.on({ type: 'stage/pin', key: 'b' }, { type: 'stage/layout', layout: 'speaker' });
    expect(play.meeting.pinned).toBeNull();
  });
});

describe('the speaker view', () => {
  it('has whoever becomes large change places with the one before, and moves nobody else', () => {
    const play = inside('a', 'b', 'c', 'd').on({ type: 'stage/layout', layout: 'speaker' });
    expect(line2(play)).toEqual({ large: 'a', strip: ['b', 'c', 'd', 'me'] });
    play.on({ type: 'call/spoke', identity: 'c', at: 5_000 });
    expect(line2(play)).toEqual({ large: 'c', strip: ['b', 'a', 'd', 'me'] });
    play.on({ type: 'call/spoke', identity: 'd', at: 8_000 });
    expect(line2(play)).toEqual({ large: 'd', strip: ['b', 'a', 'c', 'me'] });
    expect(exchanged(['a', 'b'], 'x')).toEqual(['a', 'b']);
  });

  it('changes at most every two seconds, and then to who spoke last', () => {
    const play = inside('a', 'b', 'c').on({ type: 'stage/layout', layout: 'speaker' }, { type: 'call/spoke', identity: 'a', at: 10_000 });
    play.on({ type: 'call/spoke', identity: 'b', at: 10_500 });
    expect(play.asked('timer')).toEqual({ type: 'timer', timer: { name: 'turn' }, ms: 1_500 });
    play.on({ type: 'call/spoke', identity: 'c', at: 11_000 });
    expect(line2(play).large).toBe('a');
    play.on({ type: 'timer', timer: { name: 'turn' } });
    expect(line2(play).large).toBe('c');
    play.on({ type: 'call/spoke', identity: 'b', at: 13_000 });
    expect(line2(play).large).toBe('c');
    play.on({ type: 'call/people', people: [person('me'), person('a'), person('c')] }, { type: 'timer', timer: { name: 'turn' } });
    expect(line2(play).large).toBe('c');
  });
});

describe('my own picture', () => {
  it('can be hidden from me, but not where nothing else would be seen', () => {
    const play = inside('a', 'b').on({ type: 'view/self', hidden: true });
    expect(there(play).mine).toBeNull();
    expect(play.asked('view/keep')?.viewing.selfHidden).toBe(true);
    play.on({ type: 'call/people', people: [person('me')] });
    expect(there(play).mine?.key).toBe('me');
  });

  it('stays in its corner for the next visit', () => {
    const play = inside('a').on({ type: 'stage/corner', corner: 'top-start' });
    expect(play.meeting.corner).toBe('top-start');
    expect(play.asked('view/keep')?.viewing.corner).toBe('top-start');
  });
});

describe('how loud I hear somebody', () => {
  it('is kept by person, for each of their devices', () => {
    expect(personOf('acc~phone')).toBe('acc');
    expect(personOf('plain')).toBe('plain');
    const play = inside('acc~1', 'b').on({ type: 'view/volume', identity: 'acc~1', volume: 60 });
    expect(play.asked('view/apply')?.viewing.ears).toEqual({ acc: { volume: 60, hushed: false } });
    expect(earOf(play.state.viewing, 'acc~2').volume).toBe(60);
    play.on({ type: 'view/hush', identity: 'acc~1' });
    expect(there(play).others[0]).toMatchObject({ hushed: true, volume: 60 });
    expect(there(play).others[0]?.muted).toBe(false);
    play.on({ type: 'view/volume', identity: 'acc~1', volume: 120 });
    expect(play.state.viewing.ears).toEqual({});
  });

  it('is forgotten for those adjusted longest ago', () => {
    let viewing = VIEWING;
    for (let n = 0; n < 250; n++) viewing = withEar(viewing, `p${n}~1`, { volume: 40 });
    expect(Object.keys(viewing.ears)).toHaveLength(200);
    expect(earOf(viewing, 'p0~1').volume).toBe(100);
    expect(earOf(viewing, 'p249~1').volume).toBe(40);
  });

  it('survives a visit, and nonsense in the storage does not', () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) });
    expect(recallViewing()).toEqual(VIEWING);
    const viewing = withEar({ ...VIEWING, saver: 'data', blur: true, selfHidden: true, corner: 'top-end' }, 'a~1', { volume: 20, hushed: true });
    keepViewing(viewing);
    expect(recallViewing()).toEqual(viewing);
    kept.set('parlor.viewing', JSON.stringify({ saver: 'x', corner: 7, ears: { a: { volume: 'loud' }, b: 3, c: { volume: 900 } } }));
    expect(recallViewing()).toEqual(VIEWING);
    kept.set('parlor.viewing', '{');
    expect(recallViewing()).toEqual(VIEWING);
  });

  afterEach(() => vi.unstubAllGlobals());
});

describe('saving data', () => {
  it('shows no pictures of others where there is sound only, but their screens, and turns my camera off', () => {
    const play = inside('a').on({ type: 'call/people', people: [person('me'), person('a', { camera: 'v1', share: 's1' })] });
    expect(there(play).others[0]?.track).toBe('v1');
    play.on({ type: 'view/saver', saver: 'sound' });
    expect(there(play).others[0]?.track).toBeNull();
    expect(there(play).shares[0]?.track).toBe('s1');
    expect(play.asked('call/switch')).toMatchObject({ kind: 'camera', on: false });
    expect(play.state.devices.camera.wanted).toBe(false);
    expect(play.state.toast?.text).toEqual(say('meeting.saver.told.sound'));
    play.on({ type: 'view/saver', saver: 'off' });
    expect(there(play).others[0]?.track).toBe('v1');
    expect(play.asked('call/switch')).toBeUndefined();
  });

  it('is told to the session as it begins', () => {
    const play = inside('a').on({ type: 'view/saver', saver: 'data' });
    expect(play.asked('view/apply')?.viewing.saver).toBe('data');
    expect(play.state.devices.camera.wanted).toBe(true);
  });
});

describe('noise suppression and blur', () => {
  it('are switched where the browser was tried with them, and nowhere else', () => {
    const play = inside('a').on({ type: 'view/dress', dressing: 'blur', on: true });
    expect(play.asked('view/apply')?.viewing.blur).toBe(true);
    play.on({ type: 'view/dress', dressing: 'blur', on: false });
    const elsewhere = inside('a');
    elsewhere.state = { ...elsewhere.state, browser: { ...elsewhere.state.browser, dressing: { noise: false, blur: false } } };
    elsewhere.on({ type: 'view/dress', dressing: 'noise', on: true });
    expect(elsewhere.effects).toEqual([]);
  });

  it('that do not start stand as off, and nobody loses their camera by it', () => {
    const play = inside('a').on({ type: 'view/dress', dressing: 'blur', on: true }, { type: 'call/undressed', dressing: 'blur', ran: false });
    expect(play.state.viewing.blur).toBe(false);
    expect(play.state.toast?.text).toEqual(say('meeting.blur.failed'));
    expect(play.state.devices.camera.wanted).toBe(true);
  });

  it('that takes too much is told until I say what to do about it', () => {
    const slow = { type: 'call/strained', dressing: 'blur' } as const;
    const play = inside('a').on(slow);
    expect(play.meeting.strained).toBeNull();
    play.on({ type: 'view/dress', dressing: 'blur', on: true }, slow);
    expect(play.meeting.strained).toBe('blur');
    play.on({ type: 'view/bear' });
    expect(play.meeting.strained).toBeNull();
    expect(play.state.viewing.blur).toBe(true);
    play.on(slow, { type: 'view/dress', dressing: 'blur', on: false });
    expect(play.meeting.strained).toBeNull();
    play.on({ type: 'view/dress', dressing: 'blur', on: true }, slow, { type: 'call/undressed', dressing: 'blur', ran: true });
    expect(play.meeting.strained).toBeNull();
  });

  it('close the camera before the blur is taken off that broke', () => {
    const play = inside('a').on({ type: 'view/dress', dressing: 'blur', on: true }, { type: 'call/undressed', dressing: 'blur', ran: true });
    expect(play.effects.map(({ type }) => type).slice(0, 3)).toEqual(['call/switch', 'view/keep', 'view/apply']);
    expect(play.state.devices.camera.wanted).toBe(false);
    expect(play.state.toast?.text).toEqual(say('meeting.blur.broken'));
  });
});

describe('my share', () => {
  it('is paused and goes on, and is tuned', () => {
    const play = inside('a').on({ type: 'share/pause' });
    expect(play.effects).toEqual([]);
    play.on({ type: 'call/share' }, { type: 'call/shared', sharing: true }, { type: 'call/share-mode', mode: 'motion' });
    expect(play.meeting.shareMode).toBe('motion');
    play.on({ type: 'share/mode', mode: 'text' });
    expect(play.asked('share/mode')).toEqual({ type: 'share/mode', mode: 'text' });
    play.on({ type: 'share/pause' });
    expect(play.asked('share/pause')).toEqual({ type: 'share/pause', on: true });
    expect(play.said).toEqual(say('meeting.share.told-paused'));
    play.on({ type: 'share/pause' });
    expect(play.asked('share/pause')).toEqual({ type: 'share/pause', on: false });
    play.on({ type: 'share/pause' }, { type: 'call/shared', sharing: false });
    expect(play.meeting.sharePaused).toBe(false);
  });

  it('of somebody else says that it is paused, and stays on the stage', () => {
    const play = inside('a').on({ type: 'call/people', people: [person('me'), person('a', { share: 's1', sharePaused: true })] });
    expect(kind(play)).toBe('share');
    expect(there(play).shares[0]).toMatchObject({ track: 's1', paused: true });
  });
});

const muted = (): Play => inside('a').on({ type: 'devices/toggle', kind: 'microphone' });

/** After each of these levels: whether it has just become a voice. */
function heard(...levels: readonly number[]): readonly boolean[] {
  let hearing = SILENCE;
  return levels.map((level) => {
    hearing = hear(hearing, level);
    return hearing.talks;
  });
}

describe('talking while muted', () => {
  it('is said, and not again for half a minute', () => {
    const play = muted().on({ type: 'call/talking', at: 10_000 });
    expect(play.state.toast?.text).toEqual(say('meeting.you-are-muted', { key: 'M', hold: say('key.space') }));
    const first = play.state.toast?.id;
    play.on({ type: 'call/talking', at: 30_000 });
    expect(play.state.toast?.id).toBe(first);
    play.on({ type: 'call/talking', at: 40_000 });
    expect(play.state.toast?.id).not.toBe(first);
  });

  it('names keys that work, and is not said to those who are heard', () => {
    const play = muted().on({ type: 'settings/letter-keys', on: false }, { type: 'call/talking', at: 10_000 });
    expect(play.state.toast?.text).toEqual(say('meeting.you-are-muted.ctrl', { key: say('key.ctrl', { key: 'D' }) }));
    expect(inside('a').on({ type: 'call/talking', at: 10_000 }).state.toast).toBeNull();
  });

  it('is a voice for a while, and not a cough', () => {
    expect(heard(0.3, 0.3, 0.001, 0, 0, 0, 0, 0, 0.2, 0.2)).not.toContain(true);
    expect(heard(0.05, 0.06, 0.01, 0.05, 0.04, 0.05)).toEqual([false, false, false, false, false, true]);
  });
});

describe('my weak line', () => {
  it('is said once, while my camera is on', () => {
    const weak = [person('me', { connection: 'weak' }), person('a')];
    const play = inside('a').on({ type: 'call/people', people: weak });
    expect(play.state.toast?.text).toEqual(say('meeting.weak'));
    const { id } = play.state.toast ?? {};
    play.on({ type: 'call/people', people: [person('me'), person('a')] }, { type: 'call/people', people: weak });
    expect(play.state.toast?.id).toBe(id);
  });
});

describe('the small window', () => {
  it('opens and closes, and shows what matters', () => {
    const play = inside('a', 'b').on({ type: 'stage/pip' });
    expect(play.asked('pip')).toEqual({ type: 'pip', on: true, key: 'a' });
    play.on({ type: 'view/pip', open: true }, { type: 'stage/pip' });
    expect(play.asked('pip')?.on).toBe(false);
    play.on({ type: 'call/people', people: [person('me'), person('a'), person('b', { share: 's1' })] });
    expect(pipOf(play.meeting, there(play))?.key).toBe('b/share');
    play.on({ type: 'stage/pin', key: 'a' });
    expect(pipOf(play.meeting, there(play))?.key).toBe('a');
    play.on({ type: 'call/people', people: [person('me')] });
    expect(pipOf(play.meeting, there(play))?.key).toBe('me');
    play.state = { ...play.state, browser: { ...play.state.browser, pictureInPicture: 'none' } };
    expect(play.on({ type: 'stage/pip' }).effects).toEqual([]);
  });
});

describe('a screen seen closer', () => {
  const FRAME = { width: 800, height: 600 };
  const PICTURE = { width: 1_600, height: 900 };

  it('lies whole in its frame at first', () => {
    expect(fitted(FRAME, PICTURE)).toEqual({ width: 800, height: 450 });
    expect(natural(FRAME, PICTURE, 1)).toBe(2);
    expect(natural(FRAME, PICTURE, 2)).toBe(1);
    expect(fitted(FRAME, { width: 0, height: 0 })).toEqual(FRAME);
  });

  it('keeps what lies under the pointer, and never leaves the frame', () => {
    const at = { x: 100, y: -50 };
    const now = zoomTo(FIT, 4, at, FRAME, PICTURE);
    // The point of the picture under the pointer, before and after.
    expect({ x: (at.x - now.x) / 4, y: (at.y - now.y) / 4 }).toEqual(at);
    const far = pan(now, 10_000, -10_000, FRAME, PICTURE);
    expect(far).toEqual({ scale: 4, x: (800 * 4 - 800) / 2, y: -(450 * 4 - 600) / 2 });
    expect(zoomTo(far, 1, { x: 0, y: 0 }, FRAME, PICTURE)).toMatchObject({ scale: 1, x: 0, y: expect.closeTo(0) });
    expect(zoomTo(now, 99, at, FRAME, PICTURE).scale).toBe(8);
    expect(wheeled(-400)).toBe(2);
    expect(wheeled(400)).toBe(0.5);
  });
});

const sharing = (): Play => inside('a').on({ type: 'call/share' }, { type: 'call/shared', sharing: true });

describe('the sound of my share', () => {
  it('is switched where there is some, and nowhere else', () => {
    const play = sharing().on({ type: 'share/sound' });
    expect(play.effects).toEqual([]);
    play.on({ type: 'call/share-sound', there: true });
    expect(play.meeting.shareSound).toBe('on');
    play.on({ type: 'share/sound' });
    expect(play.asked('share/sound')).toEqual({ type: 'share/sound', on: false });
    expect(play.said).toEqual(say('meeting.share.told-sound.off'));
    play.on({ type: 'call/share-sound', there: true }); // sent anew
    expect(play.meeting.shareSound).toBe('off');
    expect(play.on({ type: 'share/sound' }).asked('share/sound')?.on).toBe(true);
    play.on({ type: 'call/share-sound', there: false });
    expect(play.meeting.shareSound).toBe('none');
  });

  it('goes with the share', () => {
    const play = sharing().on({ type: 'call/share-sound', there: true }, { type: 'share/sound' }, { type: 'call/shared', sharing: false }, { type: 'call/share' }, { type: 'call/shared', sharing: true }, { type: 'call/share-sound', there: true });
    expect(play.meeting.shareSound).toBe('on');
  });
});
