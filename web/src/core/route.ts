// Addresses of pages, and back.

/** What the console shows. */
export type ConsoleTab = 'settings' | 'people' | 'invitations' | 'programs';

export type Route =
  /** Home for those signed in, the start page for others. */
  | { readonly to: 'start' }
  /** All my rooms. */
  | { readonly to: 'meetings' }
  | { readonly to: 'setup'; readonly code: string }
  | { readonly to: 'sign-in' }
  | { readonly to: 'sign-up'; readonly secret: string }
  | { readonly to: 'reset'; readonly secret: string }
  | { readonly to: 'account' }
  /** What became of my calls; with this account alone, or all of them where it is empty. */
  | { readonly to: 'calls'; readonly person: string }
  /** Who can be called. */
  | { readonly to: 'contacts' }
  /** My conversations, and the one that is open. */
  | { readonly to: 'talks'; readonly id: string | null }
  /** The connection test; `room` is the code of the door that it was opened from. */
  | { readonly to: 'test'; readonly room: string }
  | { readonly to: 'console'; readonly tab: ConsoleTab }
  /** The page about a room. */
  | { readonly to: 'room-page'; readonly code: string }
  /** The meeting in a room. */
  | { readonly to: 'room'; readonly code: string };

export const CONSOLE_TABS: readonly ConsoleTab[] = ['settings', 'people', 'invitations', 'programs'];

const withHash = (path: string, secret: string): string => (secret === '' ? path : `${path}#${encodeURIComponent(secret)}`);

export function pathOf(route: Route): string {
  switch (route.to) {
    case 'start': return '/';
    case 'meetings': return '/rooms';
    case 'setup': return withHash('/setup', route.code);
    case 'sign-in': return '/sign-in';
    case 'sign-up': return route.secret === '' ? '/sign-up' : withHash('/invite', route.secret);
    case 'reset': return withHash('/reset', route.secret);
    case 'account': return '/account';
    case 'calls': return withHash('/calls', route.person);
    case 'contacts': return '/contacts';
    case 'talks': return route.id === null ? '/chat' : `/chat/${encodeURIComponent(route.id)}`;
    case 'test': return withHash('/test', route.room);
    case 'console': return route.tab === 'settings' ? '/console' : `/console/${route.tab}`;
    case 'room-page': return `/rooms/${encodeURIComponent(route.code)}`;
    case 'room': return `/r/${encodeURIComponent(route.code)}`;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `hash` may carry its `#`: secrets stand there, since browsers do not send it. */
export function routeOf(path: string, hash = ''): Route {
  const [first = '', second] = path.split('/').slice(1).filter((part, index) => part !== '' || index === 0);
  const secret = decoded(hash.replace(/^#/, ''));
  if (second === undefined) {
    switch (first) {
      case 'rooms': return { to: 'meetings' };
      case 'setup': return { to: 'setup', code: secret };
      case 'sign-in': return { to: 'sign-in' };
      case 'sign-up':
      case 'invite': return { to: 'sign-up', secret };
      case 'reset': return { to: 'reset', secret };
      case 'account': return { to: 'account' };
      case 'calls': return { to: 'calls', person: secret };
      case 'contacts': return { to: 'contacts' };
      case 'chat': return { to: 'talks', id: null };
      case 'test': return { to: 'test', room: secret };
      case 'console': return { to: 'console', tab: 'settings' };
      default: return { to: 'start' };
    }
  }
  if (first === 'r') return { to: 'room', code: decoded(second) };
  if (first === 'chat') return { to: 'talks', id: decoded(second) };
  if (first === 'rooms') return { to: 'room-page', code: decoded(second) };
  if (first === 'console') return { to: 'console', tab: CONSOLE_TABS.find((tab) => tab === second) ?? 'settings' };
  return { to: 'start' };
}
