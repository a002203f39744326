import { useRef, type ReactElement } from 'react';
import type { LucideIcon } from 'lucide-react';
import type { Picked } from '../../core/calls';

/** A button that lets the person choose one file. */
export function FilePick({ label, accept, icon: Icon, disabled, onPick }: {
  readonly label: string;
  readonly accept: string;
  readonly icon: LucideIcon;
  readonly disabled: boolean;
  readonly onPick: (file: Picked) => void;
}): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file may be chosen again after a trouble.
          event.target.value = '';
          if (file) onPick(file);
        }}
      />
      <button type="button" className="btn plain" disabled={disabled} onClick={() => input.current?.click()}>
        {disabled ? <span className="spin" aria-hidden="true" /> : <Icon className="i s" aria-hidden="true" />}{label}
      </button>
    </>
  );
}
