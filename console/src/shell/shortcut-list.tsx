// All keys, shown by `?`.
import { Dialog } from '../design/dialog.tsx';
import { t } from '../texts/translate.ts';
import { SHORTCUTS } from './shortcuts.ts';

export function ShortcutList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <table className="table">
        <tbody>
          {SHORTCUTS.map(([keys, text]) => (
            <tr key={keys}>
              <td>{keys.split(' ').map((key) => (key === '' ? ' ' : <kbd key={key}>{key}</kbd>))}</td>
              <td>{t(text)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
