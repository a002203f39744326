// What a run of the connection test means: a verdict for each item with what to do about it. The one for all stands in `summary.ts`.

import { counted, say, type Text } from '../../i18n/text';
import { problemText } from '../calls';
import { remedy } from '../remedy';
import type { Browser, Capture } from '../state';
import { itemsOf, type Item, type Outcome, type Run, type Way } from './run';

export interface Verdict {
  readonly is: 'waiting' | 'running' | 'pass' | 'fail' | 'skip';
  readonly text: Text;
  /** One short figure. */
  readonly figure: Text | null;
  /** What to do, step by step; signs inside as in `remedy.ts`. */
  readonly remedy: readonly Text[];
  /** What to type on the server, where that is the remedy. */
  readonly command: string | null;
}

const verdict = (is: Verdict['is'], text: Text, more: Partial<Verdict> = {}): Verdict => ({ is, text, figure: null, remedy: [], command: null, ...more });

const isWay = (item: Item): item is Way => item === 'udp' || item === 'tcp' || item === 'relay';
export const isCapture = (item: Item): item is Capture => item === 'microphone' || item === 'camera';

/** Whether a way was open. */
export const isOpen = (run: Run, way: Way): boolean => run.outcomes[way]?.is === 'answered';
/** Whether it is known that a way is closed to us. */
const isShut = (run: Run, way: Way): boolean => run.outcomes[way]?.is === 'silent' || run.outcomes[way]?.is === 'absent';

/** From a second on nobody wants to know the thousandths. */
const millis = (ms: number | null): Text | null =>
  (ms === null ? null : ms < 1_000 ? say('test.figure.ms', { n: Math.round(ms) }) : say('test.figure.s', { n: Math.round(ms / 100) / 10 }));
const rate = (kbps: number): Text =>
  (kbps >= 1_000 ? say('test.figure.mbit', { n: Math.round(kbps / 100) / 10 }) : say('test.figure.kbit', { n: Math.round(kbps) }));

/** What is to be said of an item now. */
export function verdictOf(item: Item, run: Run, browser: Browser): Verdict {
  // Both are known without trying.
  if (item === 'browser' || item === 'web') return run.state === 'ready' ? waiting(item, run) : itself(item, run, browser);
  const outcome = run.outcomes[item];
  if (outcome) return judge(item, outcome, run, browser);
  if (run.at === item && run.state === 'running') return verdict('running', waiting(item, run).text);
  if (run.problem !== null) {
    return item === 'socket'
      ? verdict('fail', problemText(run.problem), { remedy: [say(run.problem === 'offline' ? 'test.remedy.offline' : 'test.remedy.refused')] })
      : verdict('skip', say('test.skip.server'));
  }
  if (run.state === 'over') return verdict('skip', say('test.skip.stopped'));
  return waiting(item, run);
}

function waiting(item: Item, run: Run): Verdict {
  if ((item === 'udp' || item === 'tcp') && run.known) return verdict('waiting', say(`test.${item}.port`, { port: run.known.ways[item].port }));
  return verdict('waiting', say(`test.${item}.wait`));
}

/** The browser, and the page as it came. */
function itself(item: 'browser' | 'web', run: Run, browser: Browser): Verdict {
  if (browser.media === 'insecure') return verdict('fail', say('trouble.insecure'), { remedy: [say(item === 'web' ? 'test.remedy.web' : 'remedy.insecure')] });
  if (item === 'web') {
    const { known } = run;
    if (known && known.days !== null) return verdict('pass', counted('test.web.days', known.days, { host: hostOf(browser.origin) }));
    return verdict('pass', say('test.web.pass', { origin: browser.origin }));
  }
  if (browser.media === 'missing') return verdict('fail', say('trouble.browser'), { remedy: [say('test.remedy.browser')] });
  return verdict('pass', say('test.browser.pass'));
}

function judge(item: Exclude<Item, 'web' | 'browser'>, outcome: Outcome, run: Run, browser: Browser): Verdict {
  switch (outcome.is) {
    case 'device': return verdict('pass', named(item, outcome.name));
    case 'picture': return verdict('pass', named(item, outcome.name), { figure: say('test.figure.size', { width: outcome.width, height: outcome.height }) });
    case 'trouble': {
      const of = isCapture(item) ? item : 'both';
      const { trouble } = outcome;
      if (trouble === 'silent') return verdict('fail', say('test.microphone.silent'), { remedy: [say('test.remedy.silent')] });
      return verdict('fail', say(`trouble.${of === 'both' ? 'camera' : of}.${trouble}`), { remedy: remedy(trouble, browser, of, 'call') });
    }
    case 'unasked': return verdict('skip', say('test.skip.device'));
    case 'needless': return verdict('skip', say('test.skip.way'));
    case 'absent': return verdict('skip', say('test.skip.proxy'));
    case 'answered': return verdict('pass', answered(item, run), { figure: millis(outcome.ms) });
    case 'silent': return silent(item, outcome.seconds, run, browser);
    case 'hidden': return verdict('skip', say('test.skip.hidden'));
    case 'sent': {
      const figure = rate(outcome.kbps);
      if (outcome.fps < STILL) return verdict('fail', say('test.sending.still'), { figure, remedy: [say('test.remedy.still')] });
      if (!outcome.sound) return verdict('fail', say('test.sending.mute'), { figure, remedy: [say('test.remedy.mute')] });
      return verdict('pass', say('test.sending.pass', { height: outcome.height, fps: Math.round(outcome.fps) }), { figure });
    }
    case 'received': {
      const figure = say('test.figure.lost', { n: outcome.lost >= 0.1 ? Math.round(outcome.lost * 100) : Math.round(outcome.lost * 1_000) / 10 });
      if (outcome.lost >= LOSS) return verdict('fail', say('test.receiving.lost'), { figure, remedy: [say('test.remedy.loss')] });
      // What never came is lost as well, though nobody counts it.
      if (outcome.fps < STILL) return verdict('fail', say('test.receiving.still'), { remedy: [say('test.remedy.sending')] });
      if (!outcome.sound) return verdict('fail', say('test.receiving.mute'), { figure, remedy: [say('test.remedy.mute')] });
      return verdict('pass', say('test.sending.pass', { height: outcome.height, fps: Math.round(outcome.fps) }), { figure });
    }
  }
}

const named = (item: Item, name: string): Text => (name === '' ? say(item === 'camera' ? 'test.camera.pass' : 'test.microphone.pass') : say('test.named', { name }));

function answered(item: Item, run: Run): Text {
  if (item === 'relay') return say('test.relay.port');
  if (isWay(item)) return say(`test.${item}.port`, { port: run.known?.ways[item].port ?? '' });
  return item === 'return' ? say('test.return.pass') : say('test.socket.pass');
}

function silent(item: Item, seconds: number, run: Run, browser: Browser): Verdict {
  const figure = say('test.figure.s', { n: seconds });
  if (isWay(item)) return closed(item, figure, run, browser);
  switch (item) {
    case 'socket': return verdict('fail', say('test.socket.fail'), { figure, remedy: [say('test.remedy.socket')] });
    case 'return': return verdict('fail', say('test.return.fail'), { figure, remedy: [say('test.remedy.return')] });
    default: return verdict('fail', say('test.sending.fail'), { figure, remedy: [say('test.remedy.sending')] });
  }
}

/** A way that is closed: why, and what there is in its place. */
function closed(way: Way, figure: Text, run: Run, browser: Browser): Verdict {
  const known = run.known?.ways[way];
  const port = known?.port ?? '';
  if (way === 'relay') {
    return verdict('fail', say('test.relay.fail'), { figure, remedy: [say(relayRemedy(run, browser))] });
  }
  const text = say(`test.${way}.fail`, { port });
  // Nothing can come from outside to an address that only the inside knows.
  if (known && known.reach !== 'everywhere' && !isNear(hostOf(browser.origin))) {
    return verdict('fail', text, { figure, remedy: [say('test.remedy.private', { addresses: known.addresses.join(', ') })] });
  }
  const command = run.scope === 'ways' ? `ufw allow ${port}/${way}` : null;
  return verdict('fail', text, { figure, command, remedy: [say(remedyOf(way, run), { port })] });
}

type WayRemedy = 'test.remedy.udp' | 'test.remedy.udp.relay' | 'test.remedy.udp.none' | 'test.remedy.udp.only' | 'test.remedy.tcp';

/** What is promised in the place of a closed way was tried, and carries. */
function remedyOf(way: 'udp' | 'tcp', run: Run): WayRemedy {
  if (way === 'tcp') return 'test.remedy.tcp';
  if (isOpen(run, 'tcp')) return 'test.remedy.udp';
  if (isOpen(run, 'relay')) return 'test.remedy.udp.relay';
  return isShut(run, 'tcp') && isShut(run, 'relay') ? 'test.remedy.udp.none' : 'test.remedy.udp.only';
}

/** Firefox speaks TLS with a relay under a name alone, whoever vouches for the address (`TLS requires FQDN` in its log). */
function relayRemedy(run: Run, { family, system, origin }: Browser): 'test.remedy.relay' | 'test.remedy.relay.own' | 'test.remedy.relay.address' {
  // On iOS it is Safari underneath.
  if (family === 'firefox' && system !== 'ios' && origin.startsWith('https:') && isAddress(hostOf(origin))) return 'test.remedy.relay.address';
  return run.known?.certificate === 'own' ? 'test.remedy.relay.own' : 'test.remedy.relay';
}

/** The host of an origin, without its port; an IPv6 address keeps its brackets. */
const hostOf = (origin: string): string => origin.replace(/^\w+:\/\//, '').replace(/:\d+$/, '');

/** Whether a host is an address and no name. */
const isAddress = (host: string): boolean => host.startsWith('[') || /^[\d.]+$/.test(host);

/** Whether a host is this machine or on a local network: there, private addresses are the right ones. */
export function isNear(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost') || name.endsWith('.local') || !/[.:]/.test(name)) return true;
  if (name.includes(':')) return name === '::1' || /^f[cd]|^fe[89ab]/.test(name);
  const parts = name.split('.').map(Number);
  const [a = 256, b = 256] = parts;
  if (parts.length !== 4 || !parts.every((part) => part >= 0 && part <= 255)) return false;
  return a === 127 || a === 10 || (a === 192 && b === 168) || (a === 172 && b >= 16 && b <= 31) || (a === 100 && b >= 64 && b <= 127) || (a === 169 && b === 254);
}

/** How many have been tried, and how many of the ways are open. */
export function countOf(run: Run, browser: Browser): { readonly done: number; readonly of: number; readonly open: number; readonly closed: number } {
  const all = itemsOf(run.scope).map((item) => verdictOf(item, run, browser).is);
  const count = (...kinds: readonly Verdict['is'][]): number => all.filter((is) => kinds.includes(is)).length;
  return { done: count('pass', 'fail', 'skip'), of: all.length, open: count('pass'), closed: count('fail') };
}

/** The share of packets from which on people notice, in spite of all repair. */
const LOSS = 0.05;
/** Of fewer pictures than this in a second nothing moves. Weak cameras in the dark give seven, busy computers three. */
const STILL = 1;
