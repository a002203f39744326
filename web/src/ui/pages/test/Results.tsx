import '../../../i18n/test';
import type { ReactElement } from 'react';
import { Check, Copy, LoaderCircle, Minus, X } from 'lucide-react';
import { itemsOf, type Item, type Run } from '../../../core/trial/run';
import { verdictOf, type Verdict } from '../../../core/trial/verdict';
import type { Key } from '../../../i18n/text';
import { useDispatch, useSelect, useSpeech } from '../../context';
import { cx } from '../../kit/cx';
import { Rich } from '../../kit/Rich';
import css from './Results.module.css';

const MARKS = { waiting: Minus, running: LoaderCircle, pass: Check, fail: X, skip: Minus } as const;
const BADGES: Readonly<Record<Verdict['is'], string>> = { waiting: 'badge', running: 'badge live', pass: 'badge ok', fail: 'badge bad', skip: 'badge' };

/** What a run has found, line by line. For whoever set the server up, ways are open or closed. */
export function Results({ run, label }: { readonly run: Run; readonly label: string }): ReactElement {
  return (
    <ul className={cx('divide', css['list'])} aria-label={label}>
      {itemsOf(run.scope).map((item) => <Line key={item} item={item} run={run} />)}
    </ul>
  );
}

function Line({ item, run }: { readonly item: Item; readonly run: Run }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const browser = useSelect((state) => state.browser);
  const { is, text, figure, remedy, command } = verdictOf(item, run, browser);
  const Mark = MARKS[is];
  const open = run.scope === 'ways' && (is === 'pass' || is === 'fail');
  const badge: Key = open ? (is === 'pass' ? 'test.setup.open' : 'test.setup.closed') : `test.badge.${is}`;
  return (
    <li className={cx('item', css['line'])} data-item={item} data-verdict={is}>
      <span className={cx(css['mark'], css[is])}><Mark className="i" aria-hidden="true" /></span>
      <div className="grow">
        <div className="t">{t(`test.item.${item}`)}</div>
        <div className={cx('small', css['words'])}>{t.text(text)}</div>
        {remedy.length > 0 && (
          <div className={cx('small', css['remedy'])}>{remedy.map((step, index) => <p key={index}><Rich words={t.text(step)} /></p>)}</div>
        )}
        {command !== null && (
          <div className={cx('copy', css['command'])}>
            <span>{command}</span>
            <button type="button" className="btn quiet low" onClick={() => dispatch({ type: 'test/copy', text: command })}>
              <Copy className="i s" aria-hidden="true" />{t('copy')}
            </button>
          </div>
        )}
      </div>
      <div className={css['end']}>
        {figure && <span className="small num">{t.text(figure)}</span>}
        <span className={BADGES[is]}>{t(badge)}</span>
      </div>
    </li>
  );
}
