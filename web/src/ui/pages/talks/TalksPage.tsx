import { useState, type ReactElement } from 'react';
import { MessageCircle, Search, SquarePen } from 'lucide-react';
import { spoken } from '../../../core/meeting/chat-lines';
import { lineWords, nameOfTalk, talkOf, type TalksPage as Talks } from '../../../core/talks/talks';
import type { Conversation, Message } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Frame } from '../../frame/Frame';
import { LANDING } from '../../kit/arrival';
import { cx } from '../../kit/cx';
import { Link } from '../../kit/Link';
import { Notice } from '../../kit/Notice';
import { Skeleton } from '../../kit/Skeleton';
import { Found, Finder } from './Finder';
import { Talk } from './Talk';
import { TalkDialog } from './TalkDialog';
import { TalkFace } from './TalkFace';
import { shortly } from './when';
import css from './TalksPage.module.css';

/** My conversations, and the one that is open; on a phone one or the other. */
export default function TalksPage({ page }: { readonly page: Talks }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const talk = useSelect((state) => talkOf(state, page.id));
  const open = page.id !== null;
  return (
    <Frame title={talk ? nameIn(t, talk) : t('frame.chat')} full={open}>
      <main className={cx(css['page'], open && css['open'])}>
        <section className={cx('card', css['side'])} aria-label={t('talks.list')}>
          <header>
            <h1 {...(open ? {} : LANDING)}>{t('frame.chat')}</h1>
            <button type="button" className="btn icon" aria-label={t('talks.search.all')} title={t('talks.search.all')} aria-pressed={page.search?.only === null} onClick={() => dispatch({ type: 'talks/search', search: page.search?.only === null ? null : { text: '', only: false } })}>
              <Search className="i" aria-hidden="true" />
            </button>
            <button type="button" className="btn icon" aria-label={t('talks.new')} title={t('talks.new')} onClick={() => dispatch({ type: 'talks/draft', kind: 'new' })}>
              <SquarePen className="i" aria-hidden="true" />
            </button>
          </header>
          {page.search?.only === null ? <div className={css['find']}><Finder search={page.search} label={t('talks.search.all')} /></div> : <span />}
          {page.search?.only === null && page.search.found !== null ? <Found search={page.search} /> : <List open={page.id} />}
        </section>
        {talk ? <Talk key={talk.id} talk={talk} page={page} /> : <Nothing waits={open} />}
        {page.draft && <TalkDialog draft={page.draft} talk={talk} />}
      </main>
    </Frame>
  );
}

const nameIn = (t: ReturnType<typeof useSpeech>, talk: Conversation): string => {
  const name = nameOfTalk(talk);
  return typeof name === 'string' ? name : t.text(name);
};

function Nothing({ waits }: { readonly waits: boolean }): ReactElement {
  const t = useSpeech();
  const listed = useSelect(({ talks }) => talks.list !== null);
  return (
    <div className={cx('card', css['none'])}>
      <MessageCircle className="i" aria-hidden="true" />
      <p>{t(waits && listed ? 'talks.gone' : waits ? 'frame.loading' : 'talks.pick')}</p>
      {waits && <Link to={{ to: 'talks', id: null }} className="btn plain">{t('talks.back')}</Link>}
    </div>
  );
}

function List({ open }: { readonly open: string | null }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const list = useSelect(({ talks }) => talks.list);
  const trouble = useSelect(({ talks }) => talks.trouble);
  const [now] = useState(() => Date.now());
  if (trouble) {
    return (
      <div className={css['trouble']}>
        <Notice tone="bad" text={trouble} />
        <button type="button" className="btn plain" onClick={() => dispatch({ type: 'talks/again' })}>{t('again')}</button>
      </div>
    );
  }
  if (list === null) return <Skeleton lines={4} />;
  const shown = list.filter(({ id, last, name }) => last !== undefined || name !== undefined || id === open);
  if (shown.length === 0) {
    return (
      <div className={css['none']}>
        <p>{t('talks.none')}</p>
        <button type="button" className="btn primary" onClick={() => dispatch({ type: 'talks/draft', kind: 'new' })}>{t('talks.new')}</button>
      </div>
    );
  }
  return <ul className={css['list']} aria-label={t('talks.list')}>{shown.map((talk) => <Row key={talk.id} talk={talk} open={talk.id === open} now={now} />)}</ul>;
}

/** Between two people it is plain who wrote what I did not. */
const lastWords = (t: ReturnType<typeof useSpeech>, talk: Conversation, last: Message, me: string): string =>
  talk.name === undefined && last.from !== me && last.deed === undefined ? spoken(last) : t.text(lineWords(last, me));

function Row({ talk, open, now }: { readonly talk: Conversation; readonly open: boolean; readonly now: number }): ReactElement {
  const t = useSpeech();
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account.id : ''));
  const draft = useSelect(({ talks }) => (open ? '' : (talks.chats[talk.id]?.text ?? '')));
  const { last, unread } = talk;
  return (
    <li>
      <Link to={{ to: 'talks', id: talk.id }} className="item" current={open}>
        <TalkFace talk={talk} />
        <div className="grow">
          <div className={css['top']}>
            <span className="t">{nameIn(t, talk)}</span>
            {last && <time className="hint num" dateTime={new Date(last.at).toISOString()}>{shortly(t, last.at, now)}</time>}
          </div>
          <div className={css['under']}>
            <span className="d">{draft !== '' ? t('talks.last.draft', { text: draft }) : last ? lastWords(t, talk, last, me) : t('talks.none.said')}</span>
            {unread > 0 && <span className="count" role="img" aria-label={t.count('talks.unread', unread)}>{unread >= 100 ? '99+' : unread}</span>}
          </div>
        </div>
      </Link>
    </li>
  );
}
