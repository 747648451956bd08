// The line over the editor: its files, how the draft stands, discard and deploy. Called by the editor's page.
import { relative } from '../../../design/moment.tsx';
import { t } from '../../../texts/translate.ts';
import type { Typed } from './use-draft.ts';

type Props = {
  typed: Typed;
  /** Those that are text. */
  paths: readonly string[];
  path: string;
  onChoose: (path: string) => void;
  isOwn: boolean;
  isEditable: boolean;
  onDeploy: () => void;
};

export function BenchBar({ typed, paths, path, onChoose, isOwn, isEditable, onDeploy }: Props) {
  const { changed } = typed;
  return (
    <div className="bench-bar">
      <div className="files">
        {paths.map((one) => (
          <button key={one} type="button" aria-pressed={one === path} onClick={() => onChoose(one)}>
            {one}
            {changed.includes(one) ? ' •' : ''}
          </button>
        ))}
      </div>
      <span className="grow" />
      <span className="quiet" role="status">
        {draftText(typed, isOwn, isEditable)}
      </span>
      {changed.length > 0 ? (
        <button type="button" className="button plain" onClick={() => typed.discard()}>
          {t('code.discard')}
        </button>
      ) : null}
      <button
        type="button"
        className="button primary"
        disabled={!isEditable || changed.length === 0}
        onClick={onDeploy}
        aria-keyshortcuts="Control+S"
      >
        {t('deploy.open')}
      </button>
    </div>
  );
}

function draftText({ changed, isKept, foundAt }: Typed, isOwn: boolean, isEditable: boolean): string {
  if (!isOwn) return t('code.otherDialect');
  if (!isEditable) return t('code.readOnly');
  if (changed.length === 0) return t('code.live');
  if (!isKept) return t('code.tooLarge');
  return foundAt === null ? t('code.draft') : t('code.draftOf', { when: relative(foundAt, Date.now()) });
}
