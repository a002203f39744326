import { useState, type ReactElement } from 'react';
import { ChevronDown, Clock, Phone, Video, X } from 'lucide-react';
import type { HomePage as Home } from '../../../core/pages/home/page';
import { own } from '../../../i18n/own';
import { SALON } from '../../../i18n/salon';
import type { RoomView } from '../../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { Offer } from '../../calling/Offer';
import { Frame } from '../../frame/Frame';
import { LANDING } from '../../kit/arrival';
import { cx } from '../../kit/cx';
import { givesBack } from '../../kit/gives-back';
import { Link } from '../../kit/Link';
import { Menu, MenuItem } from '../../kit/Menu';
import { Notice } from '../../kit/Notice';
import { Invite, LobbyChoice } from '../../meeting/Ready';
import { CodeField } from '../../start/CodeField';
import { greeting } from '../../start/greeting';
import { Missed } from './Missed';
import { MyRooms } from './MyRooms';
import { News } from './News';
import { Now } from './Now';
import { Salon } from './Salon';
import css from './HomePage.module.css';

/** Home, and all my rooms. */
export default function HomePage({ page }: { readonly page: Home }): ReactElement {
  const t = useSpeech();
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me : null));
  const [hour] = useState(() => new Date().getHours());
  const makes = me?.mayCreate === true;
  const home = page.part === 'home';
  return (
    <Frame title={t(home ? 'frame.home' : 'frame.meetings')}>
      <main className={cx('page', css['page'])}>
        {home ? (
          <div className={css['hello']}>
            <h1 className="display" {...LANDING}>{greeting(t, me?.account.displayName ?? '', hour)}</h1>
            <p className="small">{t('home.lead')}</p>
          </div>
        ) : <h1 {...LANDING}>{t('rooms.all')}</h1>}
        <Notice tone="bad" text={page.trouble} />
        <div className={css['starts']}>
          {makes && <NewMeeting page={page} />}
          <CodeField page={page} />
          {home && (
            <Link to={{ to: 'contacts' }} className={cx('btn plain big', css['call'])}>
              <Phone className="i" aria-hidden="true" />{own(SALON, t.tongue)('call')}
            </Link>
          )}
        </div>
        {page.card && <Later view={page.card} />}
        {home ? (
          <div className={css['cols']}>
            <Now rooms={page.now} />
            {me && <div className={css['side']}><Salon me={me} /><Offer /><Missed /></div>}
            <MyRooms page={page} makes={makes} />
            <News />
          </div>
        ) : <MyRooms page={page} makes={makes} />}
      </main>
    </Frame>
  );
}

function NewMeeting({ page }: { readonly page: Home }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const busy = page.busy === 'making' || page.making;
  return (
    <span className={cx('split', css['split'])}>
      <button type="button" className="btn primary big" disabled={busy || page.busy !== 'no'} onClick={() => dispatch({ type: 'start/new' })}>
        {busy ? <span className="spin" aria-hidden="true" /> : <Video className="i" aria-hidden="true" />}
        {t(busy ? 'start.making' : 'start.new')}
      </button>
      <Menu
        label={t('home.new.more')}
        className={cx('btn primary big', css['caret'])}
        side="down"
        align="end"
        face={<ChevronDown className="i s" aria-hidden="true" />}
      >
        <MenuItem icon={Video} onPick={() => dispatch({ type: 'start/new' })}>{t('home.new.now')}</MenuItem>
        <MenuItem icon={Clock} onPick={() => dispatch({ type: 'home/later' })}>{t('home.new.later')}</MenuItem>
      </Menu>
    </span>
  );
}

/** The card of a meeting for later: its link to give away, without joining. */
function Later({ view }: { readonly view: RoomView }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { code, title } = view.room;
  return (
    <section ref={givesBack} className={cx('card', 'pad', css['later'])} aria-label={t('meeting.ready')}>
      <div className="row">
        <h2 className="grow">{t('meeting.ready')}</h2>
        <button type="button" className="btn icon" aria-label={t('close')} title={t('close')} onClick={() => dispatch({ type: 'home/card-close' })}>
          <X className="i" aria-hidden="true" />
        </button>
      </div>
      <Invite code={code} title={title} />
      {view.policy && <LobbyChoice lobby={view.policy.lobby} onPick={(lobby) => dispatch({ type: 'home/card-lobby', lobby })} />}
      <Link to={{ to: 'room-page', code }}>{t('ready.page')}</Link>
    </section>
  );
}
