// Signing in, signing up, and a new password by link.

import { say, type Text } from '../../../i18n/text';
import { ask, codeOf, problemText, type Answered } from '../../calls';
import type { Event } from '../../event';
import { welcome } from '../../session';
import { leaveFor } from '../../start';
import type { State } from '../../state';
import { announce, stay, type Step } from '../../step';
import { passwordWrong } from '../words';
import { openSignIn, type ResetPage, type SignEvent, type SignInPage, type SignUpField, type SignUpPage } from './page';

type Used = Extract<Event, { type: 'passkey'; to: 'sign-in' }>;
type Sign = SignEvent | Used | Answered<'session/open' | 'accounts/open' | 'invitations/check' | 'resets/use'>;

export function sign(state: State, event: Sign): Step {
  const { page } = state;
  switch (page.at) {
    case 'sign-in': return signIn(state, page, event);
    case 'sign-up': return signUp(state, page, event);
    case 'reset': return reset(state, page, event);
    default: return stay(state);
  }
}

function signIn(state: State, page: SignInPage, event: Sign): Step {
  switch (event.type) {
    case 'sign/in':
      return stay({ ...state, page: { ...page, ...event.change, trouble: null } });
    case 'sign/in-send': {
      if (page.busy !== 'no') return stay(state);
      const name = page.name.trim();
      if (name === '' || page.password === '') return told(state, page, say('sign.in.missing'));
      return [{ ...state, page: { ...page, busy: 'password', trouble: null } }, [ask({ name: 'session/open', body: { name, password: page.password } })]];
    }
    case 'sign/in-passkey':
      if (page.busy !== 'no') return stay(state);
      return [{ ...state, page: { ...page, busy: 'passkey', trouble: null } }, [{ type: 'passkey', to: 'sign-in' }]];
    case 'passkey':
      if (page.busy !== 'passkey') return stay(state);
      if (event.result.ok) return welcome(state, event.result.value, page.next);
      if (event.result.problem === 'cancelled') return stay({ ...state, page: { ...page, busy: 'no' } });
      return told(state, page, problemText(event.result.problem));
    case 'answer':
      if (event.name !== 'session/open' || page.busy !== 'password') return stay(state);
      if (event.result.ok) return welcome(state, event.result.value, page.next);
      return told(state, page, problemText(event.result.problem));
    default:
      return stay(state);
  }
}

const told = (state: State, page: SignInPage, trouble: Text): Step =>
  stay(announce({ ...state, page: { ...page, busy: 'no', trouble } }, trouble));

function signUp(state: State, page: SignUpPage, event: Sign): Step {
  switch (event.type) {
    case 'sign/up': {
      const wrong = Object.fromEntries(Object.entries(page.wrong).filter(([field]) => !(field in event.change)));
      return stay({ ...state, page: { ...page, ...event.change, wrong, trouble: null } });
    }
    case 'sign/up-send':
      return page.busy ? stay(state) : register(state, page);
    case 'answer':
      if (event.name === 'invitations/check') return invited(state, page, event);
      return event.name === 'accounts/open' ? registered(state, page, event) : stay(state);
    default:
      return stay(state);
  }
}

function invited(state: State, page: SignUpPage, event: Answered<'invitations/check'>): Step {
  if (event.call.secret !== page.secret) return stay(state);
  if (!event.result.ok) {
    const text = problemText(event.result.problem);
    const bad = codeOf(event.result.problem) === 'bad_link';
    return stay(announce({ ...state, page: { ...page, invitation: bad ? 'bad' : page.invitation, trouble: text } }, text));
  }
  const meant = event.result.value.name ?? '';
  return stay({ ...state, page: { ...page, invitation: 'good', displayName: page.displayName === '' ? meant : page.displayName } });
}

function register(state: State, page: SignUpPage): Step {
  const name = page.name.trim();
  const displayName = page.displayName.trim();
  const wrong: Partial<Record<SignUpField, Text>> = {};
  if (name === '') wrong.name = say('sign.name.missing');
  const weak = passwordWrong(page.password);
  if (weak) wrong.password = weak;
  if (Object.keys(wrong).length > 0) return stay({ ...state, page: { ...page, wrong } });
  const body = {
    name,
    password: page.password,
    ...(displayName === '' ? {} : { displayName }),
    ...(page.secret === '' ? {} : { invitation: page.secret }),
  };
  return [{ ...state, page: { ...page, busy: true, wrong: {}, trouble: null } }, [ask({ name: 'accounts/open', body })]];
}

const FIELDS: ReadonlyMap<string, SignUpField> = new Map([
  ['name_taken', 'name'],
  ['bad_account_name', 'name'],
  ['bad_name', 'displayName'],
  ['weak_password', 'password'],
]);

function registered(state: State, page: SignUpPage, event: Answered<'accounts/open'>): Step {
  if (!page.busy) return stay(state);
  if (event.result.ok) return welcome(state, event.result.value, { to: 'start' });
  const text = problemText(event.result.problem);
  const code = codeOf(event.result.problem);
  const field = FIELDS.get(code);
  const invitation = code === 'bad_link' ? 'bad' : page.invitation;
  const next: SignUpPage = { ...page, busy: false, invitation, wrong: field ? { [field]: text } : {}, trouble: field ? null : text };
  return stay(announce({ ...state, page: next }, text));
}

function reset(state: State, page: ResetPage, event: Sign): Step {
  switch (event.type) {
    case 'sign/reset':
      return stay({ ...state, page: { ...page, password: event.password, wrong: null } });
    case 'sign/reset-send': {
      if (page.state !== 'asking') return stay(state);
      const weak = passwordWrong(page.password);
      if (weak) return stay({ ...state, page: { ...page, wrong: weak } });
      const body = { secret: page.secret, password: page.password };
      return [{ ...state, page: { ...page, state: 'busy', wrong: null } }, [ask({ name: 'resets/use', body })]];
    }
    case 'answer': {
      if (event.name !== 'resets/use' || page.state !== 'busy') return stay(state);
      if (!event.result.ok) {
        const text = problemText(event.result.problem);
        return stay(announce({ ...state, page: { ...page, state: 'asking', wrong: text } }, text));
      }
      // Every device was signed out, this one too.
      const out: State = { ...state, session: { is: 'nobody' } };
      const [opened, effects] = openSignIn({ to: 'start' });
      const text = say('sign.reset.done');
      return leaveFor(announce(out, text), { ...opened, notice: text }, [{ type: 'go', route: { to: 'sign-in' }, replace: true }, ...effects]);
    }
    default:
      return stay(state);
  }
}
