// What the person does about calls, and what io/ tells of this device.

export type CallingEvent =
  // calls these accounts; `anyway`: also where they are in a call
  | { readonly type: 'calling/place'; readonly people: readonly string[]; readonly video: boolean; readonly anyway?: true }
  // a call that rings here
  | { readonly type: 'calling/answer'; readonly id: string; readonly video: boolean }
  | { readonly type: 'calling/decline'; readonly id: string; readonly reply?: string }
  // it goes on ringing without a sound; `elsewhere`: another window of this browser said so
  | { readonly type: 'calling/hush'; readonly id: string; readonly elsewhere?: true }
  // ends the call that this window is in
  | { readonly type: 'calling/end' }
  // the way into the call's room was refused: once more
  | { readonly type: 'calling/retry' }
  // the card with what became of a call is put away
  | { readonly type: 'calling/close' }
  // nobody has touched this device for a while, or somebody does again
  | { readonly type: 'calling/idle'; readonly idle: boolean };
