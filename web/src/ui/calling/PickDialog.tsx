import { useCallback, useEffect, type ReactElement } from 'react';
import { PhoneForwarded, Phone, UserPlus } from 'lucide-react';
import { presenceOf } from '../../core/calling/calling';
import type { Named } from '../../core/pages/contacts/page';
import type { Call } from '../../proto/api.gen';
import { useDispatch, useSelect, useSpeech } from '../context';
import { Cameo } from '../kit/Cameo';
import { cx } from '../kit/cx';
import { PeopleDialog } from '../kit/PeopleDialog';
import { PresenceMark } from '../kit/PresenceMark';
import css from './Calling.module.css';

/** Whom to ring into the call, or to whom to leave it: found as one types. */
export default function PickDialog({ call, what, onClose }: { readonly call: Call; readonly what: 'add' | 'transfer'; readonly onClose: () => void }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const people = useSelect(({ calling }) => calling.directory);
  const trouble = useSelect(({ calling }) => calling.directoryTrouble);
  const present = useSelect(({ calling }) => calling.people);
  const fetch = useCallback(() => dispatch({ type: 'calling/people' }), [dispatch]);
  useEffect(fetch, [fetch]);
  const there = new Set(call.others.filter(({ stage }) => stage.is !== 'ended').map(({ account }) => account));
  return (
    <PeopleDialog
      title={t(what === 'add' ? 'calling.add.title' : 'calling.transfer.title')}
      list={cx(css['pick'], what === 'transfer' && css['two'])}
      people={people}
      trouble={trouble}
      but={there}
      // The server may ring a browser that is closed, or somebody to whom they forward: they are asked last, and can be.
      last={(account) => (present[account]?.presence ?? 'offline') === 'offline'}
      onClose={onClose}
      onAgain={fetch}
    >
      {(contact) => <Row key={contact.account} contact={contact} call={call} what={what} onClose={onClose} />}
    </PeopleDialog>
  );
}

function Row({ contact: { account, name, avatar }, call, what, onClose }: {
  readonly contact: Named;
  readonly call: Call;
  readonly what: 'add' | 'transfer';
  readonly onClose: () => void;
}): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const presence = useSelect((state) => presenceOf(state, account));
  const placing = useSelect(({ calling }) => calling.placing !== null);
  return (
    <li className={cx('item', css['pickrow'])}>
      <Cameo name={name} avatar={avatar} mark={<PresenceMark presence={presence} />} />
      <div className="grow">
        <div className="t">{name}</div>
        <div className="d"><span className="presence"><PresenceMark presence={presence} />{t(`presence.${presence}`)}</span></div>
      </div>
      <div className={css['pickacts']}>
        {what === 'add' ? (
          <button type="button" className="btn plain low" aria-label={t('calling.add.person', { name })} onClick={() => {
            onClose();
            dispatch({ type: 'calling/add', person: account });
          }}>
            <UserPlus className="i s" aria-hidden="true" />{t('calling.add')}
          </button>
        ) : (
          <>
            <button type="button" className="btn plain low" aria-label={t('calling.transfer.now.to', { name })} onClick={() => {
              onClose();
              dispatch({ type: 'calling/transfer', person: account });
            }}>
              <PhoneForwarded className="i s" aria-hidden="true" />{t('calling.transfer.now')}
            </button>
            <button type="button" className="btn quiet low" disabled={placing} aria-label={t('calling.transfer.ask.to', { name })} onClick={() => {
              onClose();
              dispatch({ type: 'calling/ask', id: call.id, person: account });
            }}>
              <Phone className="i s" aria-hidden="true" />{t('calling.transfer.ask')}
            </button>
          </>
        )}
      </div>
    </li>
  );
}
