// The frame of a page: one heading, one sentence, its actions. Names the document, and takes the focus when
// the page opens, so that a screen reader says where one is. Called by every screen.
import { type ReactNode, useEffect, useRef } from 'react';

type Props = {
  /** Of the document; the heading too, unless `heading` says more. */
  title: string;
  heading?: ReactNode;
  sentence?: ReactNode;
  actions?: ReactNode;
  /** Whether it fills the window: editors. */
  whole?: boolean;
  children?: ReactNode;
};

export function Page({ title, heading, sentence, actions, whole = false, children }: Props) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Millrace`;
  }, [title]);
  useEffect(() => {
    if (document.activeElement === document.body) head.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={whole ? 'page whole' : 'page'}>
      <header className="page-head">
        <div>
          <h1 ref={head} tabIndex={-1}>
            {heading ?? title}
          </h1>
          {sentence === undefined ? null : <p className="sentence">{sentence}</p>}
        </div>
        {actions === undefined ? null : <div className="row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
