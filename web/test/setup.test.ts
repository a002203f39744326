import { describe, expect, it } from 'vitest';
import { say } from '../src/i18n/text';
import { bad, good, me, Play, SERVER, unasked } from './helpers';

const code = 'ABCD-EFGH-JKLM';
const check = { name: 'setup/check', code } as const;
const body = { code, serverName: 'Library', account: { name: 'ines', password: 'long enough' }, create: 'signedIn', signUp: false } as const;
const finish = { name: 'setup/finish', body } as const;

const begun = (): Play => new Play(unasked()).on(
  { type: 'route', route: { to: 'start' } },
  bad('me', { name: 'me' }, 'not_set_up'),
  good('server', { name: 'server' }, { ...SERVER, setUp: false }),
);

const atQuestions = (): Play => begun().on({ type: 'setup/code', code }, { type: 'setup/check' }, good('setup/check', check, null));

describe('setting the server up', () => {
  it('begins with the code that the server printed', () => {
    const play = begun().on({ type: 'setup/check' });
    expect(play.state.page).toMatchObject({ step: { is: 'code', wrong: say('setup.code.empty') } });
    play.on({ type: 'setup/code', code: ` ${code} ` }, { type: 'setup/check' });
    expect(play.asked('call')?.call).toEqual(check);
    play.on(bad('setup/check', check, 'wrong_code'));
    expect(play.state.page).toMatchObject({ step: { is: 'code', busy: false, wrong: say('problem.wrong-code') } });
    play.on({ type: 'setup/check' }, good('setup/check', check, null));
    expect(play.state.page).toMatchObject({ step: { is: 'questions', code, answers: { serverName: 'Parlor', create: 'signedIn', signUp: false } } });
  });

  it('asks for a name and a password, and has answers for the rest', () => {
    const play = atQuestions().on({ type: 'setup/finish' });
    expect(play.asked('call')).toBeUndefined();
    expect(play.state.page).toMatchObject({ step: { wrong: { name: say('sign.name.missing'), password: say('sign.password.short', { n: 10 }) } } });
    play.on({ type: 'setup/answer', change: { name: 'ines' } });
    expect(play.state.page).toMatchObject({ step: { wrong: { password: say('sign.password.short', { n: 10 }) } } });
    play.on({ type: 'setup/answer', change: { serverName: 'Library', password: 'long enough' } }, { type: 'setup/finish' });
    expect(play.asked('call')?.call).toEqual(finish);
    play.on(good('setup/finish', finish, me({ admin: true })));
    expect(play.state).toMatchObject({
      session: { is: 'known', me: { admin: true } },
      server: { setUp: true, name: 'Library' },
      page: { at: 'setup', step: { is: 'done' } },
    });
    expect(play.said).toEqual(say('setup.done.title'));
    play.on({ type: 'visit', route: { to: 'start' } });
    expect(play.state.page.at).toBe('home');
  });

  it('puts a refusal where it belongs, and asks for another code when this one ran out', () => {
    const filled = atQuestions().on({ type: 'setup/answer', change: { name: 'ines', password: 'long enough' } });
    const tried = (why: string): Play => new Play(filled.state).on({ type: 'setup/finish' }, bad('setup/finish', finish, why));
    expect(tried('weak_password').state.page).toMatchObject({ step: { busy: false, wrong: { password: say('problem.weak-password') } } });
    expect(tried('bad_account_name').state.page).toMatchObject({ step: { wrong: { name: say('problem.bad-account-name') } } });
    expect(tried('offline').state.page).toMatchObject({ step: { is: 'questions', busy: false, trouble: say('trouble.network') } });
    expect(tried('wrong_code').state.page).toMatchObject({ step: { is: 'code', code: '', wrong: say('problem.wrong-code') } });
  });
});
