// A small part of Markdown, as a tree: bold, italic, struck, code, quotes, lists, links. No HTML, no pictures; what is not known stays
// as it was written. Reads each text in time that grows with its length, whatever stands in it.

export type Inline =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'break' }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'strong' | 'em' | 'struck'; readonly inside: readonly Inline[] }
  /** `href` is http, https or mailto, nothing else. */
  | { readonly is: 'link'; readonly href: string; readonly inside: readonly Inline[] };

export type Block =
  | { readonly is: 'paragraph'; readonly inside: readonly Inline[] }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'quote'; readonly blocks: readonly Block[] }
  | { readonly is: 'list'; readonly start: number | null; readonly items: readonly (readonly Inline[])[] };

/** Deeper than this, marks are letters: nobody nests more, but to hurt. */
const DEPTH = 5;
/** Of a text that is longer than any line may be, the rest is left as it is. */
const LONGEST = 16_000;

const FENCE = '```';
const BULLET = /^ {0,3}[-*+] +(?=\S)/;
const NUMBER = /^ {0,3}(\d{1,9})[.)] +(?=\S)/;
const QUOTE = /^ {0,3}> ?/;

export function markdown(source: string): readonly Block[] {
  return blocks(source.slice(0, LONGEST).replace(/\r\n?/g, '\n').split('\n'), 0);
}

function blocks(lines: readonly string[], depth: number): readonly Block[] {
  const out: Block[] = [];
  let text: string[] = [];
  const paragraph = (): void => {
    if (text.length > 0) out.push({ is: 'paragraph', inside: inline(text.join('\n').trim(), 0) });
    text = [];
  };
  let at = 0;
  /** Takes lines as long as they match, and steps over them. */
  const run = (matches: (line: string) => boolean): readonly string[] => {
    const from = at;
    while (at < lines.length && matches(lines[at] ?? '')) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.trimStart().startsWith(FENCE)) {
      paragraph();
      const opened = at++;
      const inside = run((one) => !one.trimStart().startsWith(FENCE));
      if (at < lines.length || inside.length > 0) {
        out.push({ is: 'code', text: inside.join('\n') });
        at++;
      } else {
        text.push(lines[opened] ?? '');
      }
    } else if (QUOTE.test(line) && depth < DEPTH) {
      paragraph();
      const inside = run((one) => QUOTE.test(one)).map((one) => one.replace(QUOTE, ''));
      out.push({ is: 'quote', blocks: blocks(inside, depth + 1) });
    } else if (BULLET.test(line)) {
      paragraph();
      out.push({ is: 'list', start: null, items: run((one) => BULLET.test(one)).map((one) => inline(one.replace(BULLET, ''), 0)) });
    } else if (NUMBER.test(line)) {
      paragraph();
      const start = Number(NUMBER.exec(line)?.[1] ?? 1);
      out.push({ is: 'list', start, items: run((one) => NUMBER.test(one)).map((one) => inline(one.replace(NUMBER, ''), 0)) });
    } else {
      if (line.trim() === '') paragraph();
      else text.push(line);
      at++;
    }
  }
  paragraph();
  return out;
}

interface Mark {
  readonly sign: string;
  readonly is: 'strong' | 'em' | 'struck';
}
const MARKS: readonly Mark[] = [
  { sign: '**', is: 'strong' }, { sign: '__', is: 'strong' }, { sign: '~~', is: 'struck' }, { sign: '*', is: 'em' }, { sign: '_', is: 'em' },
];

const isWord = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
const isSpace = (letter: string | undefined): boolean => letter === undefined || /\s/.test(letter);

function inline(source: string, depth: number): readonly Inline[] {
  const out: Inline[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') out.push({ is: 'text', text });
    text = '';
  };
  // A sign without an end has none further on either: looked for once, not once for each.
  const endless = new Set<string>();
  let at = 0;
  while (at < source.length) {
    const found = depth < DEPTH ? piece(source, at, depth, endless) : null;
    if (found) {
      flush();
      out.push(found.node);
      at = found.end;
      continue;
    }
    const letter = source[at] ?? '';
    const next = source[at + 1];
    if (letter === '\n') {
      flush();
      out.push({ is: 'break' });
    } else if (letter === '\\' && next !== undefined && '\\`*_~[]()>#-+.!'.includes(next)) {
      text += next;
      at++;
    } else {
      text += letter;
    }
    at++;
  }
  flush();
  return out;
}

interface Piece {
  readonly node: Inline;
  readonly end: number;
}

function piece(source: string, at: number, depth: number, endless: Set<string>): Piece | null {
  switch (source[at]) {
    case '`': return code(source, at, endless);
    case '[': return named(source, at, depth, endless);
    case 'h':
    case 'H':
    case 'm':
    case 'M': return bare(source, at);
    case '*':
    case '_':
    case '~': return marked(source, at, depth, endless);
    default: return null;
  }
}

function code(source: string, at: number, endless: Set<string>): Piece | null {
  let ticks = 1;
  while (source[at + ticks] === '`' && ticks < 3) ticks++;
  const sign = '`'.repeat(ticks);
  const end = endOf(source, sign, at + ticks, endless);
  if (end <= at + ticks) return null;
  return { node: { is: 'code', text: source.slice(at + ticks, end).replaceAll('\n', ' ') }, end: end + ticks };
}

function marked(source: string, at: number, depth: number, endless: Set<string>): Piece | null {
  for (const { sign, is } of MARKS) {
    if (!source.startsWith(sign, at)) continue;
    const from = at + sign.length;
    const before = source[at - 1];
    // Marks embrace words: "2 * 3 * 4" and "snake_case_name" are not embraced.
    if (isSpace(source[from]) || (sign.startsWith('_') && isWord(before))) continue;
    let end = endOf(source, sign, from + 1, endless);
    // The end of a single sign is not half of a double one, and does not stand behind a blank.
    for (let tries = 0; end !== -1 && tries < 8; tries++) {
      const doubled = sign.length === 1 && (source[end + 1] === sign || source[end - 1] === sign);
      const inWord = sign.startsWith('_') && isWord(source[end + sign.length]);
      if (!doubled && !inWord && !isSpace(source[end - 1])) {
        return { node: { is, inside: inline(source.slice(from, end), depth + 1) }, end: end + sign.length };
      }
      end = endOf(source, sign, end + sign.length, endless);
    }
  }
  return null;
}

function endOf(source: string, sign: string, from: number, endless: Set<string>): number {
  if (endless.has(sign)) return -1;
  const end = source.indexOf(sign, from);
  if (end === -1) endless.add(sign);
  return end;
}

/** `[words](address)`. The words hold no links of their own. */
function named(source: string, at: number, depth: number, endless: Set<string>): Piece | null {
  const close = endOf(source, '](', at + 1, endless);
  if (close <= at + 1) return null;
  const words = source.slice(at + 1, close);
  const end = endOf(source, ')', close + 2, endless);
  if (end === -1 || words.includes('[')) return null;
  const href = address(source.slice(close + 2, end).trim());
  if (href === null) return null;
  const inside = withoutLinks(inline(words, depth + 1));
  return { node: { is: 'link', href, inside }, end: end + 1 };
}

const withoutLinks = (nodes: readonly Inline[]): readonly Inline[] =>
  nodes.flatMap((node): readonly Inline[] => {
    if (node.is === 'link') return withoutLinks(node.inside);
    return 'inside' in node ? [{ is: node.is, inside: withoutLinks(node.inside) }] : [node];
  });

const BARE = /(?:https?:\/\/|mailto:)[^\s<>"`]+/iuy;
/** What stands at the end of a sentence belongs to it, and not to the address. */
const TAIL = new Set('.,;:!?\'*_~]}');

const count = (text: string, letter: string): number => text.split(letter).length - 1;

/** An address as it stands in the text. */
function bare(source: string, at: number): Piece | null {
  if (isWord(source[at - 1])) return null;
  BARE.lastIndex = at;
  const all = BARE.exec(source)?.[0] ?? '';
  let unopened = count(all, ')') - count(all, '(');
  let end = all.length;
  for (; end > 0; end--) {
    const last = all[end - 1] ?? '';
    if (last === ')' && unopened > 0) unopened--;
    else if (!TAIL.has(last)) break;
  }
  const found = all.slice(0, end);
  const href = address(found);
  return href === null ? null : { node: { is: 'link', href, inside: [{ is: 'text', text: found }] }, end: at + found.length };
}

/** Addresses that lead somewhere outside of this page; all others do not become links. Signs that turn or hide letters do not either. */
export function address(text: string): string | null {
  if (text.length > 2_000 || /[\s<>"`\\\p{Cc}\p{Cf}]/u.test(text)) return null;
  return /^(?:https?:\/\/[^\s/?#]+|mailto:[^\s@]+@[^\s@]+$)/iu.test(text) ? text : null;
}

/** The words alone, in one line. */
export function plain(source: string): string {
  const words = (nodes: readonly Inline[]): string => nodes.map((node) => {
    if (node.is === 'break') return ' ';
    return 'inside' in node ? words(node.inside) : node.text;
  }).join('');
  const all = (list: readonly Block[]): readonly string[] => list.flatMap((block): readonly string[] => {
    switch (block.is) {
      case 'paragraph': return [words(block.inside)];
      case 'code': return [block.text];
      case 'quote': return all(block.blocks);
      case 'list': return block.items.map(words);
    }
  });
  return all(markdown(source)).join(' ').replace(/\s+/g, ' ').trim();
}
