// The first words of the house.

import type { Speech } from '../../i18n/text';

/** By the hour of the day, with the name where one is known. */
export function greeting(t: Speech, name: string, hour: number): string {
  const time = hour < 5 || hour >= 18 ? 'evening' : hour < 12 ? 'morning' : 'afternoon';
  return name.trim() === '' ? t(`start.${time}`) : t(`start.${time}.name`, { name: name.trim() });
}
