import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import { ArrowLeft, Ellipsis, LogOut, Pencil, Phone, Search, UserPlus, Video } from 'lucide-react';
import { presenceOf } from '../../../core/calling/calling';
import { CHAT } from '../../../core/meeting/chat';
import { nameOfTalk, onlyOther, type TalksPage } from '../../../core/talks/talks';
import { say } from '../../../i18n/text';
import type { Conversation } from '../../../proto/api.gen';
import type { Store } from '../../../store';
import { useDispatch, useSelect, useSpeech, useStore } from '../../context';
import { LANDING } from '../../kit/arrival';
import { cx } from '../../kit/cx';
import { Link } from '../../kit/Link';
import { Menu, MenuItem } from '../../kit/Menu';
import { PresenceMark } from '../../kit/PresenceMark';
import { Composer } from '../../meeting/panels/Composer';
import { Lines } from '../../meeting/panels/Lines';
import { useDrop } from '../../meeting/panels/Panel';
import { ChatContext, type ChatView, type Here } from '../../meeting/panels/view';
import { Finder, Found } from './Finder';
import { TalkFace } from './TalkFace';
import css from './TalksPage.module.css';

/** Who is in a conversation, me included: the same list as long as nothing of it changed. */
function usePeople(talk: Conversation): readonly Here[] {
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me.account : null));
  return useMemo(() => {
    const others = talk.people.map(({ account, name }) => ({ person: account, name }));
    return me ? [...others, { person: me.id, name: me.displayName }] : others;
  }, [talk.people, me]);
}

function viewOf(store: Store, talk: Conversation, people: readonly Here[]): ChatView {
  const { session, talks } = store.state();
  const own = session.is === 'known' ? session.me.account : null;
  return {
    chat: talks.chats[talk.id] ?? CHAT,
    code: talk.id,
    me: own?.id ?? '',
    people,
    nameOf: (person) => people.find((one) => one.person === person)?.name ?? null,
    avatarOf: (person) => (person === own?.id ? own.avatar : talk.people.find(({ account }) => account === person)?.avatar),
    writes: true,
    leads: false,
    field: say('talks.write', { name: nameOfTalk(talk) }),
  };
}

/** The conversation that is open. */
export function Talk({ talk, page }: { readonly talk: Conversation; readonly page: TalksPage }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const store = useStore();
  const people = usePeople(talk);
  const field = useMemo(() => say('talks.write', { name: nameOfTalk(talk) }), [talk]);
  const now = useMemo(() => () => ({ ...viewOf(store, talk, people), field }), [store, talk, people, field]);
  const root = useRef<HTMLElement>(null);
  const give = (files: readonly File[]): void => dispatch({ type: 'chat/files', files });
  useDrop(root, give);
  const search = page.search?.only === talk.id ? page.search : null;
  const wide = useRef(matchMedia('(min-width: 721px)').matches);
  useEffect(() => {
    // Where there is a keyboard, one writes at once.
    if (wide.current) root.current?.querySelector<HTMLTextAreaElement>('[data-chat-field]')?.focus();
  }, []);
  return (
    <ChatContext value={now}>
      <section ref={root} className={cx('card', css['talk'])} aria-label={t('talks.with', { name: named(t, talk) })}>
        <Head talk={talk} page={page} />
        <div className={css['lines']} style={search ? { gridTemplateRows: 'auto minmax(0, 1fr)' } : undefined}>
          {search && <div className={css['bar']}><Finder search={search} label={t('talks.search')} /></div>}
          {search?.found ? <Found search={search} /> : <Lines foot={<Typing talk={talk} />} />}
        </div>
        <footer><Composer onFiles={give} /></footer>
      </section>
    </ChatContext>
  );
}

const named = (t: ReturnType<typeof useSpeech>, talk: Conversation): string => {
  const name = nameOfTalk(talk);
  return typeof name === 'string' ? name : t.text(name);
};

function Head({ talk, page }: { readonly talk: Conversation; readonly page: TalksPage }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const other = onlyOther(talk);
  const presence = useSelect((state) => presenceOf(state, other?.account ?? ''));
  const busy = useSelect(({ calling }) => calling.placing !== null);
  const name = named(t, talk);
  const call = (video: boolean) => (): void => dispatch({ type: 'calling/place', people: talk.people.map(({ account }) => account), video });
  const [voice, video] = talk.name === undefined ? ['contacts.call', 'contacts.video'] as const : ['talks.call', 'talks.video'] as const;
  const find = (): void => dispatch({ type: 'talks/search', search: page.search?.only === talk.id ? null : { text: '', only: true } });
  return (
    <header>
      <Link to={{ to: 'talks', id: null }} className={cx('btn icon', css['back'])} label={t('talks.back')}><ArrowLeft className="i" aria-hidden="true" /></Link>
      <TalkFace talk={talk} />
      <div className={css['who']}>
        <h2 className="ellipsis" {...LANDING}>{name}</h2>
        {talk.name === undefined
          ? <span className="presence"><PresenceMark presence={presence} />{t(`presence.${presence}`)}</span>
          : <p className="small ellipsis">{t.list([...talk.people.map((one) => one.name), t('chat.you')])}</p>}
      </div>
      <div className={css['keys']}>
        {talk.people.length > 0 && (
          <>
            <button type="button" className="btn icon" disabled={busy} aria-label={t(voice, { name })} title={t(voice, { name })} onClick={call(false)}><Phone className="i" aria-hidden="true" /></button>
            <button type="button" className="btn icon" disabled={busy} aria-label={t(video, { name })} title={t(video, { name })} onClick={call(true)}><Video className="i" aria-hidden="true" /></button>
          </>
        )}
        <button type="button" className={cx('btn icon', css['wide'])} aria-label={t('talks.search')} title={t('talks.search')} aria-pressed={page.search?.only === talk.id} onClick={find}>
          <Search className="i" aria-hidden="true" />
        </button>
        <Menu label={t('talks.more')} className="btn icon" side="down" align="end" face={<Ellipsis className="i" aria-hidden="true" />}>
          <MenuItem icon={Search} onPick={find}>{t('talks.search')}</MenuItem>
          {talk.name !== undefined && (
            <>
              <MenuItem icon={UserPlus} onPick={() => dispatch({ type: 'talks/draft', kind: 'add' })}>{t('talks.add')}</MenuItem>
              <MenuItem icon={Pencil} onPick={() => dispatch({ type: 'talks/draft', kind: 'rename' })}>{t('talks.rename')}</MenuItem>
              <MenuItem icon={LogOut} className="red" onPick={() => dispatch({ type: 'talks/leave' })}>{t('talks.leave')}</MenuItem>
            </>
          )}
        </Menu>
      </div>
    </header>
  );
}

/** Who writes at this moment. */
function Typing({ talk }: { readonly talk: Conversation }): ReactElement {
  const t = useSpeech();
  const typing = useSelect(({ talks }) => talks.typing[talk.id]);
  const names = (typing ?? []).flatMap((account) => talk.people.find((one) => one.account === account)?.name ?? []);
  return (
    <p className={css['typing']} role="status">
      {names.length > 0 && <><span className="bars" aria-hidden="true"><i /><i /><i /></span>{t(names.length === 1 ? 'talks.typing' : 'talks.typing.many', { names: t.list(names) })}</>}
    </p>
  );
}
