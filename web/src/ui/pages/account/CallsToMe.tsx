import type { ReactElement } from 'react';
import { ChevronDown } from 'lucide-react';
import { wishes, WHENS, type When } from '../../../core/pages/account/wishes';
import { askable, type Named } from '../../../core/pages/contacts/page';
import { FORWARDING } from '../../../i18n/forwarding';
import { own } from '../../../i18n/own';
import type { Onward } from '../../../proto/api.gen';
import { useSelect, useSpeech } from '../../context';
import { Cameo } from '../../kit/Cameo';
import { Menu, MenuChoice } from '../../kit/Menu';
import { Notice } from '../../kit/Notice';
import { PeopleDialog } from '../../kit/PeopleDialog';
import { Skeleton } from '../../kit/Skeleton';
import { usePart } from '../../kit/use-part';
import css from './AccountPage.module.css';

/** Where calls to me go, and who rings all the same. */
export function CallsToMe({ me }: { readonly me: string }): ReactElement {
  const t = useSpeech();
  const w = own(FORWARDING, t.tongue);
  const [state, tell] = usePart(wishes);
  const book = useSelect(({ calling }) => calling.book) ?? [];
  const { people, picking, wishes: wished } = state;
  const forward = (when: When, to: Onward): void => tell({ type: 'forward', when, to });
  // As I call them; whom I have blocked is not offered, but may have been chosen before.
  const everybody = people && [...askable(people, book, '', me, t.tongue), ...people.map(({ account, name, avatar }) => ({ account, name, avatar }))];
  return (
    <section aria-labelledby="calls-to-me">
      <div className="sect"><h2 id="calls-to-me">{w('title')}</h2></div>
      <p className={`small ${css['lead'] ?? ''}`}>{w('lead')}</p>
      <Notice tone="bad" text={state.trouble} />
      <div className={`card ${css['goes'] ?? ''}`}>
        {wished === null && state.trouble === null && <Skeleton lines={3} />}
        {wished && WHENS.map((when) => (
          <Goes key={when} when={when} to={wished[when]} people={everybody} onPick={(to) => forward(when, to)} onAsk={() => tell({ type: 'pick', when })} />
        ))}
        {wished && (
          <div className={css['wake']}>
            <button
              type="button"
              role="switch"
              className="switch"
              aria-checked={wished.favourites}
              aria-labelledby="favourites"
              aria-describedby="favourites-text"
              onClick={() => tell({ type: 'favourites', on: !wished.favourites })}
            >
              <span className="grow">
                <span className="label" id="favourites">{w('favourites')}</span>
                <span className="hint" id="favourites-text">{w('favourites.text')}</span>
              </span>
              <span className="track" />
            </button>
          </div>
        )}
      </div>
      <p className={`hint ${css['kept'] ?? ''}`} role="status">{state.kept ? w('kept') : ''}</p>
      {picking !== null && (
        <PeopleDialog title={w('pick')} list={css['pick']} people={people} onClose={() => tell({ type: 'pick', when: null })}>
          {({ account, name, avatar }) => (
            <li key={account}>
              <button type="button" className={css['one']} aria-label={w('forward.to', { name })} onClick={() => forward(picking, { to: 'person', person: account })}>
                <Cameo name={name} avatar={avatar} />
                <span className="ellipsis">{name}</span>
              </button>
            </li>
          )}
        </PeopleDialog>
      )}
    </section>
  );
}

/** Where calls of one kind go. */
function Goes({ when, to, people, onPick, onAsk }: {
  readonly when: When;
  readonly to: Onward;
  readonly people: readonly Named[] | null;
  readonly onPick: (to: Onward) => void;
  readonly onAsk: () => void;
}): ReactElement {
  const t = useSpeech();
  const w = own(FORWARDING, t.tongue);
  const person = to.to === 'person' ? people?.find(({ account }) => account === to.person) : undefined;
  const name = person?.name ?? (people === null ? '…' : w('gone'));
  const where = to.to === 'person' ? name : w(to.to);
  return (
    <div className={css['goesrow']}>
      <div className="grow">
        <div className="label">{w(when)}</div>
        <div className="hint">{w(`${when}.text`)}</div>
      </div>
      <Menu
        label={w('to', { when: w(when), where })}
        className="select"
        side="down"
        align="end"
        face={<><span className="ellipsis">{where}</span><ChevronDown className="i" aria-hidden="true" /></>}
      >
        <MenuChoice ticked={to.to === 'nobody'} onPick={() => onPick({ to: 'nobody' })}>{w('nobody')}</MenuChoice>
        <MenuChoice ticked={to.to === 'voicemail'} onPick={() => onPick({ to: 'voicemail' })}>{w('voicemail')}</MenuChoice>
        {to.to === 'person' && <MenuChoice ticked onPick={() => onPick(to)}>{where}</MenuChoice>}
        <MenuChoice ticked={false} onPick={onAsk}>{w('person')}</MenuChoice>
      </Menu>
    </div>
  );
}
