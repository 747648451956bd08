// A dialog of the browser's own kind: it keeps the focus, Escape closes it, and what opened it has the focus
// again. Called by forms that interrupt a page.
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { t } from '../texts/translate.ts';

type Props = {
  title: string;
  onClose: () => void;
  wide?: boolean;
  /** The buttons at its foot. Where there is a form, it is the dialog's. */
  foot?: ReactNode;
  onSubmit?: () => void;
  children: ReactNode;
};

export function Dialog({ title, onClose, wide = false, foot, onSubmit, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // The first thing to be filled in, rather than the way out.
    dialog.current?.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea)')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onClose={onClose}
      onCancel={(event) => event.stopPropagation()}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit?.();
        }}
      >
        <div className="dialog-head">
          <h2 id={id}>{title}</h2>
          <button type="button" className="button plain" aria-label={t('action.close')} onClick={onClose}>
            ✕
          </button>
        </div>
        <div className="dialog-body">{children}</div>
        {foot === undefined ? null : <div className="dialog-foot">{foot}</div>}
      </form>
    </dialog>
  );
}
