// Generated from engine/proto/src/api by `cargo test -p proto`. Do not edit.

export type CreateRoom = { 
/**
 * What to call it; "Meeting" when absent.
 */
title?: string, };

export type JoinRoom = { 
/**
 * The name to show to others.
 */
name: string, };

export type Present = { 
/**
 * The identity, from which the tint of the person's oval is made.
 */
identity: string, 
/**
 * The name to show.
 */
name: string, };

export type Problem = { 
/**
 * The stable code; see [`crate::Refusal::code`].
 */
code: string, 
/**
 * One sentence for a person, which says what to do.
 */
message: string, };

export type Room = { 
/**
 * The id, `RM_...`.
 */
id: string, 
/**
 * The short code in the link, such as `bolu-kesi-dafo`.
 */
code: string, 
/**
 * What people call it.
 */
title: string, 
/**
 * When it was made, in milliseconds since 1970.
 */
createdAt: number, };

export type RoomView = { 
/**
 * The room.
 */
room: Room, 
/**
 * Who is in, in order of joining; at most the first eight.
 */
present: Array<Present>, 
/**
 * How many are in.
 */
count: number, };

export type Ticket = { 
/**
 * The media token, good for ten minutes to enter with and renewed over the socket.
 */
token: string, 
/**
 * The identity in that token.
 */
identity: string, 
/**
 * The room that it opens.
 */
room: Room, };
