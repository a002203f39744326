/** Whether what an element plays comes from a camera that looks away from its holder; not, where the browser does not tell. */
export function looksAway(source: MediaProvider | null): boolean {
  const track = source && 'getVideoTracks' in source ? source.getVideoTracks()[0] : undefined;
  return track?.getSettings().facingMode === 'environment';
}
