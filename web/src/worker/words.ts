// What the worker says. It has the few sentences of its own that it needs: the catalogues of the pages are pieces of theirs.

export interface Words {
  readonly calls: (name: string | null) => string;
  readonly missed: (name: string | null) => string;
  readonly voice: string;
  readonly video: string;
  readonly answer: string;
  readonly decline: string;
  readonly over: string;
  readonly failed: string;
  readonly free: string;
}

const en: Words = {
  calls: (name) => (name ? `${name} calls` : 'Incoming call'),
  missed: (name) => (name ? `Missed call from ${name}` : 'Missed call'),
  voice: 'Voice call',
  video: 'Video call',
  answer: 'Answer',
  decline: 'Decline',
  over: 'The call rings no more',
  failed: 'The call could not be declined',
  free: 'Somebody you wait for is free now',
};

const fr: Words = {
  calls: (name) => (name ? `${name} appelle` : 'Appel entrant'),
  missed: (name) => (name ? `Appel manqué de ${name}` : 'Appel manqué'),
  voice: 'Appel vocal',
  video: 'Appel vidéo',
  answer: 'Répondre',
  decline: 'Refuser',
  over: 'L’appel ne sonne plus',
  failed: 'L’appel n’a pas pu être refusé',
  free: 'Quelqu’un que vous attendez est libre maintenant',
};

export const WORDS = { en, fr } as const;
export type Tongue = keyof typeof WORDS;
export const isTongue = (text: string): text is Tongue => text in WORDS;
