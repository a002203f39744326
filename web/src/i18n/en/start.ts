// The start page.

export const start = {
  'start.morning': 'Good morning',
  'start.afternoon': 'Good afternoon',
  'start.evening': 'Good evening',
  'start.morning.name': 'Good morning, {name}',
  'start.afternoon.name': 'Good afternoon, {name}',
  'start.evening.name': 'Good evening, {name}',
  'start.lead': 'Start a meeting, or join one that is going on. All that others need is its link.',
  'start.new': 'New meeting',
  'start.making': 'Making the room',
  'start.code': 'Code or link',
  'start.code.place': 'Join with a code or link',
  'start.join': 'Join',

  'code.empty': 'Type the code of the meeting, or paste its link.',
  'code.elsewhere': 'This link leads to another server, {host}. Open it in the address line of the browser.',
  'code.no-room': 'This link names no meeting. It should end in /r/ and a code.',
  'code.not-a-code': 'This is not a code. A code is made of letters and dashes, such as bolu-kesi-dafo.',
  'code.unknown': 'No meeting has the code {code}. Check it, or ask for the link again.',
} as const;
