// Setting the server up: the code first, then four questions with answers already in them.

import { say, type Text } from '../../../i18n/text';
import { ask, codeOf, problemText, type Answered } from '../../calls';
import { withServer } from '../../session';
import type { State } from '../../state';
import { andThen, announce, stay, type Step } from '../../step';
import { ready } from '../../trial/run';
import { beginRun } from '../test/update';
import { passwordWrong } from '../words';
import type { SetupAnswers, SetupEvent, SetupField, SetupPage } from './page';

export function setup(state: State, event: SetupEvent | Answered<'setup/check' | 'setup/finish'>): Step {
  const page = state.page;
  if (page.at !== 'setup') return stay(state);
  const { step } = page;
  switch (event.type) {
    case 'setup/code':
      return step.is === 'code' ? withStep(state, page, { ...step, code: event.code, wrong: null }) : stay(state);
    case 'setup/check': {
      if (step.is !== 'code' || step.busy) return stay(state);
      const code = step.code.trim();
      if (code === '') return withStep(state, page, { ...step, wrong: say('setup.code.empty') });
      return [withStep(state, page, { ...step, code, busy: true, wrong: null })[0], [ask({ name: 'setup/check', code })]];
    }
    case 'setup/answer':
      if (step.is !== 'questions') return stay(state);
      return withStep(state, page, { ...step, answers: { ...step.answers, ...event.change }, wrong: without(step.wrong, event.change), trouble: null });
    case 'setup/finish':
      return step.is === 'questions' && !step.busy ? finish(state, page, step) : stay(state);
    case 'answer':
      return event.name === 'setup/check' ? checked(state, page, event) : finished(state, page, event);
  }
}

type Questions = Extract<SetupPage['step'], { is: 'questions' }>;

const withStep = (state: State, page: SetupPage, step: SetupPage['step']): Step => stay({ ...state, page: { ...page, step } });

function without(wrong: Questions['wrong'], change: Partial<SetupAnswers>): Questions['wrong'] {
  return Object.fromEntries(Object.entries(wrong).filter(([field]) => !(field in change)));
}

function checked(state: State, page: SetupPage, event: Answered<'setup/check'>): Step {
  const { step } = page;
  if (step.is !== 'code' || !step.busy || step.code !== event.call.code) return stay(state);
  if (!event.result.ok) {
    const text = problemText(event.result.problem);
    return stay(announce({ ...state, page: { ...page, step: { ...step, busy: false, wrong: text } } }, text));
  }
  return withStep(state, page, {
    is: 'questions',
    code: step.code,
    answers: { serverName: state.server?.name ?? '', name: '', password: '', create: 'signedIn', signUp: false },
    busy: false,
    wrong: {},
    trouble: null,
  });
}

function finish(state: State, page: SetupPage, step: Questions): Step {
  const { serverName, name, password, create, signUp } = step.answers;
  const wrong: Partial<Record<SetupField, Text>> = {};
  if (serverName.trim() === '') wrong.serverName = say('setup.name.missing');
  if (name.trim() === '') wrong.name = say('sign.name.missing');
  const weak = passwordWrong(password);
  if (weak) wrong.password = weak;
  if (Object.keys(wrong).length > 0) return withStep(state, page, { ...step, wrong });
  const body = { code: step.code, serverName: serverName.trim(), account: { name: name.trim(), password }, create, signUp };
  return [withStep(state, page, { ...step, busy: true, wrong: {}, trouble: null })[0], [ask({ name: 'setup/finish', body })]];
}

function finished(state: State, page: SetupPage, event: Answered<'setup/finish'>): Step {
  const { step } = page;
  if (step.is !== 'questions') return stay(state);
  if (event.result.ok) {
    const done: State = { ...state, session: { is: 'known', me: event.result.value }, page: { ...page, step: { is: 'done', run: ready('ways') } } };
    const { body } = event.call;
    const server = state.server && { ...state.server, setUp: true, name: body.serverName, create: body.create, signUp: body.signUp };
    const set = andThen(server ? withServer(done, server) : stay(done), (next) => [
      announce(next, say('setup.done.title')),
      // The code in the address is used up.
      [{ type: 'go', route: { to: 'setup', code: '' }, replace: true }],
    ]);
    return andThen(set, (next) => beginRun(next, false));
  }
  const text = problemText(event.result.problem);
  const code = codeOf(event.result.problem);
  // The code ran out meanwhile: another one is printed, and is asked for.
  if (code === 'wrong_code') return withStep(state, page, { is: 'code', code: '', busy: false, wrong: text });
  const field: SetupField | null = code === 'weak_password' ? 'password' : code === 'bad_account_name' ? 'name' : code === 'bad_setting' || code === 'bad_name' ? 'serverName' : null;
  return withStep(announce(state, text), page, { ...step, busy: false, wrong: field ? { [field]: text } : {}, trouble: field ? null : text });
}
