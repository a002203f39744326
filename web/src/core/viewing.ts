// How I like to see and hear meetings: kept between visits, in this browser alone.

export type Corner = 'top-start' | 'top-end' | 'bottom-start' | 'bottom-end';

/** What of the others' pictures is fetched: all, small ones, or none but shared screens. */
export type Saver = 'off' | 'data' | 'sound';
export const SAVERS: readonly Saver[] = ['off', 'data', 'sound'];

/** What is done to my sound or picture before it is sent. */
export type Dressing = 'noise' | 'blur';

/** `text` keeps every point of the screen sharp, `motion` keeps it fluent. */
export type ShareMode = 'text' | 'motion';

/** How loud I hear somebody. */
export interface Ear {
  /** In hundredths. */
  readonly volume: number;
  readonly hushed: boolean;
}

export interface Viewing {
  readonly selfHidden: boolean;
  readonly corner: Corner;
  readonly saver: Saver;
  readonly noise: boolean;
  readonly blur: boolean;
  /** By person, so that it holds for each of their devices; who is heard as they are is not in it. */
  readonly ears: Readonly<Record<string, Ear>>;
}

export const AS_THEY_ARE: Ear = { volume: 100, hushed: false };
/** One press of Louder or Quieter. */
export const VOLUME_STEP = 20;
/** So many people are remembered; those adjusted longest ago are forgotten. A browser's storage is small. */
const EARS_KEPT = 200;

export const VIEWING: Viewing = { selfHidden: false, corner: 'bottom-end', saver: 'off', noise: false, blur: false, ears: {} };

/** The person behind an identity: the devices of one person differ after the last `~`. */
export function personOf(identity: string): string {
  const end = identity.lastIndexOf('~');
  return end < 1 ? identity : identity.slice(0, end);
}

export const earOf = (viewing: Pick<Viewing, 'ears'>, identity: string): Ear => viewing.ears[personOf(identity)] ?? AS_THEY_ARE;

export function withEar(viewing: Viewing, identity: string, change: Partial<Ear>): Viewing {
  const who = personOf(identity);
  const { volume, hushed } = { ...earOf(viewing, identity), ...change };
  const ear: Ear = { volume: Math.min(100, Math.max(0, Math.round(volume))), hushed };
  const others = Object.entries(viewing.ears).filter(([person]) => person !== who);
  const plain = ear.volume === AS_THEY_ARE.volume && !ear.hushed;
  return { ...viewing, ears: Object.fromEntries(plain ? others : [...others, [who, ear] as const].slice(-EARS_KEPT)) };
}
