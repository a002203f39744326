import { useLayoutEffect, type ReactElement, type ReactNode } from 'react';
import { ContactRound, House, LogOut, MessageCircle, Phone, Search, Settings, SlidersHorizontal, UserRound, Video } from 'lucide-react';
import type { Me } from '../../proto/api.gen';
import { presenceOf } from '../../core/calling/calling';
import type { Route } from '../../core/route';
import { keyAria, keyOf, SEARCH_KEY } from '../../core/shortcuts';
import { unreadOf } from '../../core/talks/talks';
import { own } from '../../i18n/own';
import { SEARCH_BUTTON } from '../../i18n/search-button';
import { useDispatch, usePorts, useSelect, useSpeech } from '../context';
import { Lamppost } from '../kit/Brand';
import { cx } from '../kit/cx';
import { Face } from '../kit/Face';
import { keyFace } from '../kit/key-hint';
import { Link } from '../kit/Link';
import { Menu, MenuItem } from '../kit/Menu';
import { Toast } from '../kit/Notices';
import { PresenceMark } from '../kit/PresenceMark';
import css from './Frame.module.css';
import { PresenceChoices } from './PresenceMenu';

/** More are not told apart at a glance, and would not fit. */
const MOST_COUNTED = 99;

/** Around every page of those who are signed in: where one can go on the rail (a bar at the bottom on phones), the account above. */
export function Frame({ title, full = false, children }: {
  /** Of the page, for the window. */
  readonly title: string;
  /** Whether it takes the whole screen of a phone. */
  readonly full?: boolean | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const ports = usePorts();
  const unread = useSelect(unreadOf);
  // At once: later it would be written over what is shown by then. And each time: whoever goes on within a page leaves its title.
  useLayoutEffect(() => ports.title(`${unread > 0 ? `(${unread}) ` : ''}${title}`));
  return (
    <div className={cx('shell', full && css['full'])}>
      <Rail />
      <TopBar />
      {children}
      <div className={css['toast']}><Toast /></div>
    </div>
  );
}

function Rail(): ReactElement {
  const t = useSpeech();
  const name = useSelect((state) => state.server?.name ?? 'Parlor');
  const page = useSelect((state) => state.page);
  const admin = useSelect((state) => state.session.is === 'known' && state.session.me.admin);
  const missed = useSelect(({ calling }) => calling.missed);
  const unheard = useSelect(({ calling }) => calling.unheard);
  const news = missed + unheard;
  const home = page.at === 'home' && page.part === 'home';
  const meetings = page.at === 'room-page' || (page.at === 'home' && page.part === 'meetings');
  return (
    <nav className="rail" aria-label={t('frame.main')}>
      <Link to={{ to: 'start' }} className={`logo brand ${css['logo'] ?? ''}`} label={t('app.home', { name })}><Lamppost /></Link>
      <Link to={{ to: 'start' }} current={home}><House className="i" aria-hidden="true" />{t('frame.home')}</Link>
      <Link to={{ to: 'calls', person: '' }} current={page.at === 'calls'}>
        <Phone className="i" aria-hidden="true" />{t('frame.calls')}
        {news > 0 && (
          <>
            {missed > 0 && <>{' '}<span className="sr">{t.count('frame.missed', missed)}</span></>}
            {unheard > 0 && <>{' '}<span className="sr">{t.count('frame.unheard', unheard)}</span></>}
            <span className="count" aria-hidden="true">{news > MOST_COUNTED ? `${MOST_COUNTED}+` : news}</span>
          </>
        )}
      </Link>
      <ChatLink current={page.at === 'talks'} />
      <Link to={{ to: 'meetings' }} current={meetings}><Video className="i" aria-hidden="true" />{t('frame.meetings')}</Link>
      <Link to={{ to: 'contacts' }} current={page.at === 'contacts'}><ContactRound className="i" aria-hidden="true" />{t('frame.contacts')}</Link>
      {admin && (
        <Link to={{ to: 'console', tab: 'settings' }} className="last" current={page.at === 'console'}>
          <SlidersHorizontal className="i" aria-hidden="true" />{t('frame.console')}
        </Link>
      )}
    </nav>
  );
}

/** The way to my conversations, with the number of lines that I have not read. */
function ChatLink({ current }: { readonly current: boolean }): ReactElement {
  const t = useSpeech();
  const unread = useSelect(unreadOf);
  return (
    <Link to={{ to: 'talks', id: null }} current={current} label={unread === 0 ? undefined : t.count('talks.rail', unread)}>
      <MessageCircle className="i" aria-hidden="true" />{t('frame.chat')}
      {unread > 0 && <span className="count" aria-hidden="true">{unread > 99 ? '99+' : unread}</span>}
    </Link>
  );
}

function TopBar(): ReactElement {
  const session = useSelect((state) => state.session);
  const name = useSelect((state) => state.server?.name ?? '');
  return (
    <header className="topbar">
      <span className={`strong ellipsis ${css['place'] ?? ''}`}>{name}</span>
      {session.is === 'known' && <SearchButton />}
      <span className="push" />
      {session.is === 'known' && <AccountMenu me={session.me} />}
    </header>
  );
}

/** Looks like the field that it opens. */
function SearchButton(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const chord = useSelect(({ settings }) => keyOf(settings.keys, 'palette', 'chord'));
  const mac = useSelect(({ browser }) => browser.system === 'macos');
  const command = mac && chord === SEARCH_KEY;
  const label = own(SEARCH_BUTTON, t.tongue)('search');
  return (
    <button
      type="button"
      className={css['search']}
      aria-label={label}
      aria-haspopup="dialog"
      aria-keyshortcuts={command ? 'Meta+K' : chord === null ? undefined : keyAria(chord)}
      onClick={() => dispatch({ type: 'overlay', show: 'palette' })}
    >
      <Search className="i" aria-hidden="true" />
      <span className="ellipsis wideonly">{label}</span>
      {chord !== null && <kbd className="wideonly" aria-hidden="true">{command ? '⌘K' : keyFace(t, chord)}</kbd>}
    </button>
  );
}

function AccountMenu({ me }: { readonly me: Me }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const presence = useSelect((state) => presenceOf(state, me.account.id));
  const visit = (route: Route): void => dispatch({ type: 'visit', route });
  return (
    <Menu
      label={t('frame.menu', { name: me.account.displayName })}
      className="btn icon"
      side="down"
      align="end"
      face={<Face account={me.account} size="sm" mark={<PresenceMark presence={presence} />} />}
    >
      <PresenceChoices />
      <MenuItem icon={UserRound} onPick={() => visit({ to: 'account' })}>{t('frame.account')}</MenuItem>
      {me.admin && (
        <MenuItem icon={SlidersHorizontal} onPick={() => visit({ to: 'console', tab: 'settings' })}>{t('frame.console')}</MenuItem>
      )}
      <MenuItem icon={Settings} onPick={() => dispatch({ type: 'overlay', show: 'settings' })}>{t('settings.title')}</MenuItem>
      <MenuItem icon={LogOut} onPick={() => dispatch({ type: 'sign-out' })}>{t('frame.sign-out')}</MenuItem>
    </Menu>
  );
}
