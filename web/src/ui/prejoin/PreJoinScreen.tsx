import { useEffect, useRef, type FormEvent, type ReactElement } from 'react';
import { CircleAlert, Info } from 'lucide-react';
import type { PreJoin, RoomPage, State } from '../../core/state';
import { troubleOf } from '../../core/selectors';
import { called } from '../../core/title';
import type { RoomView } from '../../proto/api.gen';
import type { Key } from '../../i18n/text';
import { useDispatch, useSelect, useSpeech } from '../context';
import { LANDING } from '../kit/arrival';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { Door } from '../kit/Door';
import { Link } from '../kit/Link';
import { Face } from '../kit/Face';
import { presence } from '../pages/presence';
import { Preview } from './Preview';
import css from './PreJoin.module.css';

export function PreJoinScreen({ page, phase }: { readonly page: RoomPage; readonly phase: PreJoin }): ReactElement {
  return (
    <Door className={css['door']}>
      <div className={css['pj']}>
        <Preview />
        <JoinForm page={page} phase={phase} />
      </div>
    </Door>
  );
}

/** What a trouble means for joining: nothing is in the way. */
function stillKey(state: Pick<State, 'devices'>): Key | null {
  const trouble = troubleOf(state);
  if (!trouble) return null;
  const { camera, microphone } = state.devices;
  const deaf = microphone.wanted && microphone.trouble !== null && microphone.trouble !== 'silent';
  const blind = camera.wanted && camera.trouble !== null;
  if (deaf && blind) return trouble.trouble.startsWith('refused') ? 'prejoin.still' : 'prejoin.still.both';
  return blind ? 'prejoin.still.camera' : 'prejoin.still.microphone';
}

function JoinForm({ page, phase }: { readonly page: RoomPage; readonly phase: PreJoin }): ReactElement {
  const t = useSpeech();
  const devices = useSelect((state) => state.devices);
  const media = useSelect((state) => state.browser.media);
  const given = useSelect((state) => state.settings.name);
  const dispatch = useDispatch();
  const name = useRef<HTMLInputElement>(null);
  const me = useSelect(({ session }) => (session.is === 'known' ? session.me : null));
  const busy = phase.entry.state === 'busy';
  const knocks = phase.view.door === 'knock';
  // Another device of mine is in already.
  const twice = phase.view.here > 0;
  const still = stillKey({ devices });
  useEffect(() => {
    if (phase.nameMissing) name.current?.focus();
  }, [phase.nameMissing]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'join', video: true, arrival: twice ? 'move' : 'alone' });
  };
  return (
    <form className={css['join']} onSubmit={submit} noValidate aria-label={t('prejoin.ready')} data-room={page.code} data-join>
      <div>
        <p className={cx('small', css['ready'])}>{t('prejoin.ready')}</p>
        <h1 className="display" {...LANDING}>{called(t, phase.view.room.title)}</h1>
      </div>
      {phase.view.room.description !== '' && <p className={cx('small', css['about'])}>{phase.view.room.description}</p>}
      {knocks ? <p className="small">{t('prejoin.knock.text')}</p> : <Present view={phase.view} />}
      {media !== 'yes' && (
        <div className="notice bad"><CircleAlert className="i" aria-hidden="true" /><span>{t(media === 'insecure' ? 'trouble.insecure' : 'trouble.browser')}</span></div>
      )}
      {still && <div className="notice"><Info className="i" aria-hidden="true" /><span>{t.text({ key: still, args: {} })}</span></div>}
      {devices.microphone.trouble === 'silent' && (
        <div className="notice warn"><Info className="i" aria-hidden="true" /><span>{t('trouble.microphone.silent')}</span></div>
      )}
      {twice && (
        <div className="notice"><Info className="i" aria-hidden="true" /><span>{t('prejoin.twice')}</span></div>
      )}
      {phase.quiet && !devices.microphone.wanted && (
        <div className="notice"><Info className="i" aria-hidden="true" /><span>{t('prejoin.quiet')}</span></div>
      )}
      {phase.entry.state === 'refused' && (
        <div className="notice bad" role="alert"><CircleAlert className="i" aria-hidden="true" /><span>{t.text(phase.entry.text)}</span></div>
      )}
      {me ? (
        <p className="row"><Face account={me.account} size="sm" /><span>{t('prejoin.as', { name: me.account.displayName })}</span></p>
      ) : (
        <div className={cx('field', phase.nameMissing && 'err')}>
          <label htmlFor="name">{t('prejoin.name')}</label>
          <input
            ref={name}
            className="input"
            id="name"
            name="name"
            autoComplete="name"
            maxLength={128}
            value={given}
            aria-invalid={phase.nameMissing}
            aria-describedby={phase.nameMissing ? 'name-missing' : undefined}
            onChange={(event) => dispatch({ type: 'name', name: event.target.value })}
          />
          {phase.nameMissing && (
            <p className="msg" id="name-missing" role="alert"><CircleAlert className="i" aria-hidden="true" />{t('prejoin.name.missing')}</p>
          )}
        </div>
      )}
      <button type="submit" className="btn primary big wide" disabled={busy || media === 'missing'}>
        {busy && <span className="spin" aria-hidden="true" />}
        {t(knocks ? (busy ? 'prejoin.knocking' : 'prejoin.knock') : busy ? 'prejoin.joining' : twice ? 'prejoin.move' : 'prejoin.join')}
      </button>
      {twice && (
        <button type="button" className="btn plain big wide" disabled={busy || media === 'missing'} onClick={() => dispatch({ type: 'join', video: true, arrival: 'beside' })}>
          {t('prejoin.add')}
        </button>
      )}
      <div className={css['other']}>
        <button type="button" className="btn quiet" disabled={busy || media === 'missing'} onClick={() => dispatch({ type: 'join', video: false, arrival: twice ? 'move' : 'alone' })}>
          {t(twice ? 'prejoin.move.without-video' : 'prejoin.without-video')}
        </button>
        <Link to={{ to: 'test', room: page.code }} className="btn quiet">{t('test.link')}</Link>
      </div>
    </form>
  );
}

const FACES = 4;

function Present({ view }: { readonly view: RoomView }): ReactElement {
  const t = useSpeech();
  if (view.count === 0) return <p className="small">{t('prejoin.nobody')}</p>;
  return (
    <div className="row">
      <span className={cx('faces', css['faces'])}>
        {view.present.slice(0, FACES).map((person) => <Cameo key={person.identity} name={person.name} avatar={person.avatar} />)}
      </span>
      <span className="small">{presence(t, view.present, view.count)}</span>
    </div>
  );
}
