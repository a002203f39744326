// The console: settings with branding, people, invitations.

import { say, type Key } from '../../../i18n/text';
import type { AccountRow, ServerView } from '../../../proto/api.gen';
import { ask, codeOf, problemText, type Answered } from '../../calls';
import type { Effect } from '../../effect';
import { withServer } from '../../session';
import type { State } from '../../state';
import { andThen, announce, stay, toast, type Step } from '../../step';
import { pictureWrong } from '../picture';
import type { ConsoleEvent, ConsolePage } from './page';

type Answer = Answered<
  'settings/change' | 'logo/put' | 'logo/delete' | 'accounts' | 'accounts/change' | 'accounts/reset' | 'invitations' | 'invitations/make' | 'invitations/delete'
>;

/** As many accounts as the server gives at once: fewer mean that there are no more. */
export const PEOPLE_AT_ONCE = 100;
const MOST_USES = 1_000;
const MOST_DAYS = 365;
/** As large as a logo need be. */
const MOST_LOGO = 1024 * 1024;
const COLOUR = /^#[0-9a-f]{6}$/;

export function administer(state: State, event: ConsoleEvent | Answer): Step {
  const page = state.page;
  if (page.at !== 'console') return stay(state);
  if (event.type === 'answer') return answer(state, page, event);
  switch (event.type) {
    case 'console/form':
      return put(state, page, { form: { ...page.form, ...event.change }, formWrong: null });
    case 'console/save':
      return save(state, page);
    case 'console/logo': {
      if (page.logoBusy) return stay(state);
      const wrong = pictureWrong(event.picture, MOST_LOGO, say('console.logo.large'));
      if (wrong !== null) return put(state, page, { logoWrong: wrong });
      return put(state, page, { logoBusy: true, logoWrong: null }, ask({ name: 'logo/put', picture: event.picture }));
    }
    case 'console/logo-remove':
      return page.logoBusy ? stay(state) : put(state, page, { logoBusy: true, logoWrong: null }, ask({ name: 'logo/delete' }));
    case 'console/more-people': {
      const last = page.people?.at(-1);
      return page.morePeople && last ? [state, [ask({ name: 'accounts', after: last.account.id })]] : stay(state);
    }
    case 'console/change':
      return [state, [ask({ name: 'accounts/change', id: event.id, body: event.change })]];
    case 'console/reset':
      return put(state, page, { reset: null }, ask({ name: 'accounts/reset', id: event.id }));
    case 'console/invite':
      return put(state, page, { invite: { ...page.invite, ...event.change }, trouble: null });
    case 'console/invite-send':
      return invite(state, page);
    case 'console/invitation-remove':
      return [state, [ask({ name: 'invitations/delete', id: event.id })]];
    case 'console/copy':
      return [state, [{ type: 'copy-path', path: event.path }]];
    case 'console/close-link':
      return put(state, page, { made: null, reset: null });
  }
}

const put = (state: State, page: ConsolePage, change: Partial<ConsolePage>, ...effects: readonly Effect[]): Step =>
  [{ ...state, page: { ...page, ...change } }, effects];

function done(step: Step, key: Extract<Key, 'console.saved' | 'console.invited' | 'console.reset.made'>): Step {
  const text = say(key);
  return andThen(step, (now) => toast(announce(now, text), text));
}

const saved = (state: State, page: ConsolePage, server: ServerView): Step =>
  done(withServer({ ...state, page }, server), 'console.saved');

function save(state: State, page: ConsolePage): Step {
  if (page.formBusy) return stay(state);
  const name = page.form.name.trim();
  const accent = page.form.accent.trim().toLowerCase();
  if (name === '') return put(state, page, { formWrong: { field: 'name', text: say('setup.name.missing') } });
  if (accent !== '' && !COLOUR.test(accent)) return put(state, page, { formWrong: { field: 'accent', text: say('console.accent.wrong') } });
  const body = { name, create: page.form.create, signUp: page.form.signUp, accent };
  return put(state, page, { formBusy: true, formWrong: null }, ask({ name: 'settings/change', body }));
}

const wholeUpTo = (text: string, most: number): number | null => {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= most ? value : null;
};

function invite(state: State, page: ConsolePage): Step {
  if (page.invite.busy) return stay(state);
  const uses = wholeUpTo(page.invite.uses, MOST_USES);
  const days = wholeUpTo(page.invite.days, MOST_DAYS);
  if (uses === null || days === null) return put(state, page, { trouble: say('console.invite.range', { uses: MOST_USES, days: MOST_DAYS }) });
  const name = page.invite.name.trim();
  const body = { uses, days, ...(name === '' ? {} : { name }) };
  return put(state, page, { invite: { ...page.invite, busy: true }, made: null, trouble: null }, ask({ name: 'invitations/make', body }));
}

function answer(state: State, page: ConsolePage, event: Answer): Step {
  if (!event.result.ok) return failed(state, page, event, event.result.problem);
  switch (event.name) {
    case 'settings/change':
      return saved(state, { ...page, formBusy: false }, event.result.value);
    case 'logo/put':
    case 'logo/delete':
      return saved(state, { ...page, logoBusy: false }, event.result.value);
    case 'accounts': {
      const rows = event.result.value;
      const people = event.call.after === null ? rows : joined(page.people ?? [], rows);
      return put(state, page, { people, morePeople: rows.length >= PEOPLE_AT_ONCE, trouble: null });
    }
    case 'accounts/change': {
      const { id } = event.call;
      const changed = event.result.value;
      const people = page.people?.map((row) => (row.account.id === id ? changed : row)) ?? null;
      const mine = state.session.is === 'known' && state.session.me.account.id === id;
      return done(put(state, page, { people, trouble: null }, ...(mine ? [ask({ name: 'me' })] : [])), 'console.saved');
    }
    case 'accounts/reset':
      return done(put(state, page, { reset: { ...event.result.value, account: event.call.id }, trouble: null }), 'console.reset.made');
    case 'invitations':
      return put(state, page, { invitations: event.result.value, trouble: null });
    case 'invitations/make':
      return done(
        put(state, page, { made: event.result.value, invite: { ...page.invite, name: '', busy: false } }, ask({ name: 'invitations' })),
        'console.invited',
      );
    case 'invitations/delete': {
      const { id } = event.call;
      return put(state, page, { invitations: page.invitations?.filter((each) => each.id !== id) ?? null, trouble: null });
    }
  }
}

/** More of the list; what came twice, because somebody signed up meanwhile, is there once. */
function joined(before: readonly AccountRow[], more: readonly AccountRow[]): readonly AccountRow[] {
  const known = new Set(before.map((row) => row.account.id));
  return [...before, ...more.filter((row) => !known.has(row.account.id))];
}

function failed(state: State, page: ConsolePage, event: Answer, problem: Parameters<typeof problemText>[0]): Step {
  const text = problemText(problem);
  const now = announce(state, text);
  switch (event.name) {
    case 'settings/change': return put(now, page, { formBusy: false, formWrong: { field: null, text } });
    case 'logo/put':
    case 'logo/delete': return put(now, page, { logoBusy: false, logoWrong: text });
    case 'invitations/make': return put(now, page, { invite: { ...page.invite, busy: false }, trouble: text });
    case 'invitations/delete':
      return put(now, page, { trouble: codeOf(problem) === 'not_found' ? null : text }, ask({ name: 'invitations' }));
    default: return put(now, page, { trouble: text });
  }
}
