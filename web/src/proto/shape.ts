// Shapes that an answer may have: guards made of guards, which the compiler holds against the generated types.

export type Guard<T> = (value: unknown) => value is T;
type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText: Guard<string> = (value): value is string => typeof value === 'string';
export const isNumber: Guard<number> = (value): value is number => typeof value === 'number';
export const isFlag: Guard<boolean> = (value): value is boolean => typeof value === 'boolean';
export const isNothing: Guard<null> = (value): value is null => value === null;

export const oneOf = <T extends string>(...members: readonly T[]): Guard<T> =>
  (value): value is T => members.some((member) => member === value);

export const listOf = <T>(one: Guard<T>): Guard<T[]> => (value): value is T[] => Array.isArray(value) && value.every((each) => one(each));

export const pairOf = <T>(one: Guard<T>): Guard<[T, T]> =>
  (value): value is [T, T] => Array.isArray(value) && value.length === 2 && value.every((each) => one(each));

/** A field that may be missing. */
export interface Maybe<T> {
  readonly maybe: Guard<T>;
}
export const maybe = <T>(one: Guard<T>): Maybe<T> => ({ maybe: one });

type Shape<T> = { readonly [K in keyof T]-?: object extends Pick<T, K> ? Maybe<Exclude<T[K], undefined>> : Guard<T[K]> };

const fits = (want: unknown, value: unknown): boolean => {
  if (typeof want === 'function') return Boolean(want(value));
  return value === undefined || (isFields(want) && typeof want['maybe'] === 'function' && Boolean(want['maybe'](value)));
};

/** An object with these fields; what else it carries does not matter, so that a newer server may say more. */
export function shape<T extends object>(fields: Shape<T>): Guard<T> {
  const wanted = Object.entries(fields);
  return (value): value is T => isFields(value) && wanted.every(([name, want]) => fits(want, value[name]));
}
