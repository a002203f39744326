// News, for home and for those who name its feeds.

import { say, type Text } from '../../../i18n/text';
import type { Feed, FeedTrouble, NewsItem } from '../../../proto/api.gen';
import type { Result } from '../../../proto/calls';
import { isNumber, isText, listOf, maybe, oneOf, shape } from '../../../proto/shape';
import { codeOf, problemText } from '../../calls';
import { shaped, type Part, type Turn } from '../../part';

export interface News {
  /** The newest first; nothing until they came, or when they did not: nobody waits for news. */
  readonly items: readonly NewsItem[] | null;
}

export interface NewsEvent {
  readonly type: 'listed';
  readonly result: Result<unknown>;
}

/** So many stand on home. */
export const NEWS_AT_HOME = 5;

const isItem = shape<NewsItem>({ title: isText, source: isText, link: isText, at: maybe(isNumber) });

export const news: Part<News, NewsEvent> = {
  begin: [{ items: null }, [{ method: 'GET', path: 'news', told: (result) => ({ type: 'listed', result }) }]],
  update: (state, { result }): Turn<News, NewsEvent> => {
    const listed = shaped(result, listOf(isItem));
    // The server promises links of the web; a link that would run something is none here either.
    return [listed.ok ? { items: listed.value.filter(({ link }) => /^https?:\/\//.test(link)) } : state, []];
  },
};

export interface Feeds {
  /** Nothing until they came. */
  readonly list: readonly Feed[] | null;
  readonly address: string;
  readonly busy: boolean;
  /** How often they were changed from here: a list that was asked for before is of no use after it. */
  readonly changes: number;
  readonly wrong: Text | null;
  readonly trouble: Text | null;
}

export type FeedsEvent =
  | { readonly type: 'again' }
  | { readonly type: 'address'; readonly address: string }
  | { readonly type: 'add' }
  | { readonly type: 'remove'; readonly address: string }
  | { readonly type: 'listed'; readonly result: Result<unknown>; readonly changes: number }
  | { readonly type: 'changed'; readonly result: Result<unknown> };

const isFeed = shape<Feed>({ address: isText, title: maybe(isText), askedAt: maybe(isNumber), trouble: maybe(oneOf<FeedTrouble>('private', 'unreachable', 'elsewhere', 'refused', 'noFeed')), againAt: maybe(isNumber) });

const PATH = 'news/feeds';
const fetched = (changes: number) => ({ method: 'GET', path: PATH, told: (result: Result<unknown>): FeedsEvent => ({ type: 'listed', result, changes }) }) as const;

export const feeds: Part<Feeds, FeedsEvent> = {
  begin: [{ list: null, address: '', busy: false, changes: 0, wrong: null, trouble: null }, [fetched(0)]],
  update: (state, event): Turn<Feeds, FeedsEvent> => {
    const { list } = state;
    switch (event.type) {
      case 'again':
        // Only while they did not come, or one of them was not asked for yet.
        return [state, !state.busy && list?.every(({ askedAt }) => askedAt !== undefined) !== true ? [fetched(state.changes)] : []];
      case 'address':
        return [{ ...state, address: event.address, wrong: null }, []];
      case 'add': {
        const address = state.address.trim();
        if (address === '') return [{ ...state, wrong: say('problem.bad-setting') }, []];
        return change(state, [...(list ?? []).map((feed) => feed.address), address]);
      }
      case 'remove':
        return change(state, (list ?? []).map((feed) => feed.address).filter((address) => address !== event.address));
      case 'listed': {
        if (event.changes !== state.changes) return [state, []];
        const listed = shaped(event.result, listOf(isFeed));
        return [listed.ok ? { ...state, list: listed.value, trouble: null } : { ...state, trouble: problemText(listed.problem) }, []];
      }
      case 'changed': {
        const listed = shaped(event.result, listOf(isFeed));
        if (listed.ok) return [{ ...state, list: listed.value, address: '', busy: false, wrong: null, trouble: null }, []];
        const text = problemText(listed.problem);
        const typed = codeOf(listed.problem) === 'bad_setting' || codeOf(listed.problem) === 'too_many';
        return [{ ...state, busy: false, ...(typed ? { wrong: text } : { trouble: text }) }, []];
      }
    }
  },
};

/** All of them anew; without the list nobody knows which those are. */
function change(state: Feeds, addresses: readonly string[]): Turn<Feeds, FeedsEvent> {
  if (state.busy || state.list === null) return [state, []];
  return [{ ...state, busy: true, changes: state.changes + 1, wrong: null }, [{ method: 'PUT', path: PATH, body: { addresses }, told: (result) => ({ type: 'changed', result }) }]];
}
