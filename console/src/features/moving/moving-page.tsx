// Brings what there is elsewhere: an import file, a zip, a folder or a whole theme is dropped on the page,
// looked at, and made into functions once a person has seen what it will be.
import { useRef, useState } from 'react';
import { Page } from '../../design/page.tsx';
import { t } from '../../texts/translate.ts';
import { CodePanel } from './code-panel.tsx';
import { ImportFilePanel } from './import-file-panel.tsx';
import { type Dropped, readChosen, readDropped, TooMuch } from './read-dropped.ts';
import { SitePanel } from './site-panel.tsx';
import './moving.css';

export function MovingPage() {
  const [dropped, setDropped] = useState<Dropped | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (reading: Promise<Dropped | null>) => {
    setProblem(null);
    try {
      const found = await reading;
      if (found !== null) setDropped(found);
    } catch (error) {
      setProblem(t(error instanceof TooMuch ? 'moving.tooMuch' : 'moving.unreadable'));
    }
  };
  const again = () => setDropped(null);
  return (
    <Page title={t('moving.title')} sentence={t('moving.sentence')}>
      {dropped === null ? <DropArea onTake={take} /> : null}
      {problem === null ? null : (
        <div className="notice bad" role="alert">
          {problem}
        </div>
      )}
      {dropped?.kind === 'file' ? <ImportFilePanel {...dropped} onAgain={again} /> : null}
      {dropped?.kind === 'site' ? <SitePanel {...dropped} onAgain={again} /> : null}
      {dropped?.kind === 'code' ? <CodePanel {...dropped} onAgain={again} /> : null}
    </Page>
  );
}

function DropArea({ onTake }: { onTake: (reading: Promise<Dropped | null>) => Promise<void> }) {
  const [isOver, setOver] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what can be dropped can be chosen by the buttons
    <div
      className="drop-area"
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void onTake(readDropped(event.dataTransfer.items));
      }}
    >
      <p className="strong">{t('moving.drop')}</p>
      <ul className="quiet">
        <li>{t('moving.dropFile')}</li>
        <li>{t('moving.dropSite')}</li>
        <li>{t('moving.dropCode')}</li>
      </ul>
      <div className="row">
        <button type="button" className="button" onClick={() => file.current?.click()}>
          {t('moving.chooseFile')}
        </button>
        <button type="button" className="button" onClick={() => folder.current?.click()}>
          {t('moving.chooseFolder')}
        </button>
      </div>
      <input
        ref={file}
        type="file"
        hidden
        accept=".zip,.json,.jsonc,.txt"
        aria-label={t('moving.chooseFile')}
        onChange={({ target }) => {
          if (target.files !== null) void onTake(readChosen(target.files));
        }}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={t('moving.chooseFolder')}
        {...{ webkitdirectory: '' }}
        onChange={({ target }) => {
          if (target.files !== null) void onTake(readChosen(target.files));
        }}
      />
    </div>
  );
}
