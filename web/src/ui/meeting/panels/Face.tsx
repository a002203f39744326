import type { ReactElement } from 'react';
import { Cameo } from '../../kit/Cameo';
import { useChat } from './view';

/** Whoever wrote or is spoken of, with the picture that is known of them. */
export function Face({ identity, name, size }: {
  readonly identity: string;
  readonly name: string;
  readonly size?: 'xs' | 'sm' | undefined;
}): ReactElement {
  const avatar = useChat(({ avatarOf }) => avatarOf(identity));
  return <Cameo name={name} avatar={avatar} size={size} />;
}
