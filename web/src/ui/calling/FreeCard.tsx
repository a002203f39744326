import type { ReactElement } from 'react';
import { Phone, X } from 'lucide-react';
import { inCall, inside } from '../../core/calling/calling';
import { FREE } from '../../i18n/free';
import { own } from '../../i18n/own';
import type { Contact } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { givesBack } from '../kit/gives-back';
import { PresenceMark } from '../kit/PresenceMark';
import css from './Calling.module.css';

/** Somebody for whom I waited is free: for as long as that is true. */
export function FreeCard({ person }: { readonly person: Contact }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const placing = useSelect(({ calling }) => calling.placing !== null);
  // A call is put on hold for another, a meeting is left.
  const leaves = useSelect((state) => inside(state) && !inCall(state));
  const { account, name } = person;
  const text = t('calling.free', { name });
  return (
    <section ref={givesBack} className={cx(css['card'], css['place'])} aria-label={text} data-free-card>
      <Cameo name={name} avatar={person.avatar} mark={<PresenceMark presence="available" />} />
      <p className="strong grow">{text}</p>
      <button type="button" className="btn icon" aria-label={t('close')} title={t('close')} onClick={() => dispatch({ type: 'await/close', account })}>
        <X className="i" aria-hidden="true" />
      </button>
      <div className={css['acts']}>
        <button type="button" className="btn primary" disabled={placing} onClick={() => dispatch({ type: 'calling/place', people: [account], video: false })}>
          {placing ? <span className="spin" aria-hidden="true" /> : <Phone className="i s" aria-hidden="true" />}{leaves ? own(FREE, t.tongue)('leave', { name }) : t('contacts.call', { name })}
        </button>
      </div>
    </section>
  );
}
