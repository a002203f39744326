import type { ReactElement } from 'react';
import { avatarIn } from '../../core/meeting/people';
import { Cameo } from '../kit/Cameo';
import { useMeeting } from './floor';

/** Somebody of the meeting, by person or participant, with the picture that the meeting knows. */
export function Portrait({ identity, name, size }: {
  readonly identity: string;
  readonly name: string;
  readonly size?: 'xs' | 'sm' | 'lg' | 'xl' | undefined;
}): ReactElement {
  const avatar = useMeeting((meeting) => avatarIn(meeting, identity));
  return <Cameo name={name} avatar={avatar} size={size} />;
}
