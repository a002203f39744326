import { useEffect, useRef, useState, type ReactElement, type SyntheticEvent } from 'react';
import { Mic, MicOff, Video, VideoOff, type LucideIcon } from 'lucide-react';
import type { Browser } from '../../core/state';
import { nameOf } from '../../core/enter';
import { remedy } from '../../core/remedy';
import { troubleOf, type TroubleView } from '../../core/selectors';
import { useDispatch, usePorts, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { looksAway } from '../kit/facing';
import { useKeyHint } from '../kit/key-hint';
import { Rich } from '../kit/Rich';
import css from './PreJoin.module.css';

/** My own picture before the meeting; or why there is none, and what to do. */
export function Mirror(): ReactElement {
  const devices = useSelect((state) => state.devices);
  const browser = useSelect((state) => state.browser);
  const { camera, microphone, permission } = devices;
  const trouble = troubleOf({ devices });
  // A picture that works is not hidden by a microphone that does not.
  if (trouble?.of === 'microphone' && camera.state === 'open') {
    return <><Picture /><Beside trouble={trouble} browser={browser} busy={microphone.state === 'opening'} /></>;
  }
  if (trouble) return <Blocked trouble={trouble} browser={browser} busy={camera.state === 'opening' || microphone.state === 'opening'} />;
  if (permission === 'unasked' && (camera.wanted || microphone.wanted) && browser.media === 'yes') {
    return <Why busy={camera.state === 'opening' || microphone.state === 'opening'} />;
  }
  return <Picture />;
}

function Picture(): ReactElement {
  const t = useSpeech();
  const ports = usePorts();
  const { camera, microphone, permission } = useSelect((state) => state.devices);
  const name = useSelect(nameOf);
  const avatar = useSelect(({ session }) => (session.is === 'known' ? session.me.account.avatar : undefined));
  // Keys that can do nothing are not there: where the page is not secure no device can be had.
  const keys = useSelect((state) => state.browser.media === 'yes');
  const open = camera.state === 'open';
  const opening = camera.wanted && camera.state === 'opening';
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!open || !video.current) return;
    return ports.preview(video.current);
  }, [open, ports]);
  // People know themselves from mirrors; what a camera on the back sees is read the right way round.
  const [away, setAway] = useState(false);
  const look = (event: SyntheticEvent<HTMLVideoElement>): void => setAway(looksAway(event.currentTarget.srcObject));
  return (
    <div className={cx('tile', open ? !away && css['mirror'] : css['empty'])}>
      {open ? <video ref={video} className="v" tabIndex={-1} autoPlay muted playsInline onLoadedData={look} onResize={look} /> : (
        <div className={css['off']}>
          {opening ? <span className="spin" aria-hidden="true" /> : <Cameo name={name} avatar={avatar} size="xl" />}
          {permission !== 'unknown' && <p className="small">{t(opening ? 'prejoin.opening' : 'prejoin.camera-off')}</p>}
        </div>
      )}
      {name !== '' && open && <div className="who"><span>{name}</span></div>}
      {keys && (
        <div className={css['tools']}>
          <Tool on={microphone.wanted} kind="microphone" icons={[Mic, MicOff]} names={[t('meeting.mute'), t('meeting.unmute')]} />
          <Tool on={camera.wanted} kind="camera" icons={[Video, VideoOff]} names={[t('meeting.stop-video'), t('meeting.start-video')]} />
        </div>
      )}
    </div>
  );
}

function Tool({ on, kind, icons, names }: {
  readonly on: boolean;
  readonly kind: 'microphone' | 'camera';
  readonly icons: readonly [LucideIcon, LucideIcon];
  readonly names: readonly [string, string];
}): ReactElement {
  const hint = useKeyHint();
  const dispatch = useDispatch();
  const Icon = on ? icons[0] : icons[1];
  const name = on ? names[0] : names[1];
  return (
    <button
      type="button"
      className={on ? undefined : css['is-off']}
      aria-label={name}
      aria-pressed={!on}
      {...hint(name, kind)}
      onClick={() => dispatch({ type: 'devices/toggle', kind })}
    >
      <Icon className="i" aria-hidden="true" />
    </button>
  );
}

/** Whoever answered by the keyboard goes on with the form: the name, or what joins. A finger wants no keyboard to rise. */
function goesOn(card: HTMLElement | null): (() => void) | undefined {
  if (!card) return undefined;
  return () => {
    if (card.querySelector(':focus-visible')) document.querySelector<HTMLElement>('[data-join] :is(input, [type="submit"])')?.focus();
  };
}

/** Says why, before the browser asks. Its keys stay in reach while the browser does: whoever is on one is not thrown off. */
function Why({ busy }: { readonly busy: boolean }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const unlessBusy = (type: 'devices/allow' | 'devices/without') => (): void => {
    if (!busy) dispatch({ type });
  };
  return (
    <div ref={goesOn} className={cx('tile', 'none', css['card'])}>
      <div className={css['blocked']}>
        <span className={cx('frame', css['mark'])}><Video className="i l" aria-hidden="true" /></span>
        <h2>{t('prejoin.why.title')}</h2>
        <p className="small">{t(busy ? 'prejoin.opening' : 'prejoin.why.text')}</p>
        <div className={cx('row', 'wrap', css['middle'])}>
          <button type="button" className="btn primary" aria-disabled={busy} onClick={unlessBusy('devices/allow')}>
            {busy && <span className="spin" aria-hidden="true" />}{t('prejoin.allow')}
          </button>
          <button type="button" className="btn quiet" aria-disabled={busy} onClick={unlessBusy('devices/without')}>{t('prejoin.without')}</button>
        </div>
      </div>
    </div>
  );
}

function Blocked({ trouble, browser, busy }: { readonly trouble: TroubleView; readonly browser: Browser; readonly busy: boolean }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const steps = remedy(trouble.trouble, browser, trouble.of, 'door');
  const Icon = trouble.of === 'microphone' ? MicOff : VideoOff;
  return (
    <div ref={goesOn} className={cx('tile', 'none', css['card'])} role="group" aria-labelledby="trouble">
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

/** The same in a few lines under the picture. */
function Beside({ trouble, browser, busy }: { readonly trouble: TroubleView; readonly browser: Browser; readonly busy: boolean }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const steps = remedy(trouble.trouble, browser, trouble.of, 'door');
  return (
    <div className={cx('notice', 'bad', css['beside'])} role="group" aria-labelledby="trouble">
      <MicOff className="i" aria-hidden="true" />
      <span className="grow">
        <b id="trouble" role="alert">{t(`trouble.${trouble.of}.${trouble.trouble}`)}</b>{'. '}
        <Rich words={steps.map((step) => t.text(step)).join(' ')} />
      </span>
      <button type="button" className="btn plain low" disabled={busy} onClick={() => dispatch({ type: 'devices/retry' })}>
        {busy && <span className="spin" aria-hidden="true" />}{t('again')}
      </button>
    </div>
  );
}
