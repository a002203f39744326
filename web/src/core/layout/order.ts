// Seats in rows: how many pages they fill, and who changes places when somebody becomes large.

export const pages = (meeting: { readonly seats: readonly string[]; readonly seatsOnPage: number }): number =>
  Math.max(1, Math.ceil(meeting.seats.length / Math.max(1, meeting.seatsOnPage)));

/** Puts somebody first, who changes places with whoever was; nobody else moves. */
export function exchanged(order: readonly string[], identity: string): readonly string[] {
  const [first] = order;
  if (first === undefined || first === identity || !order.includes(identity)) return order;
  return order.map((one) => (one === identity ? first : one === first ? identity : one));
}
