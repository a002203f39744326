import type { FormEvent, ReactElement } from 'react';
import { Mail } from 'lucide-react';
import type { ConsolePage as Page } from '../../../core/pages/console/page';
import { useDispatch, useSpeech } from '../../context';
import { Field } from '../../kit/Field';
import { Skeleton } from '../../kit/Skeleton';
import { day } from '../dates';
import css from './ConsolePage.module.css';
import { SecretLink } from './SecretLink';

/** Links with which people may make an account: making them, and taking them back. */
export function Invitations({ page }: { readonly page: Page }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  return (
    <>
      <Invite page={page} />
      {page.made && <SecretLink title={t('console.invite.link')} link={page.made} />}
      <div className="card divide" role={page.invitations?.length ? 'list' : undefined}>
        {page.invitations === null && page.trouble === null && <Skeleton lines={2} />}
        {page.invitations?.length === 0 && <p className="item small">{t('console.invitations.none')}</p>}
        {page.invitations?.map((invitation) => {
          const name = invitation.name ?? t('console.invitation.anyone');
          return (
            <div className="item" role="listitem" key={invitation.id}>
              <span className="frame"><Mail className="i" aria-hidden="true" /></span>
              <div className="grow">
                <div className="t">{name}</div>
                <div className="d num">{t('console.invitation.left', { n: invitation.usesLeft, date: day(t.tongue, invitation.expiresAt) })}</div>
              </div>
              <button
                type="button"
                className="btn danger-quiet low"
                aria-label={t('console.invitation.remove', { name })}
                onClick={() => dispatch({ type: 'console/invitation-remove', id: invitation.id })}
              >
                {t('console.take-back')}
              </button>
            </div>
          );
        })}
      </div>
    </>
  );
}

function Invite({ page }: { readonly page: Page }): ReactElement {
  const t = useSpeech();
  const dispatch = useDispatch();
  const { invite } = page;
  const change = (to: { readonly name?: string; readonly uses?: string; readonly days?: string }): void => dispatch({ type: 'console/invite', change: to });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    dispatch({ type: 'console/invite-send' });
  };
  return (
    <form className={`card ${css['invite'] ?? ''}`} aria-label={t('console.invite')} onSubmit={submit} noValidate>
      <Field label={t('console.invite.name')} hint={t('console.invite.name.hint')} value={invite.name} autoComplete="off" maxLength={128} onType={(name) => change({ name })} />
      <Field label={t('console.invite.uses')} type="number" value={invite.uses} autoComplete="off" onType={(uses) => change({ uses })} />
      <Field label={t('console.invite.days')} type="number" value={invite.days} autoComplete="off" onType={(days) => change({ days })} />
      <button type="submit" className="btn primary" disabled={invite.busy}>
        {invite.busy && <span className="spin" aria-hidden="true" />}{t('console.invite.go')}
      </button>
    </form>
  );
}
