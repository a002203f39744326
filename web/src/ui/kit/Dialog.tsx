import { Suspense, useId, useLayoutEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { X } from 'lucide-react';
import { CallLayer } from '../calling/part';
import { useSelect, useSpeech } from '../context';
import { cx } from './cx';
import css from './Dialog.module.css';
import { useOpenDialog } from './dialogs';
import { LiveRegion, Toast } from './Notices';

/** A modal dialog; the browser keeps the focus inside and gives it back. What is told meanwhile is told in here: all else is inert. */
export function Dialog({ title, onClose, children }: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const t = useSpeech();
  const id = useId();
  const known = useSelect(({ session }) => session.is === 'known');
  const ref = useRef<HTMLDialogElement>(null);
  useOpenDialog(id);
  // Closed before React takes it off the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={cx('dialog', css['dialog'])}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Some closings cannot be held up: a second Escape, the gesture back.
      onClose={onClose}
      // A press on the backdrop is a press on the dialog itself; its parts have their own. Escape does the same by keys.
      onPointerDown={(event) => {
        if (event.target !== event.currentTarget) return;
        const box = event.currentTarget.getBoundingClientRect();
        const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
        if (!inside) onClose();
      }}
    >
      <div className="row">
        <h2 id={id} className="grow">{title}</h2>
        <button type="button" className="btn icon" aria-label={t('close')} title={t('close')} onClick={onClose}>
          <X className="i" aria-hidden="true" />
        </button>
      </div>
      {children}
      {known && <Suspense fallback={null}><CallLayer dialog={id} /></Suspense>}
      <LiveRegion />
      <div className={css['toast']}><Toast inDialog /></div>
    </dialog>
  );
}
