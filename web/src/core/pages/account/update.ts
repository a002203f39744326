// My account: name, picture, password, passkeys, signed-in devices.

import { say } from '../../../i18n/text';
import type { Me } from '../../../proto/api.gen';
import { ask, codeOf, problemText, type Answered } from '../../calls';
import { waking } from '../../calling/waking';
import type { Effect } from '../../effect';
import type { Event } from '../../event';
import type { State } from '../../state';
import { andThen, announce, stay, toast, type Step } from '../../step';
import { MOST_PICTURE, pictureWrong } from '../picture';
import { passwordWrong } from '../words';
import type { AccountEvent, AccountPage } from './page';

type Woken = Extract<Event, { type: 'push' }>;
type Added = Extract<Event, { type: 'passkey'; to: 'add' }>;
type Answer = Answered<'me/change' | 'me/password' | 'avatar/put' | 'avatar/delete' | 'devices' | 'devices/delete' | 'passkeys' | 'passkeys/delete'>;

export function account(state: State, event: AccountEvent | Added | Woken | Answer): Step {
  const page = state.page;
  if (page.at !== 'account') return stay(state);
  if (event.type === 'answer') return answer(state, page, event);
  switch (event.type) {
    case 'account/name':
      return put(state, page, { displayName: event.displayName, nameWrong: null });
    case 'account/name-send':
      return rename(state, page);
    case 'account/picture': {
      if (page.pictureBusy) return stay(state);
      const wrong = pictureWrong(event.picture, MOST_PICTURE, say('account.picture.large'));
      if (wrong !== null) return put(state, page, { pictureWrong: wrong });
      return put(state, page, { pictureBusy: true, pictureWrong: null }, ask({ name: 'avatar/put', picture: event.picture }));
    }
    case 'account/picture-remove':
      return page.pictureBusy ? stay(state) : put(state, page, { pictureBusy: true, pictureWrong: null }, ask({ name: 'avatar/delete' }));
    case 'account/password':
      return put(state, page, { password: { ...page.password, ...event.change, wrong: null } });
    case 'account/password-send':
      return newPassword(state, page);
    case 'account/passkey-name':
      return put(state, page, { passkeyName: event.name, passkeyWrong: null });
    case 'account/passkey-add': {
      if (page.passkeyBusy) return stay(state);
      const name = page.passkeyName.trim();
      if (name === '') return put(state, page, { passkeyWrong: say('account.passkey.unnamed') });
      return put(state, page, { passkeyBusy: true, passkeyWrong: null }, { type: 'passkey', to: 'add', name });
    }
    case 'account/passkey-remove':
      return [state, [ask({ name: 'passkeys/delete', id: event.id })]];
    case 'account/device-remove':
      return [state, [ask({ name: 'devices/delete', id: event.id })]];
    case 'account/wake': {
      if (page.wakeBusy || page.wakes === null) return stay(state);
      return put(state, page, { wakeBusy: true, wakeWrong: null }, ...waking(state, event.on ? 'on' : 'off'));
    }
    case 'push':
      return put(state, page, { wakes: event.on, wakeBusy: false, wakeWrong: event.wrong });
    case 'passkey': {
      if (event.result.ok) {
        const next = put(state, page, { passkeyBusy: false, passkeyName: '', passkeyWrong: null }, ask({ name: 'passkeys' }));
        return andThen(next, (now) => good(now, 'account.passkey.added'));
      }
      if (event.result.problem === 'cancelled') return put(state, page, { passkeyBusy: false });
      return put(state, page, { passkeyBusy: false, passkeyWrong: problemText(event.result.problem) });
    }
  }
}

const put = (state: State, page: AccountPage, change: Partial<AccountPage>, ...effects: readonly Effect[]): Step =>
  [{ ...state, page: { ...page, ...change } }, effects];

function good(state: State, key: 'account.saved' | 'account.password.done' | 'account.passkey.added' | 'account.device.gone'): Step {
  const text = say(key);
  return toast(announce(state, text), text);
}

function rename(state: State, page: AccountPage): Step {
  if (page.displayName === null || page.nameBusy) return stay(state);
  const displayName = page.displayName.trim();
  if (displayName === '') return put(state, page, { nameWrong: say('trouble.name') });
  return put(state, page, { nameBusy: true, nameWrong: null }, ask({ name: 'me/change', body: { displayName } }));
}

function newPassword(state: State, page: AccountPage): Step {
  const { password } = page;
  if (password.busy) return stay(state);
  const has = state.session.is === 'known' && state.session.me.hasPassword;
  if (has && password.current === '') {
    return put(state, page, { password: { ...password, wrong: { field: 'current', text: say('account.password.current.missing') } } });
  }
  const weak = passwordWrong(password.fresh);
  if (weak) return put(state, page, { password: { ...password, wrong: { field: 'fresh', text: weak } } });
  const body = { current: password.current, new: password.fresh };
  return put(state, page, { password: { ...password, busy: true, wrong: null } }, ask({ name: 'me/password', body }));
}

const withMe = (state: State, me: Me): State => ({ ...state, session: { is: 'known', me } });

function answer(state: State, page: AccountPage, event: Answer): Step {
  const { result } = event;
  switch (event.name) {
    case 'me/change':
      if (!event.result.ok) return put(state, page, { nameBusy: false, nameWrong: problemText(event.result.problem) });
      return andThen(put(withMe(state, event.result.value), page, { nameBusy: false, displayName: null }), (now) => good(now, 'account.saved'));
    case 'avatar/put':
    case 'avatar/delete':
      if (!event.result.ok) return put(state, page, { pictureBusy: false, pictureWrong: problemText(event.result.problem) });
      return andThen(put(withMe(state, event.result.value), page, { pictureBusy: false }), (now) => good(now, 'account.saved'));
    case 'me/password': {
      if (!result.ok) {
        const field = codeOf(result.problem) === 'weak_password' ? 'fresh' : 'current';
        const text = codeOf(result.problem) === 'wrong_password' ? say('account.password.current.wrong') : problemText(result.problem);
        return put(state, page, { password: { ...page.password, busy: false, wrong: { field, text } } });
      }
      const next = put(state, page, { password: { current: '', fresh: '', busy: false, wrong: null } }, ask({ name: 'me' }), ask({ name: 'devices' }));
      return andThen(next, (now) => good(now, 'account.password.done'));
    }
    case 'devices':
      return event.result.ok ? put(state, page, { devices: event.result.value, trouble: null }) : put(state, page, { trouble: problemText(event.result.problem) });
    case 'passkeys':
      return event.result.ok ? put(state, page, { passkeys: event.result.value, trouble: null }) : put(state, page, { trouble: problemText(event.result.problem) });
    case 'devices/delete': {
      const { id } = event.call;
      if (!result.ok) return refused(state, page, result.problem, ask({ name: 'devices' }));
      const devices = page.devices?.filter((device) => device.id !== id) ?? null;
      return andThen(put(state, page, { devices }), (now) => good(now, 'account.device.gone'));
    }
    case 'passkeys/delete': {
      const { id } = event.call;
      if (!result.ok) return refused(state, page, result.problem, ask({ name: 'passkeys' }));
      const passkeys = page.passkeys?.filter((passkey) => passkey.id !== id) ?? null;
      return andThen(put(state, page, { passkeys }), (now) => good(now, 'account.saved'));
    }
  }
}

/** What was to be removed stays, or was gone already: the list is fetched again. */
function refused(state: State, page: AccountPage, problem: Parameters<typeof problemText>[0], again: Effect): Step {
  const text = problemText(problem);
  return put(announce(state, text), page, { trouble: codeOf(problem) === 'not_found' ? null : text }, again);
}
