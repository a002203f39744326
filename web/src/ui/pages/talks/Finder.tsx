import { useState, type ReactElement } from 'react';
import { X } from 'lucide-react';
import { lineWords, nameOfTalk, talkOf, type Search } from '../../../core/talks/talks';
import type { FoundLine } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { SearchField } from '../../kit/SearchField';
import { shortly } from './when';
import css from './TalksPage.module.css';

/** Looks for lines: Enter looks, Escape ends it. */
export function Finder({ search, label }: { readonly search: Search; readonly label: string }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const only = search.only !== null;
  return (
    <form
      role="search"
      className="row grow"
      onSubmit={(event) => {
        event.preventDefault();
        dispatch({ type: 'talks/find' });
      }}
    >
      <SearchField
        className="grow"
        label={label}
        maxLength={100}
        value={search.text}
        focused
        onType={(text) => dispatch({ type: 'talks/search', search: { text, only } })}
        onEscape={() => dispatch({ type: 'talks/search', search: null })}
      />
      {search.busy && <span className="spin" aria-hidden="true" />}
      <button type="button" className="btn icon" aria-label={t('talks.search.close')} title={t('talks.search.close')} onClick={() => dispatch({ type: 'talks/search', search: null })}>
        <X className="i" aria-hidden="true" />
      </button>
    </form>
  );
}

/** What was found, the last first; a press goes to its conversation. */
export function Found({ search }: { readonly search: Search }): ReactElement {
  const t = useSpeech();
  const [now] = useState(() => Date.now());
  const { found, trouble } = search;
  return (
    <div className={css['results']}>
      {trouble && <Notice tone="bad" text={trouble} />}
      {found?.length === 0 && <p className={cx('small', css['none'])}>{t('talks.found.none')}</p>}
      <ol aria-label={t('talks.results')}>
        {found?.map((hit) => <Hit key={hit.message.id} hit={hit} now={now} named={search.only === null} />)}
      </ol>
    </div>
  );
}

function Hit({ hit: { conversation, message }, now, named }: { readonly hit: FoundLine; readonly now: number; readonly named: boolean }): ReactElement {
  const t = useSpeech();
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account.id : ''));
  const talk = useSelect((state) => talkOf(state, conversation));
  const name = talk && nameOfTalk(talk);
  const words = t.text(lineWords(message, me));
  const time = <time className="hint num" dateTime={new Date(message.at).toISOString()}>{shortly(t, message.at, now)}</time>;
  return (
    <li>
      <Link to={{ to: 'talks', id: conversation }} className={cx('item', css['hit'])}>
        <div className={css['top']}>
          <span className="t">{named && name !== null ? (typeof name === 'string' ? name : t.text(name)) : message.name}</span>
          {time}
        </div>
        <div className="d">{words}</div>
      </Link>
    </li>
  );
}
