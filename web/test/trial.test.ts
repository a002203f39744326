import { describe, expect, it } from 'vitest';
import type { TestEvent } from '../src/core/pages/test/page';
import { pathOf, routeOf } from '../src/core/route';
import type { Browser } from '../src/core/state';
import { reportOf } from '../src/core/trial/report';
import { itemsOf, knownOf, ready, type Item, type Outcome, type Run } from '../src/core/trial/run';
import { setUpLead, summaryOf } from '../src/core/trial/summary';
import { countOf, isNear, verdictOf, type Verdict } from '../src/core/trial/verdict';
import { counted, say, speech } from '../src/i18n/text';
import '../src/i18n/test';
import type { Trial, TrialOver, TrialWay } from '../src/proto/api.gen';
import type { Result } from '../src/proto/calls';
import { isTrial } from '../src/proto/decode';
import { fresh, me, Play, ROOM, unasked } from './helpers';

const SECRET = 'secret-token';

const way = (over: TrialOver, change: Partial<TrialWay> = {}): TrialWay =>
  ({ over, sender: SECRET, receiver: SECRET, addresses: over === 'relay' ? [] : ['203.0.113.7:7882'], reach: 'everywhere', offered: true, ...change });

const trial = (change: Partial<Trial> = {}): Trial =>
  ({ seconds: 150, certificate: 'given', certificateDays: 89, ways: (['udp', 'tcp', 'relay', 'any'] as const).map((over) => way(over)), ...change });

const GOOD: Readonly<Partial<Record<Item, Outcome>>> = {
  microphone: { is: 'device', name: 'Headset' },
  camera: { is: 'picture', name: 'Desk camera', width: 1280, height: 720 },
  socket: { is: 'answered', ms: 18.4 },
  udp: { is: 'answered', ms: 20 },
  tcp: { is: 'answered', ms: 21 },
  relay: { is: 'answered', ms: null },
  sending: { is: 'sent', width: 1280, height: 720, fps: 29.8, kbps: 1_640, sound: true },
  receiving: { is: 'received', height: 720, fps: 29.7, lost: 0.001, kbps: 1_600, sound: true },
  return: { is: 'answered', ms: 400 },
};
const SILENT: Outcome = { is: 'silent', seconds: 10 };

const { browser } = unasked();
const over = (outcomes: Readonly<Partial<Record<Item, Outcome>>>, change: Partial<Run> = {}): Run =>
  ({ ...ready('all'), id: 1, state: 'over', known: knownOf(trial()), outcomes: { ...GOOD, ...outcomes }, ...change });
/** What the page of the set-up says of it. */
const lead = (outcomes: Readonly<Partial<Record<Item, Outcome>>>): string => setUpLead({ ...over(outcomes), scope: 'ways' }, browser);
const verdict = (item: Item, run: Run, at = browser): Verdict => verdictOf(item, run, at);

describe('what a connection test means', () => {
  it('passes where everything passes, with a figure each', () => {
    const run = over({});
    expect(itemsOf('all').map((item) => verdict(item, run).is)).toEqual(Array.from({ length: 10 }, () => 'pass'));
    expect(verdict('camera', run).figure).toEqual(say('test.figure.size', { width: 1280, height: 720 }));
    expect(verdict('udp', run)).toMatchObject({ text: say('test.udp.port', { port: '7882' }), figure: say('test.figure.ms', { n: 20 }) });
    expect(verdict('relay', run).figure).toBeNull();
    expect(verdict('return', over({ return: { is: 'answered', ms: 2_252 } })).figure).toEqual(say('test.figure.s', { n: 2.3 }));
    expect(verdict('sending', run)).toMatchObject({ text: say('test.sending.pass', { height: 720, fps: 30 }), figure: say('test.figure.mbit', { n: 1.6 }) });
    expect(verdict('receiving', run).figure).toEqual(say('test.figure.lost', { n: 0.1 }));
    expect(summaryOf(run, browser)).toMatchObject({ tone: 'good', title: 'test.head.good', help: [] });
  });

  it('names the closed port, and what calls take in its place', () => {
    const udp = over({ udp: SILENT });
    expect(verdict('udp', udp)).toMatchObject({ is: 'fail', text: say('test.udp.fail', { port: '7882' }), remedy: [say('test.remedy.udp', { port: '7882' })], command: null });
    expect(summaryOf(udp, browser)).toMatchObject({ tone: 'weak', title: 'test.head.weak', lead: say('test.lead.tcp') });
    // Somebody went away before TCP was tried: then nothing is promised in its name.
    for (const tcp of [undefined, { is: 'absent' } as const]) {
      expect(verdict('udp', over({ udp: SILENT, relay: { is: 'absent' }, ...(tcp ? { tcp } : {}) }, tcp ? {} : { outcomes: { udp: SILENT } })).remedy)
        .toEqual([say(tcp ? 'test.remedy.udp.none' : 'test.remedy.udp.only', { port: '7882' })]);
    }
    const relayed = over({ udp: SILENT, tcp: SILENT });
    expect(verdict('udp', relayed).remedy).toEqual([say('test.remedy.udp.relay', { port: '7882' })]);
    expect(summaryOf(relayed, browser)).toMatchObject({ title: 'test.head.weaks', lead: say('test.lead.relay') });
    const shut = over({ udp: SILENT, tcp: SILENT, relay: SILENT, sending: { is: 'needless' }, receiving: { is: 'needless' }, return: { is: 'needless' } });
    expect(verdict('udp', shut).remedy).toEqual([say('test.remedy.udp.none', { port: '7882' })]);
    expect(verdict('sending', shut)).toMatchObject({ is: 'skip', text: say('test.skip.way') });
    expect(summaryOf(shut, browser)).toMatchObject({ tone: 'bad', title: 'test.head.bad' });
  });

  it('tells whoever runs the server what to type', () => {
    const run: Run = { ...over({ udp: SILENT }), scope: 'ways' };
    expect(verdict('udp', run).command).toBe('ufw allow 7882/udp');
    expect(countOf(run, browser)).toEqual({ done: 5, of: 5, open: 4, closed: 1 });
    expect(verdict('web', run)).toMatchObject({ is: 'pass', text: counted('test.web.days', 89, { host: 'meet.example.org' }) });
  });

  it('says when a server offers private addresses to the outside alone', () => {
    const inside = knownOf(trial({ ways: [way('udp', { addresses: ['10.0.0.5:7882'], reach: 'network' }), way('tcp'), way('relay')] }));
    const run = over({ udp: SILENT }, { known: inside });
    expect(verdict('udp', run).remedy).toEqual([say('test.remedy.private', { addresses: '10.0.0.5:7882' })]);
    expect(verdict('udp', run, { ...browser, origin: 'https://10.0.0.5:7880' }).remedy).toEqual([say('test.remedy.udp', { port: '7882' })]);
  });

  it('knows which hosts are near', () => {
    for (const host of ['localhost', 'a.localhost', 'printer', 'box.local', '127.0.0.1', '10.1.2.3', '192.168.1.1', '172.20.0.1', '100.64.0.1', '[::1]', '[fd00::1]', '[fe80::1]']) expect(isNear(host), host).toBe(true);
    for (const host of ['meet.example.org', '203.0.113.7', '172.32.0.1', '100.128.0.1', '[2001:db8::1]', '10.example.org']) expect(isNear(host), host).toBe(false);
  });

  it('says truly why there is no relay', () => {
    expect(verdict('relay', over({ relay: { is: 'absent' } }))).toMatchObject({ is: 'skip', text: say('test.skip.proxy'), remedy: [] });
    const own = over({ relay: SILENT }, { known: knownOf(trial({ certificate: 'own' })) });
    expect(verdict('relay', own)).toMatchObject({ is: 'fail', remedy: [say('test.remedy.relay.own')] });
    expect(verdict('relay', over({ relay: SILENT })).remedy).toEqual([say('test.remedy.relay')]);
  });

  it('says of Firefox that it wants a name', () => {
    const own = over({ relay: SILENT }, { known: knownOf(trial({ certificate: 'own' })) });
    const remedy = (family: Browser['family'], origin: string): unknown => verdict('relay', own, { ...browser, family, origin }).remedy;
    for (const host of ['192.168.1.5:7880', '203.0.113.7', '[2001:db8::1]', '[2001:db8::1]:7880']) {
      expect(remedy('firefox', `https://${host}`), host).toEqual([say('test.remedy.relay.address')]);
      expect(remedy('chromium', `https://${host}`), host).toEqual([say('test.remedy.relay.own')]);
    }
    expect(remedy('firefox', 'https://10.example.org')).toEqual([say('test.remedy.relay.own')]);
    // Without TLS there is nothing that wants one.
    expect(remedy('firefox', 'http://127.0.0.1:7880')).toEqual([say('test.remedy.relay.own')]);
  });

  it('tells devices from the line', () => {
    const refused = over({ camera: { is: 'trouble', trouble: 'refused-browser' } });
    expect(verdict('camera', refused)).toMatchObject({ is: 'fail', text: say('trouble.camera.refused-browser') });
    expect(verdict('camera', refused).remedy.length).toBe(3);
    expect(summaryOf(refused, browser)).toMatchObject({ tone: 'weak', title: 'test.head.devices' });
    expect(verdict('camera', over({ camera: { is: 'unasked' } })).is).toBe('skip');
    expect(verdict('microphone', over({ microphone: { is: 'device', name: '' } })).text).toEqual(say('test.microphone.pass'));
  });

  it('fails a line that loses too much', () => {
    const lossy = over({ receiving: { is: 'received', height: 720, fps: 12, lost: 0.234, kbps: 900, sound: true } });
    expect(verdict('receiving', lossy)).toMatchObject({ is: 'fail', figure: say('test.figure.lost', { n: 23 }), remedy: [say('test.remedy.loss')] });
  });

  it('says what a browser lacks, and what a page without TLS cannot do', () => {
    expect(verdict('browser', over({}), { ...browser, media: 'missing' })).toMatchObject({ is: 'fail', remedy: [say('test.remedy.browser')] });
    expect(verdict('web', over({}), { ...browser, media: 'insecure' })).toMatchObject({ is: 'fail', remedy: [say('test.remedy.web')] });
    expect(summaryOf(over({}), { ...browser, media: 'missing' }).tone).toBe('bad');
    const plain = { ...browser, media: 'insecure' } as const;
    expect(summaryOf(over({}), plain)).toMatchObject({ tone: 'bad', title: 'test.head.bad', lead: say('test.lead.insecure'), help: [say('remedy.insecure')] });
    const set: Run = { ...over({}), scope: 'ways' };
    expect(summaryOf(set, plain)).toMatchObject({ tone: 'bad', help: [say('test.remedy.web')] });
    expect(setUpLead(set, plain)).toBe('test.setup.insecure');
  });

  it('passes nothing of which nothing came', () => {
    const still = over({ sending: { is: 'sent', width: 1280, height: 720, fps: 0, kbps: 0, sound: true } });
    expect(verdict('sending', still)).toMatchObject({ is: 'fail', text: say('test.sending.still'), remedy: [say('test.remedy.still')] });
    const nothing = over({ receiving: { is: 'received', height: 0, fps: 0, lost: 0, kbps: 0, sound: true } });
    expect(verdict('receiving', nothing)).toMatchObject({ is: 'fail', text: say('test.receiving.still'), remedy: [say('test.remedy.sending')] });
    expect(summaryOf(nothing, browser).tone).toBe('weak');
    const mute = over({ sending: { is: 'sent', width: 1280, height: 720, fps: 30, kbps: 900, sound: false }, receiving: { is: 'received', height: 720, fps: 30, lost: 0, kbps: 900, sound: false } });
    expect(verdict('sending', mute)).toMatchObject({ is: 'fail', text: say('test.sending.mute') });
    expect(verdict('receiving', mute)).toMatchObject({ is: 'fail', text: say('test.receiving.mute') });
    expect(verdict('sending', over({ sending: { is: 'hidden' } })), 'nobody looked').toMatchObject({ is: 'skip', text: say('test.skip.hidden') });
  });

  it('fails a microphone that is on and silent, and says what to do', () => {
    const run = over({ microphone: { is: 'trouble', trouble: 'silent' } });
    expect(verdict('microphone', run)).toMatchObject({ is: 'fail', text: say('test.microphone.silent'), remedy: [say('test.remedy.silent')] });
    expect(summaryOf(run, browser)).toMatchObject({ title: 'test.head.devices', help: [say('test.remedy.silent')] });
  });

  it('helps first with what is worst, whatever stands first in the list', () => {
    const refused: Outcome = { is: 'trouble', trouble: 'refused-system' };
    const lossy: Outcome = { is: 'received', height: 720, fps: 12, lost: 0.2, kbps: 900, sound: true };
    const help = (outcomes: Readonly<Partial<Record<Item, Outcome>>>): unknown => summaryOf(over(outcomes), browser).help[0];
    expect(help({ camera: refused, udp: SILENT })).toEqual(say('test.remedy.udp', { port: '7882' }));
    expect(help({ microphone: refused, udp: SILENT })).toEqual(verdict('microphone', over({ microphone: refused })).remedy[0]);
    expect(help({ udp: SILENT, receiving: lossy })).toEqual(say('test.remedy.loss'));
    expect(help({ camera: refused, relay: SILENT })).toEqual(verdict('camera', over({ camera: refused })).remedy[0]);
    // Without any way the best microphone is of no use.
    const shut = { udp: SILENT, tcp: SILENT, relay: SILENT };
    expect(help({ microphone: refused, ...shut })).toEqual(say('test.remedy.udp.none', { port: '7882' }));
    expect(help({ microphone: refused, socket: SILENT, ...shut })).toEqual(say('test.remedy.socket'));
  });

  it('does not say how sound and picture pass where that was not tried', () => {
    const none = over({}, { outcomes: { socket: { is: 'answered', ms: 9 } } });
    expect(summaryOf(none, browser)).toMatchObject({ tone: 'bad', title: 'test.head.none', lead: say('test.lead.none'), help: [say('test.remedy.reload')] });
    expect(setUpLead({ ...none, scope: 'ways' }, browser)).toBe('test.lead.none');
    const refused = over({}, { outcomes: {}, known: null, problem: 'offline' });
    expect(summaryOf(refused, browser)).toMatchObject({ title: 'test.head.none', help: [say('test.remedy.offline')] });
    // Every way carries a picture, and a whole call does not: that is no call with a weak spot.
    expect(summaryOf(over({ sending: SILENT, receiving: { is: 'needless' } }), browser)).toMatchObject({ tone: 'bad', lead: say('test.lead.call') });
    // The relay alone, as for a page in a network that lets through nothing else.
    expect(summaryOf(over({ udp: { is: 'absent' }, tcp: { is: 'absent' } }), browser).lead).toEqual(say('test.lead.relay'));
  });

  it('tells whoever set the server up whom it will leave out', () => {
    expect(lead({})).toBe('test.setup.good');
    expect(lead({ udp: SILENT })).toBe('test.setup.weak');
    for (const one of ['tcp', 'relay'] as const) expect(lead({ [one]: SILENT }), one).toBe('test.setup.few');
    expect(lead({ relay: { is: 'absent' } })).toBe('test.setup.few');
    expect(lead({ udp: SILENT, tcp: SILENT })).toBe('test.setup.few');
    expect(lead({ udp: SILENT, tcp: SILENT, relay: SILENT })).toBe('test.setup.bad');
  });

  it('says numbers as the language writes them', () => {
    const run = over({ sending: { is: 'sent', width: 1280, height: 720, fps: 30, kbps: 1_640, sound: true } });
    const figure = verdict('sending', run).figure ?? say('test.title');
    expect(speech('en').text(figure)).toBe('1.6 Mbit/s');
    expect(speech('fr').text(figure)).toBe('1,6 Mbit/s');
    expect(speech('en').text(say('test.figure.size', { width: 1920, height: 1080 }))).toBe('1920 × 1080');
    const day = verdict('web', { ...run, scope: 'ways', known: knownOf(trial({ certificateDays: 1 })) }).text;
    expect(speech('en').text(day)).toBe('Certificate of meet.example.org, valid for 1 day');
    expect(speech('fr').text(day)).toBe('Certificat de meet.example.org, valable 1 jour');
  });
});

const opened = (): Play => new Play(fresh()).on({ type: 'visit', route: { to: 'test', room: ROOM.code } });
const begun = (): Play => opened().on({ type: 'test/begin', devices: true });

function runOf({ state }: Play): Run {
  if (state.page.at !== 'test') throw new Error('elsewhere');
  return state.page.run;
}

type Numbered = Extract<TestEvent, { run: number }>;

/** What io/ tells of the run that is shown. */
function tell(play: Play, ...events: readonly ((run: number) => Numbered)[]): Play {
  return play.on(...events.map((event) => event(runOf(play).id)));
}

const at = (item: Item) => (run: number): Numbered => ({ type: 'test/at', run, item });
const heard = (item: Item, outcome: Outcome) => (run: number): Numbered => ({ type: 'test/heard', run, item, outcome });
const given = (result: Result<Trial>) => (run: number): Numbered => ({ type: 'test/trial', run, result });
const ended = (run: number): Numbered => ({ type: 'test/over', run });

describe('the page of the connection test', () => {
  it('has an address that keeps the way back, and waits for no server', () => {
    expect(pathOf({ to: 'test', room: '' })).toBe('/test');
    expect(pathOf({ to: 'test', room: ROOM.code })).toBe(`/test#${ROOM.code}`);
    expect(routeOf('/test', `#${ROOM.code}`)).toEqual({ to: 'test', room: ROOM.code });
    expect(new Play(unasked()).on({ type: 'route', route: { to: 'test', room: '' } }).state.page).toMatchObject({ at: 'test', run: { state: 'ready' } });
  });

  it('asks for nothing before somebody begins', () => {
    expect(opened().asked('test/run')).toBeUndefined();
    const play = begun();
    expect(play.asked('test/run')).toMatchObject({ scope: 'all', devices: true, run: runOf(play).id });
    play.on({ type: 'test/begin', devices: true });
    expect(play.effects, 'one at a time').toEqual([]);
  });

  it('shows what is tried, what came of it, and says it', () => {
    const play = tell(begun(), at('udp'));
    expect(verdict('udp', runOf(play)).is).toBe('running');
    expect(verdict('tcp', runOf(play)).is).toBe('waiting');
    tell(play, given({ ok: true, value: trial() }), heard('udp', SILENT));
    expect(verdict('udp', runOf(play)).is).toBe('fail');
    expect(play.said).toEqual(say('test.said', { item: say('test.item.udp'), badge: say('test.badge.fail'), text: say('test.udp.fail', { port: '7882' }) }));
    tell(play, ended);
    expect(runOf(play)).toMatchObject({ state: 'over', at: null });
    expect(verdict('tcp', runOf(play))).toMatchObject({ is: 'skip', text: say('test.skip.stopped') });
  });

  it('hears the microphone while it is open', () => {
    const play = tell(begun(), heard('microphone', { is: 'device', name: 'Headset' }));
    expect(runOf(play).hears).toBe(true);
    expect(runOf(tell(begun(), heard('microphone', { is: 'trouble', trouble: 'silent' }))).hears, 'where a switch is seen to work').toBe(true);
    expect(runOf(tell(begun(), heard('microphone', { is: 'trouble', trouble: 'none' }))).hears).toBe(false);
    expect(runOf(tell(play, ended)).hears).toBe(false);
  });

  it('takes no heed of a run that was given up', () => {
    const play = begun();
    const first = runOf(play).id;
    tell(play, ended).on({ type: 'test/begin', devices: false });
    expect(runOf(play).id).not.toBe(first);
    play.on({ type: 'test/heard', run: first, item: 'udp', outcome: SILENT });
    expect(runOf(play).outcomes).toEqual({});
  });

  it('says why no test was begun', () => {
    const play = tell(begun(), given({ ok: false, problem: { code: 'too_often', message: '', wait: 9 } }), ended);
    expect(verdict('socket', runOf(play))).toMatchObject({ is: 'fail', text: say('trouble.often.in', { n: 9 }) });
    expect(verdict('udp', runOf(play))).toMatchObject({ is: 'skip', text: say('test.skip.server') });
    expect(summaryOf(runOf(play), browser).tone).toBe('bad');
  });

  it('goes back where one came from, and gives the run up', () => {
    const play = begun().on({ type: 'test/close' });
    expect(play.state.page).toMatchObject({ at: 'room', code: ROOM.code });
    expect(play.asked('test/stop')).toBeDefined();
    expect(new Play(fresh()).on({ type: 'visit', route: { to: 'test', room: '' } }, { type: 'test/close' }).state.page.at).toBe('start');
  });

  it('gives a report without secrets, once it is over', () => {
    const play = tell(begun(), given({ ok: true, value: trial() }), heard('udp', SILENT));
    expect(play.on({ type: 'test/report' }).asked('test/report')).toBeUndefined();
    tell(play, ended).on({ type: 'test/report' });
    const text = play.asked('test/report')?.text ?? '';
    expect(text).toContain('[Fail] Direct, UDP: No answer on UDP 7882 (10 s)');
    expect(text).toContain('    UDP 7882 is not reachable from your browser.');
    expect(text).toContain('UDP: 203.0.113.7:7882');
    expect(text).not.toContain(SECRET);
    expect(reportOf(play.state, runOf(play))).toBe(text);
  });

  it('leaves addresses in a report as they are, and takes the signs out', () => {
    const inside = trial({ ways: [way('udp', { addresses: ['[fd00::5]:7882'], reach: 'network' }), way('tcp'), way('relay')] });
    const play = tell(begun(), given({ ok: true, value: inside }), heard('udp', SILENT), heard('camera', { is: 'trouble', trouble: 'refused-browser' }), ended);
    const text = reportOf(play.state, runOf(play));
    expect(text).toContain('its own network: [fd00::5]:7882.');
    expect(text).toContain('Press the icon beside the address');
    expect(text).not.toContain('*');
  });

  it('runs by itself when a server was set up', () => {
    const state = fresh();
    const play = new Play({ ...state, session: { is: 'known', me: me({ admin: true }) }, page: { at: 'setup', step: { is: 'done', run: ready('ways') } } });
    play.on({ type: 'test/begin', devices: false });
    expect(play.asked('test/run')).toMatchObject({ scope: 'ways', devices: false });
  });

  it('takes nothing for a trial that is none', () => {
    expect(isTrial(trial())).toBe(true);
    expect(isTrial({ ...trial(), ways: [{ ...way('udp'), over: 'pigeon' }] })).toBe(false);
    expect(isTrial({})).toBe(false);
  });
});
