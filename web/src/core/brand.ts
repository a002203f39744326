// Shades of the house's own colour that can be read: whatever an administrator picks, text on it and in it keeps its contrast.

type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The ground of pages, light and dark, as in the tokens: what a shade as text must stand out from. */
const WALL: Rgb = [238, 240, 233];
const NIGHT: Rgb = [28, 38, 34];
/** Text on a filled button, light theme. */
const PAPER: Rgb = [250, 251, 247];
/** Our own green, which the colour field begins with. */
const OWN: Rgb = [30, 83, 64];
/** As WCAG asks of text; a little more, since grounds differ by a shade. */
const READABLE = 5;

export interface Shades {
  readonly accent: string;
  readonly hover: string;
  readonly on: string;
  readonly ink: string;
  readonly soft: string;
}

export interface House {
  readonly light: Shades;
  readonly dark: Shades;
}

function parse(colour: string): Rgb | null {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!digits) return null;
  const [, red = '', green = '', blue = ''] = digits;
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

const written = (colour: Rgb): string => `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

const linear = (part: number): number => (part <= 10.31475 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4);
const luminance = ([red, green, blue]: Rgb): number => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

/** The contrast of two colours by WCAG, 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const mixed = (one: Rgb, other: Rgb, share: number): Rgb => [
  one[0] + (other[0] - one[0]) * share,
  one[1] + (other[1] - one[1]) * share,
  one[2] + (other[2] - one[2]) * share,
];

/** The colour, taken towards `end` as far as it must go to be read on `ground`. */
function readable(colour: Rgb, ground: Rgb, end: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mixed(colour, end, share);
    if (contrast(tried, ground) >= READABLE) return tried;
  }
  return end;
}

export const ownGreen = written(OWN);
export { contrast, parse };

/** All that follows from the colour; nothing when it is none. */
export function shades(colour: string): House | null {
  const base = parse(colour);
  if (!base) return null;
  const softLight = mixed(base, WALL, 0.86);
  const softDark = mixed(base, NIGHT, 0.78);
  const light = readable(base, PAPER, BLACK);
  const dark = readable(mixed(base, WHITE, 0.35), softDark, WHITE);
  return {
    light: {
      accent: written(light),
      hover: written(mixed(light, BLACK, 0.18)),
      on: written(PAPER),
      ink: written(readable(light, softLight, BLACK)),
      soft: written(softLight),
    },
    dark: {
      accent: written(dark),
      hover: written(mixed(dark, WHITE, 0.3)),
      on: written(readable(mixed(base, BLACK, 0.8), dark, BLACK)),
      ink: written(dark),
      soft: written(softDark),
    },
  };
}
