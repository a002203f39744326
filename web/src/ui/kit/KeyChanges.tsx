import { useId, useState, type KeyboardEvent, type ReactElement } from 'react';
import { RotateCcw } from 'lucide-react';
import { deedName, deeds, hasSlot, isChanged, judge, keyOf, type Deed, type Slot, type Verdict } from '../../core/shortcuts';
import '../../i18n/keys';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from './cx';
import { keyFace } from './key-hint';
import { useOffered } from './offered';
import css from './HelpDialog.module.css';

interface Place {
  readonly deed: Deed;
  readonly slot: Slot;
}

const SLOTS: readonly Slot[] = ['bare', 'chord'];
const isAt = (at: Place | null, deed: Deed, slot?: Slot): boolean => at !== null && at.deed === deed && (slot === undefined || at.slot === slot);

/** Every key that can be changed, one line for each thing that they do. */
export function KeyChanges(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const offered = useOffered();
  const keys = useSelect((state) => state.settings.keys);
  const [at, setAt] = useState<Place | null>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  // Where the field was that is gone: the focus goes to the button that it stood for.
  const [back, setBack] = useState<Place | null>(null);
  const go = (to: Place | null): void => {
    setBack(to === null ? at : null);
    setAt(to);
    setVerdict(null);
  };
  const take = ({ deed, slot }: Place, key: string | null): void => {
    dispatch({ type: 'settings/key', deed, slot, key });
    go(null);
  };
  const press = (place: Place, event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    event.preventDefault(); // Escape must not close the dialog, nor Tab leave: both are answered here
    event.stopPropagation();
    const found = judge(keys, place.deed, place.slot, event);
    if (found.is === 'cancel') go(null);
    else if (found.is === 'good') take(place, found.key);
    else if (found.is !== 'more') setVerdict(found);
  };
  return (
    <>
      <ul className={cx('plain', css['changes'])}>
        {deeds.filter(offered).map((deed) => {
          const name = t.text(deedName(deed));
          return (
            <li key={deed}>
              <span className="grow">{name}</span>
              {SLOTS.map((slot) => {
                if (!hasSlot(deed, slot)) return <span key={slot} />;
                return isAt(at, deed, slot)
                  ? <Listening key={slot} name={name} slot={slot} wrong={verdict !== null} onPress={(event) => press({ deed, slot }, event)} onAway={() => {
                    // What is offered for a taken key stands beside the field, and is reached from it.
                    if (verdict?.is !== 'taken') go(null);
                  }} />
                  : <Slotted key={slot} deed={deed} slot={slot} name={name} lands={isAt(back, deed, slot)} onChange={() => go({ deed, slot })} />;
              })}
              {isChanged(keys, deed)
                ? (
                  <button type="button" className="btn icon" aria-label={t('keys.reset.for', { name })} title={t('keys.reset')} onClick={(event) => {
                    event.currentTarget.closest('li')?.querySelector<HTMLElement>('[data-place]')?.focus();
                    dispatch({ type: 'settings/keys-reset', deed });
                  }}>
                    <RotateCcw className="i s" aria-hidden="true" />
                  </button>
                )
                : <span className={css['reset']} />}
              {at !== null && isAt(at, deed) && verdict !== null && <Answer place={at} verdict={verdict} onTake={(key) => take(at, key)} onCancel={() => go(null)} />}
            </li>
          );
        })}
      </ul>
      <div className="row">
        <button type="button" className="btn low plain" disabled={Object.keys(keys).length === 0} onClick={() => dispatch({ type: 'settings/keys-reset', deed: null })}>
          {t('keys.reset-all')}
        </button>
      </div>
    </>
  );
}

/** The key as it is; pressed, it listens for another. */
function Slotted({ deed, slot, name, lands, onChange }: {
  readonly deed: Deed;
  readonly slot: Slot;
  readonly name: string;
  /** The focus comes back to it. */
  readonly lands: boolean;
  readonly onChange: () => void;
}): ReactElement {
  const t = useSpeech();
  const key = useSelect((state) => keyOf(state.settings.keys, deed, slot));
  const face = key === null ? null : keyFace(t, key);
  return (
    <button
      type="button"
      className="btn low"
      data-place={`${deed}:${slot}`}
      ref={lands ? focused : undefined}
      aria-label={face === null ? t(`keys.${slot}.none`, { name }) : t(`keys.${slot}`, { name, key: face })}
      onClick={onChange}
    >
      {face === null ? <span className="hint">{t('keys.none')}</span> : <kbd>{face}</kbd>}
    </button>
  );
}

/** A field, and not a button: screen readers hand keys on to fields alone. */
function Listening({ name, slot, wrong, onPress, onAway }: {
  readonly name: string;
  readonly slot: Slot;
  readonly wrong: boolean;
  readonly onPress: (event: KeyboardEvent) => void;
  readonly onAway: () => void;
}): ReactElement {
  const t = useSpeech();
  const id = useId();
  return (
    <>
      <input
        className={cx('input', css['listening'])}
        aria-label={t(slot === 'bare' ? 'keys.press.for' : 'keys.press.for.chord', { name })}
        aria-describedby={id}
        aria-invalid={wrong}
        placeholder={t(slot === 'bare' ? 'keys.press' : 'keys.press.chord')}
        autoComplete="off"
        spellCheck={false}
        value=""
        ref={focused}
        onChange={nothing}
        onKeyDown={onPress}
        onBlur={onAway}
      />
      <span id={id} hidden>{t('keys.hint')}</span>
    </>
  );
}

const nothing = (): void => undefined;
const focused = (element: HTMLElement | null): void => element?.focus();

/** Why the press was not taken, and what can be done about it. */
function Answer({ place, verdict, onTake, onCancel }: {
  readonly place: Place;
  readonly verdict: Verdict;
  readonly onTake: (key: string) => void;
  readonly onCancel: () => void;
}): ReactElement | null {
  const t = useSpeech();
  const mine = useSelect((state) => keyOf(state.settings.keys, place.deed, place.slot));
  if (verdict.is === 'refused') return <p role="alert" className={css['answer']}>{t(verdict.why)}</p>;
  if (verdict.is !== 'taken') return null;
  const args = { key: keyFace(t, verdict.key), name: t.text(deedName(place.deed)), other: t.text(deedName(verdict.by)) };
  return (
    <div className={css['answer']}>
      <p role="alert">{t('keys.taken', args)}</p>
      <button
        type="button"
        className="btn low plain"
        aria-label={mine === null ? t('keys.swap.take', args) : t('keys.swap.with', { ...args, mine: keyFace(t, mine) })}
        ref={swapping}
        onClick={() => onTake(verdict.key)}
      >
        {t('keys.swap')}
      </button>
      <button type="button" className="btn low" onClick={onCancel}>{t('cancel')}</button>
    </div>
  );
}

/** The answer is the next thing to decide; Escape is answered by the field no more, so the focus goes on. */
const swapping = (button: HTMLButtonElement | null): void => button?.focus();
