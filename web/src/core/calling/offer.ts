// Whether this browser is offered to tell of calls: once, to whoever can be reached, where the browser would ask.

import type { State } from '../state';

export const mayOffer = ({ session, browser, notices, calling }: State): boolean =>
  session.is === 'known' && browser.notices && browser.noticesOpen && !notices.system && !notices.offered
  && calling.said !== null && calling.said.chosen !== 'doNotDisturb';
