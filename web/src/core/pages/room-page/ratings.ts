// What people thought of the meetings of a room, as numbers to read.

import type { Ratings } from '../../../proto/api.gen';

export const countOf = ({ stars }: Pick<Ratings, 'stars'>): number => stars.reduce((sum, count) => sum + count, 0);

/** 0 where nobody said anything. */
export function averageOf({ stars }: Pick<Ratings, 'stars'>): number {
  const count = countOf({ stars });
  return count === 0 ? 0 : stars.reduce((sum, many, index) => sum + many * (index + 1), 0) / count;
}
