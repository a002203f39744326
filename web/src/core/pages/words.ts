// What several forms say of what is typed into them.

import { say, type Text } from '../../i18n/text';

/** As few characters as the server takes; which ones are too common it alone knows. */
const LEAST_PASSWORD = 10;

/** What is wrong with a new password before the server is asked. */
export const passwordWrong = (password: string): Text | null =>
  password.length < LEAST_PASSWORD ? say('sign.password.short', { n: LEAST_PASSWORD }) : null;
