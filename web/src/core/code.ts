// Reads what people paste or type to get into a room: its code, or its link in any shape.

export type ReadCode =
  | { readonly is: 'code'; readonly code: string }
  | { readonly is: 'empty' }
  | { readonly is: 'elsewhere'; readonly host: string }
  | { readonly is: 'no-room' }
  | { readonly is: 'not-a-code' };

/** Letters and digits in groups; the same shape as the codes that the server makes, and some more for made-up ones. */
const CODE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** No code is longer than a room's name may be. */
const LONGEST = 128;

const asCode = (text: string): ReadCode =>
  CODE.test(text) && text.length >= 3 && text.length <= LONGEST ? { is: 'code', code: text } : { is: 'not-a-code' };

/** `origin` is the address of this server, such as `https://meet.example.org`. */
export function readCode(typed: string, origin: string): ReadCode {
  const text = typed.trim();
  if (text === '') return { is: 'empty' };
  const link = /^(?:(https?):\/\/)?([^/\s]+\.[^/\s]+|[^/\s]+:\d+|localhost|\[[^\]\s]+\](?::\d+)?)(\/[^?#\s]*)?(?:[?#]\S*)?$/i.exec(text);
  if (link || text.startsWith('/')) {
    const host = link?.[2]?.toLowerCase();
    const own = origin.replace(/^https?:\/\//, '').toLowerCase();
    if (host !== undefined && host !== own) return { is: 'elsewhere', host };
    const path = link ? (link[3] ?? '/') : text.replace(/[?#].*$/, '');
    const inside = /^\/r\/([^/]+)\/?$/.exec(path)?.[1];
    return inside === undefined ? { is: 'no-room' } : asCode(inside.toLowerCase());
  }
  return asCode(text.toLowerCase().split(/[\s-]+/).filter(Boolean).join('-'));
}
