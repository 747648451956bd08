// What the pages before a session look like: one narrow form in the middle. Called by those pages.
import type { ReactNode } from 'react';
import { Page } from '../../design/page.tsx';
import './sign-in.css';

type Props = {
  title: string;
  sentence?: string;
  submit: string;
  isBusy: boolean;
  onSubmit: () => void;
  /** Other ways, below the form. */
  below?: ReactNode;
  children: ReactNode;
};

export function SignInFrame({ title, sentence, submit, isBusy, onSubmit, below, children }: Props) {
  return (
    <main className="sign-in">
      <Page title={title} sentence={sentence}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {children}
          <button type="submit" className="button primary" disabled={isBusy}>
            {submit}
          </button>
        </form>
        {below === undefined ? null : <div className="stack other-ways">{below}</div>}
      </Page>
    </main>
  );
}
