// What a browser measures of a meeting, out of getStats(): how it sounds and looks for its person. Pure; io/livekit-measuring asks.

/** What has come and gone since the beginning, by the stream: streams begin and end. Times in seconds, as getStats() has them. */
export interface Totals {
  /** `all`: samples of sound that were to be played; `bad`: those of them that were made up. */
  readonly sounds: Readonly<Record<string, Count>>;
  /** `all`: pictures that came; `bad`: those of them that were not drawn. */
  readonly pictures: Readonly<Record<string, Count>>;
  /** For how long it stood still. */
  readonly frozen: Readonly<Record<string, number>>;
  /** For how long its pictures were smaller since the computer could not do more. */
  readonly strained: Readonly<Record<string, number>>;
}

interface Count {
  readonly all: number;
  readonly bad: number;
}

/** What is told of a span; see `Measured` of the API. */
export interface Felt {
  readonly span: number;
  readonly concealed: number;
  readonly frozen: number;
  readonly dropped: number;
  readonly strained: number;
}

/** How often it is told: three times in each minute that the server keeps. */
export const MEASURE_MS = 20_000;
/** The longest span that the server takes: pages that slept say no more. */
const LONGEST_MS = 600_000;
/** Of fewer pictures than this nothing can be said: a tile that was just opened, or a screen that stands still. */
const FEW_PICTURES = 50;

export function totalsOf(report: Iterable<unknown>): Totals {
  const sounds: Record<string, Count> = {};
  const pictures: Record<string, Count> = {};
  const frozen: Record<string, number> = {};
  const strained: Record<string, number> = {};
  for (const one of report) {
    if (!isEntry(one)) continue;
    const id = String(one['id']);
    const number = (name: string): number => (typeof one[name] === 'number' ? one[name] : 0);
    if (one['type'] === 'inbound-rtp' && one['kind'] === 'audio') {
      // Between words nothing is sent, and what is made up there is silence.
      sounds[id] = { all: number('totalSamplesReceived'), bad: Math.max(0, number('concealedSamples') - number('silentConcealedSamples')) };
    }
    if (one['type'] === 'inbound-rtp' && one['kind'] === 'video') {
      pictures[id] = { all: number('framesReceived'), bad: number('framesDropped') };
      frozen[id] = number('totalFreezesDuration');
    }
    if (one['type'] === 'outbound-rtp' && one['kind'] === 'video') {
      const limits = one['qualityLimitationDurations'];
      strained[id] = isEntry(limits) && typeof limits['cpu'] === 'number' ? limits['cpu'] : 0;
    }
  }
  return { sounds, pictures, frozen, strained };
}

const isEntry = (one: unknown): one is Record<string, unknown> => typeof one === 'object' && one !== null;

/** In thousandths. */
const part = (some: number, all: number): number => (all > 0 ? Math.round(Math.min(1, Math.max(0, some / all)) * 1_000) : 0);

/** What was added since the last look. A stream that was made anew under an old name begins to count anew. */
const added = (was: number | undefined, is: number): number => (was === undefined || is < was ? is : is - was);

/** Of all streams that there are now. */
function sum(was: Totals['sounds'], is: Totals['sounds']): Count {
  const each = Object.entries(is).map(([id, { all, bad }]): Count => {
    const old = was[id];
    // Both count from one beginning.
    return old === undefined || all < old.all ? { all, bad } : { all: all - old.all, bad: bad - old.bad };
  });
  return { all: each.reduce((before, { all }) => before + all, 0), bad: each.reduce((before, { bad }) => before + bad, 0) };
}

/** Of the stream of which it was the longest, in milliseconds. */
const longest = (was: Totals['frozen'], is: Totals['frozen']): number =>
  Math.max(0, ...Object.entries(is).map(([id, seconds]) => added(was[id], seconds))) * 1_000;

/** What happened between two looks. `drawn`: the page was seen all the time; one that is not draws no pictures, and need not. */
export function felt(before: Totals, now: Totals, span: number, drawn: boolean): Felt {
  const whole = Math.round(Math.min(LONGEST_MS, Math.max(1, span)));
  const [sounds, pictures] = [sum(before.sounds, now.sounds), sum(before.pictures, now.pictures)];
  return {
    span: whole,
    concealed: part(sounds.bad, sounds.all),
    frozen: drawn ? Math.round(Math.min(whole, longest(before.frozen, now.frozen))) : 0,
    dropped: drawn && pictures.all >= FEW_PICTURES ? part(pictures.bad, pictures.all) : 0,
    strained: part(longest(before.strained, now.strained), whole),
  };
}

/** The packets of sound that have left, of what sends one voice. */
export function voiceSent(report: Iterable<unknown>): number {
  let sent = 0;
  for (const one of report) {
    if (isEntry(one) && one['type'] === 'outbound-rtp' && one['kind'] === 'audio' && typeof one['packetsSent'] === 'number') sent += one['packetsSent'];
  }
  return sent;
}
