// What the person does about calls, and what io/ tells of this device.

/** A key of a telephone. */
export type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#';

export type CallingEvent =
  // calls these accounts; `anyway`: also where they are in a call
  | { readonly type: 'calling/place'; readonly people: readonly string[]; readonly video: boolean; readonly anyway?: true }
  // a call that rings here
  // `keep`: the call that this window is in is put on hold
  | { readonly type: 'calling/answer'; readonly id: string; readonly video: boolean; readonly keep?: true }
  // one that was answered in a notice of the system rings no more
  | { readonly type: 'calling/gone' }
  | { readonly type: 'calling/decline'; readonly id: string; readonly reply?: string }
  // it goes on ringing without a sound; `elsewhere`: another window of this browser said so
  | { readonly type: 'calling/hush'; readonly id: string; readonly elsewhere?: true }
  // ends a call of mine: without an id the one that this window is in
  | { readonly type: 'calling/end'; readonly id?: string }
  // puts the call that this window is in on hold, or goes on with it
  | { readonly type: 'calling/hold' }
  // goes on with a call that was put on hold, here; the call that this window is in is put on hold
  | { readonly type: 'calling/resume'; readonly id: string }
  // takes everybody of a call that was put on hold into the one that this window is in
  | { readonly type: 'calling/merge'; readonly id: string }
  // a key of the keypad, for everybody in the call that this window is in
  | { readonly type: 'calling/press'; readonly digit: Digit }
  // rings somebody into the call that this window is in
  | { readonly type: 'calling/add'; readonly person: string }
  // leaves the others to somebody: to be rung now, or those of the call that this window is in to whoever was asked in another
  | { readonly type: 'calling/transfer'; readonly person: string }
  | { readonly type: 'calling/hand-over'; readonly id: string }
  // calls somebody to ask whether they take the call of this id, which is put on hold; and goes back to it
  | { readonly type: 'calling/ask'; readonly id: string; readonly person: string }
  | { readonly type: 'calling/back'; readonly id: string }
  // fetches whom one could ask in
  | { readonly type: 'calling/people' }
  // the way into the call's room was refused: once more
  | { readonly type: 'calling/retry' }
  // the card with what became of a call is put away
  | { readonly type: 'calling/close' }
  // nobody has touched this device for a while, or somebody does again
  | { readonly type: 'calling/idle'; readonly idle: boolean };
