import '../../../i18n/test';
import { useLayoutEffect, type ReactElement } from 'react';
import { CircleAlert, Download, RotateCcw, TriangleAlert, Video } from 'lucide-react';
import type { TestPage as Page } from '../../../core/pages/test/page';
import type { Run } from '../../../core/trial/run';
import { summaryOf } from '../../../core/trial/summary';
import { countOf } from '../../../core/trial/verdict';
import { useDispatch, usePorts, useSelect, useSpeech } from '../../context';
import { LANDING } from '../../kit/arrival';
import { Door } from '../../kit/Door';
import { Level } from '../../kit/Level';
import { Rich } from '../../kit/Rich';
import { Results } from './Results';
import css from './TestPage.module.css';

/** The connection test: why, what came of it, what to do; beside it every line with its verdict. */
export default function TestPage({ page }: { readonly page: Page }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const ports = usePorts();
  const browser = useSelect((state) => state.browser);
  const { run } = page;
  const { done, of } = countOf(run, browser);
  useLayoutEffect(() => ports.title(t('test.title')), [ports, t]);
  return (
    <Door className={css['door']} onClose={() => dispatch({ type: 'test/close' })}>
      <div className={css['test']}>
        <section className="stack">
          {run.state === 'ready' && <Ready />}
          {run.state === 'running' && (
            <>
              <h1 className="display" {...LANDING}>{t('test.running')}</h1>
              <p>{t('test.running.lead')}</p>
            </>
          )}
          {run.state === 'over' && <Over run={run} />}
          {(run.hears || figuresOf(run) !== null) && <Figures run={run} />}
        </section>
        <section className="card">
          <div className={css['head']}>
            <div className="progress grow" aria-hidden="true"><i style={{ width: `${(done / of) * 100}%` }} /></div>
            <span className="small num">{t('test.count', { n: done, of })}</span>
          </div>
          <Results run={run} label={t('test.results')} />
        </section>
      </div>
    </Door>
  );
}

function Ready(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const devices = useSelect((state) => state.browser.media === 'yes');
  return (
    <>
      <h1 className="display" {...LANDING}>{t('test.ready')}</h1>
      <p>{t('test.ready.lead')}</p>
      {devices && <p className="small">{t('test.ready.devices')}</p>}
      <div className="row wrap">
        <button type="button" className="btn primary big" onClick={() => dispatch({ type: 'test/begin', devices })}>
          <Video className="i" aria-hidden="true" />{t('test.begin')}
        </button>
        {devices && (
          <button type="button" className="btn quiet" onClick={() => dispatch({ type: 'test/begin', devices: false })}>{t('test.begin.without')}</button>
        )}
      </div>
    </>
  );
}

function Over({ run }: { readonly run: Run }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const browser = useSelect((state) => state.browser);
  const { tone, title, lead, help } = summaryOf(run, browser);
  const devices = run.outcomes.microphone?.is !== 'unasked';
  const Mark = tone === 'bad' ? CircleAlert : TriangleAlert;
  return (
    <>
      <h1 className="display" {...LANDING}>{t.text({ key: title, args: {} })}</h1>
      <p>{t.text(lead)}</p>
      {help.length > 0 && (
        <div className={tone === 'bad' ? 'notice bad' : 'notice warn'}>
          <Mark className="i" aria-hidden="true" />
          <span><Rich words={`${t('test.help')} ${help.map((step) => t.text(step)).join(' ')}`} /></span>
        </div>
      )}
      <div className="row wrap">
        <button type="button" className="btn primary" onClick={() => dispatch({ type: 'test/begin', devices })}>
          <RotateCcw className="i s" aria-hidden="true" />{t('test.again')}
        </button>
        <button type="button" className="btn plain" onClick={() => dispatch({ type: 'test/report' })}>
          <Download className="i s" aria-hidden="true" />{t('test.download')}
        </button>
      </div>
    </>
  );
}

/** What is known in numbers: up and down as measured with what was sent, and the delay of the best way. */
function figuresOf(run: Run): { readonly sent: number | null; readonly received: number | null; readonly delay: number | null } | null {
  const { sending, receiving } = run.outcomes;
  const sent = sending?.is === 'sent' ? sending.kbps : null;
  const received = receiving?.is === 'received' ? receiving.kbps : null;
  const ways = [run.outcomes.udp, run.outcomes.tcp, run.outcomes.relay];
  const first = ways.find((way) => way?.is === 'answered');
  const delay = first?.is === 'answered' ? first.ms : null;
  return sent === null && received === null && delay === null ? null : { sent, received, delay };
}

function Figures({ run }: { readonly run: Run }): ReactElement {
  const t = useSpeech();
  const figures = figuresOf(run);
  const mbit = (kbps: number | null): string => (kbps === null ? '–' : t('test.figure.mbit', { n: Math.round(kbps / 100) / 10 }));
  return (
    <div className={`card pad stack ${css['figures'] ?? ''}`}>
      {run.hears && (
        <>
          <span className="small">{t('test.level')}</span>
          <Level />
        </>
      )}
      {figures && (
        <dl className={css['three']}>
          <div><dt className="small">{t('test.sent')}</dt><dd className="strong num">{mbit(figures.sent)}</dd></div>
          <div><dt className="small">{t('test.received')}</dt><dd className="strong num">{mbit(figures.received)}</dd></div>
          <div><dt className="small">{t('test.delay')}</dt><dd className="strong num">{figures.delay === null ? '–' : t('test.figure.ms', { n: Math.round(figures.delay) })}</dd></div>
        </dl>
      )}
    </div>
  );
}
