// Puts the colours of the house on the root element, where the tokens look for them.

import { shades } from '../core/brand';
import type { Branding } from '../proto/api.gen';

const NAMES = ['accent', 'hover', 'on', 'ink', 'soft'] as const;

export function wear(branding: Branding): void {
  const { style } = document.documentElement;
  const house = branding.accent === undefined ? null : shades(branding.accent);
  for (const name of NAMES) {
    const property = `--brand-${name}`;
    if (house === null) style.removeProperty(property);
    else style.setProperty(property, `light-dark(${house.light[name]}, ${house.dark[name]})`);
  }
}
