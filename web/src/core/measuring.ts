// What a browser measures of a meeting, out of getStats(): how it sounds and looks for its person. Pure; io/livekit-measuring asks.

/** What has come and gone since the beginning. Times in seconds, as getStats() has them. */
export interface Totals {
  /** Samples of sound that were to be played, and those of them that were made up. */
  readonly samples: number;
  readonly concealed: number;
  /** Pictures that came, and those of them that were not drawn. */
  readonly pictures: number;
  readonly dropped: number;
  /** By the stream: for how long it stood still, and for how long its pictures were smaller since the computer could not do more. */
  readonly frozen: Readonly<Record<string, number>>;
  readonly strained: Readonly<Record<string, number>>;
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
  let [samples, concealed, pictures, dropped] = [0, 0, 0, 0];
  const frozen: Record<string, number> = {};
  const strained: Record<string, number> = {};
  for (const one of report) {
    if (!isEntry(one)) continue;
    const id = String(one['id']);
    const number = (name: string): number => (typeof one[name] === 'number' ? one[name] : 0);
    if (one['type'] === 'inbound-rtp' && one['kind'] === 'audio') {
      samples += number('totalSamplesReceived');
      // Between words nothing is sent, and what is made up there is silence.
      concealed += Math.max(0, number('concealedSamples') - number('silentConcealedSamples'));
    }
    if (one['type'] === 'inbound-rtp' && one['kind'] === 'video') {
      pictures += number('framesReceived');
      dropped += number('framesDropped');
      frozen[id] = number('totalFreezesDuration');
    }
    if (one['type'] === 'outbound-rtp' && one['kind'] === 'video') {
      const limits = one['qualityLimitationDurations'];
      strained[id] = isEntry(limits) && typeof limits['cpu'] === 'number' ? limits['cpu'] : 0;
    }
  }
  return { samples, concealed, pictures, dropped, frozen, strained };
}

const isEntry = (one: unknown): one is Record<string, unknown> => typeof one === 'object' && one !== null;

/** In thousandths. */
const part = (some: number, all: number): number => (all > 0 ? Math.round(Math.min(1, Math.max(0, some / all)) * 1_000) : 0);

/** Of the stream of which it was the longest, in milliseconds. */
const longest = (was: Totals['frozen'], is: Totals['frozen']): number =>
  Math.max(0, ...Object.entries(is).map(([id, seconds]) => seconds - (was[id] ?? 0))) * 1_000;

/** What happened between two looks. `drawn`: the page was seen all the time; one that is not draws no pictures, and need not. */
export function felt(before: Totals, now: Totals, span: number, drawn: boolean): Felt {
  const whole = Math.round(Math.min(LONGEST_MS, Math.max(1, span)));
  const pictures = now.pictures - before.pictures;
  return {
    span: whole,
    concealed: part(now.concealed - before.concealed, now.samples - before.samples),
    frozen: drawn ? Math.round(Math.min(whole, longest(before.frozen, now.frozen))) : 0,
    dropped: drawn && pictures >= FEW_PICTURES ? part(now.dropped - before.dropped, pictures) : 0,
    strained: part(longest(before.strained, now.strained), whole),
  };
}

/** The packets of a voice that have left, where one is sent at all. */
export function voiceSent(report: Iterable<unknown>): number {
  let sent = 0;
  for (const one of report) {
    if (isEntry(one) && one['type'] === 'outbound-rtp' && one['kind'] === 'audio' && typeof one['packetsSent'] === 'number') sent += one['packetsSent'];
  }
  return sent;
}
