import { useRef, type ReactElement } from 'react';
import { DoorOpen } from 'lucide-react';
import { askedWords } from '../../core/calling/asked';
import { inside } from '../../core/calling/calling';
import { isUnnamed } from '../../core/title';
import { ASKED } from '../../i18n/asked';
import { own } from '../../i18n/own';
import type { RoomInvitation } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { givesBack } from '../kit/gives-back';
import css from './Calling.module.css';

/** Somebody asks me into a meeting. It lies beside the page, and takes no screen: nobody has to answer. */
export function Asked({ asked: { code, title, name, avatar } }: { readonly asked: RoomInvitation }): ReactElement {
  const t = useSpeech();
  const w = own(ASKED, t.tongue);
  const dispatch = useDispatch();
  const busy = useSelect(inside);
  const coming = useSelect(({ calling }) => calling.coming === code);
  const more = useSelect(({ calling }) => calling.asked.length > 1);
  const heading = useRef<HTMLHeadingElement>(null);
  const come = (): void => {
    // The buttons go: the focus stays in the card.
    heading.current?.focus({ preventScroll: true });
    dispatch({ type: 'asked/come', code });
  };
  return (
    <section ref={givesBack} className={cx('ring', css['place'], busy && css['second'])} aria-label={t.text(askedWords(name, title))} data-asked-card>
      <div className={css['who']}>
        <span className="lit"><Cameo name={name} avatar={avatar} size={busy ? undefined : 'lg'} /></span>
        <div className="grow">
          <h2 ref={heading} tabIndex={-1} className="ellipsis">{name}</h2>
          <p className="small">{isUnnamed(title) ? w('invites.unnamed') : w('invites', { title })}</p>
          {more && <p className="hint">{w('more')}</p>}
        </div>
      </div>
      {coming ? (
        <p className={css['answering']} role="status"><span className="spin" aria-hidden="true" />{w('coming')}</p>
      ) : (
        <div className={cx(css['ask'])}>
          <div className="two">
            <button type="button" className={cx('btn', 'plain', busy ? 'low' : 'big')} onClick={() => dispatch({ type: 'asked/not-now', code })}>{w('not-now')}</button>
            <button type="button" className={cx('btn', 'primary', busy ? 'low' : 'big')} onClick={come}>
              <DoorOpen className="i s" aria-hidden="true" />{w(busy ? 'leave' : 'come')}
            </button>
          </div>
        </div>
      )}
    </section>
  );
}
