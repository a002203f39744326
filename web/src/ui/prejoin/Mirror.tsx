import { useEffect, useRef, type ReactElement } from 'react';
import { Mic, MicOff, Video, VideoOff, type LucideIcon } from 'lucide-react';
import type { Browser, State } from '../../core/state';
import { remedy } from '../../core/remedy';
import { troubleOf, type TroubleView } from '../../core/selectors';
import { useAppState, useDispatch, usePorts, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { Rich } from '../kit/Rich';
import css from './PreJoin.module.css';

/** My own picture before the meeting; or why there is none, and what to do. */
export function Mirror(): ReactElement {
  const state = useAppState();
  const { camera, microphone, permission } = state.devices;
  const trouble = troubleOf(state);
  if (trouble) return <Blocked trouble={trouble} browser={state.browser} busy={camera.state === 'opening' || microphone.state === 'opening'} />;
  if (permission === 'unasked' && (camera.wanted || microphone.wanted) && state.browser.media === 'yes') {
    return <Why busy={camera.state === 'opening' || microphone.state === 'opening'} />;
  }
  return <Picture state={state} />;
}

function Picture({ state }: { readonly state: State }): ReactElement {
  const t = useSpeech();
  const ports = usePorts();
  const { settings } = state;
  const { camera, microphone } = state.devices;
  const open = camera.state === 'open';
  const opening = camera.wanted && camera.state === 'opening';
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!open || !video.current) return;
    return ports.preview(video.current);
  }, [open, ports]);
  const name = settings.name.trim();
  return (
    <div className={cx('tile', open ? css['mirror'] : css['empty'])}>
      {open ? <video ref={video} className="v" autoPlay muted playsInline /> : (
        <div className={css['off']}>
          {opening ? <span className="spin" aria-hidden="true" /> : <Cameo identity={name} name={name} size="xl" />}
          {state.devices.permission !== 'unknown' && <p className="small">{t(opening ? 'prejoin.opening' : 'prejoin.camera-off')}</p>}
        </div>
      )}
      {name !== '' && open && <div className="who"><span>{name}</span></div>}
      <div className={css['tools']}>
        <Tool on={microphone.wanted} kind="microphone" icons={[Mic, MicOff]} names={[t('meeting.mute'), t('meeting.unmute')]} keys="M" />
        <Tool on={camera.wanted} kind="camera" icons={[Video, VideoOff]} names={[t('meeting.stop-video'), t('meeting.start-video')]} keys="V" />
      </div>
    </div>
  );
}

function Tool({ on, kind, icons, names, keys }: {
  readonly on: boolean;
  readonly kind: 'microphone' | 'camera';
  readonly icons: readonly [LucideIcon, LucideIcon];
  readonly names: readonly [string, string];
  readonly keys: string;
}): ReactElement {
  const dispatch = useDispatch();
  const Icon = on ? icons[0] : icons[1];
  const name = on ? names[0] : names[1];
  return (
    <button
      type="button"
      className={on ? undefined : css['is-off']}
      aria-label={name}
      aria-pressed={!on}
      aria-keyshortcuts={keys}
      title={`${name} (${keys})`}
      onClick={() => dispatch({ type: 'devices/toggle', kind })}
    >
      <Icon className="i" aria-hidden="true" />
    </button>
  );
}

/** Says why, before the browser asks. */
function Why({ busy }: { readonly busy: boolean }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <div className={cx('tile', 'none', css['card'])}>
      <div className={css['blocked']}>
        <span className={cx('frame', css['mark'])}><Video className="i l" aria-hidden="true" /></span>
        <h2>{t('prejoin.why.title')}</h2>
        <p className="small">{t(busy ? 'prejoin.opening' : 'prejoin.why.text')}</p>
        <div className={cx('row', 'wrap', css['middle'])}>
          <button type="button" className="btn primary" disabled={busy} onClick={() => dispatch({ type: 'devices/allow' })}>
            {busy && <span className="spin" aria-hidden="true" />}{t('prejoin.allow')}
          </button>
          <button type="button" className="btn quiet" disabled={busy} onClick={() => dispatch({ type: 'devices/without' })}>{t('prejoin.without')}</button>
        </div>
      </div>
    </div>
  );
}

function Blocked({ trouble, browser, busy }: { readonly trouble: TroubleView; readonly browser: Browser; readonly busy: boolean }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const steps = remedy(trouble.trouble, browser);
  const Icon = trouble.of === 'microphone' ? MicOff : VideoOff;
  return (
    <div className={cx('tile', 'none', css['card'])} role="group" aria-labelledby="trouble">
      <div className={css['blocked']}>
        <span className={cx('frame', trouble.trouble.startsWith('refused') ? 'red' : 'grey', css['mark'])}><Icon className="i l" aria-hidden="true" /></span>
        <h2 id="trouble" role="alert">{t(`trouble.${trouble.of}.${trouble.trouble}`)}</h2>
        {steps.length === 1 && steps[0] ? <p className="small"><Rich words={t.text(steps[0])} /></p> : (
          <ol>
            {steps.map((step, index) => (
              <li key={step.key}>
                <span aria-hidden="true">{index + 1}</span>
                <div><Rich words={t.text(step)} /></div>
              </li>
            ))}
          </ol>
        )}
        <div className={cx('row', 'wrap', css['middle'])}>
          <button type="button" className="btn primary" disabled={busy} onClick={() => dispatch({ type: 'devices/retry' })}>
            {busy && <span className="spin" aria-hidden="true" />}{t('again')}
          </button>
          <button type="button" className="btn quiet" onClick={() => dispatch({ type: 'devices/without' })}>{t('prejoin.without')}</button>
        </div>
      </div>
    </div>
  );
}
