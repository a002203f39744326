// What the person does about conversations. Writing in one is a matter of `meeting/event`, as in a meeting.

export type TalksEvent =
  // goes to the conversation with somebody, which is made where there is none
  | { readonly type: 'talks/with'; readonly account: string }
  // the dialog to begin one, to add people, to rename; nothing closes it
  | { readonly type: 'talks/draft'; readonly kind: 'new' | 'add' | 'rename' | null }
  | { readonly type: 'talks/draft-name'; readonly name: string }
  | { readonly type: 'talks/draft-find'; readonly text: string }
  | { readonly type: 'talks/draft-pick'; readonly account: string }
  | { readonly type: 'talks/draft-send' }
  | { readonly type: 'talks/leave' }
  // looks for lines, in the open one alone or in all; nothing ends it
  | { readonly type: 'talks/search'; readonly search: { readonly text: string; readonly only: boolean } | null }
  | { readonly type: 'talks/find' }
  | { readonly type: 'talks/again' }
  // this window came before somebody's eyes, or went
  | { readonly type: 'talks/front'; readonly front: boolean };
