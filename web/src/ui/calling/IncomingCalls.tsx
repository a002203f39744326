import { useEffect, useLayoutEffect, useRef, type ReactElement } from 'react';
import { carded, foremost, inCall, inside, uncarded } from '../../core/calling/calling';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { cx } from '../kit/cx';
import { useShortcuts } from '../kit/shortcuts';
import { useNarrow } from '../kit/use-narrow';
import { useSize } from '../kit/use-size';
import { Incoming } from './Incoming';
import css from './Calling.module.css';

/** The card in which the focus is. */
const cardInFocus = (): Element | null => document.activeElement?.closest('[data-call-card]') ?? null;

/** All calls that come in, the oldest on top. One key answers or declines: the card with the focus in it, or else the one that is heard. */
export function IncomingCalls(): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const stack = useRef<HTMLDivElement>(null);
  const ids = useSelect((state) => carded(state).map(({ id }) => id).join(' '));
  const calls = useSelect(({ calling }) => calling.calls);
  const more = useSelect(uncarded);
  const first = useSelect(foremost);
  const busy = useSelect(inside);
  const keeps = useSelect(inCall);
  const hushed = useSelect(({ calling }) => calling.hushed);
  const door = useSelect(({ page }) => page.at === 'room' && page.phase.is === 'prejoin');
  // On a phone they take the screen, unless somebody is talked to there.
  const covers = useNarrow() && !busy;
  const there = new Set(ids.split(' '));
  const shown = calls.filter(({ id }) => there.has(id));
  const aloud = shown.filter(({ id }) => !hushed.includes(id));
  const meant = (): Call | undefined => shown.find(({ id }) => id === cardInFocus()?.getAttribute('data-call-card')) ?? first ?? undefined;
  const answer = (): void => {
    const call = meant();
    // The buttons go when one is pressed: a focus in the card stays in it.
    cardInFocus()?.querySelector('h2')?.focus({ preventScroll: true });
    // Whoever talks to somebody has them on hold.
    if (call) dispatch({ type: 'calling/answer', id: call.id, video: false, ...(keeps ? { keep: true } as const : {}) });
  };
  const decline = (): void => {
    const call = meant();
    if (call) dispatch({ type: 'calling/decline', id: call.id });
  };
  const hush = (): void => {
    for (const { id } of aloud) dispatch({ type: 'calling/hush', id });
  };
  // In a meeting, and at its door, the key for the microphone goes on to be that.
  useShortcuts(busy || door || aloud.length === 0 ? {} : { microphone: hush });
  // The cards lie in a dialog that is open, and so do their keys.
  useShortcuts({}, { 'ctrl+enter': answer, 'ctrl+shift+d': decline }, 'dialogs');
  useEffect(() => {
    // What is covered must not keep the focus, nor get it back when one of several goes.
    if (covers && !stack.current?.contains(document.activeElement)) stack.current?.querySelector('h2')?.focus({ preventScroll: true });
  });
  // Where somebody is talked to, what they are seen in makes room: see Calling.module.css.
  const height = useSize(stack)?.height ?? 0;
  useLayoutEffect(() => {
    const { style } = document.documentElement;
    style.setProperty('--rings', `${height}px`);
    return () => void style.removeProperty('--rings');
  }, [height]);
  const many = shown.length > 1;
  return (
    <div ref={stack} className={cx(css['place'], css['stack'], covers && css['covers'], covers && many && css['many'])}>
      {shown.map((call, index) => (
        <Incoming key={call.id} call={call} size={covers && !many ? 'full' : busy || covers || index > 0 ? 'small' : 'large'} keys={call.id === first?.id} silences={!door} />
      ))}
      {more > 0 && <p className={cx('small', css['more'])} role="status">{t('calling.in.more', { n: more })}</p>}
    </div>
  );
}
