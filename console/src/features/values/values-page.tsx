// What functions share: values that they see as variables, secrets among them, and key values that they read
// and write while they run.
import { useState } from 'react';
import { Page } from '../../design/page.tsx';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { FunctionValues } from './function-values.tsx';
import { KeyValueDialog } from './key-value-dialog.tsx';
import { KeyValues } from './key-values.tsx';
import { ValueDialog } from './value-dialog.tsx';
import './values.css';

export function ValuesPage() {
  const [adding, setAdding] = useState<'value' | 'key' | null>(null);
  const mayAddValue = useMay('function_values', 'create');
  const mayAddKey = useMay('key_values', 'create');
  return (
    <Page
      title={t('room.values')}
      sentence={t('values.sentence')}
      actions={
        <>
          {mayAddKey ? (
            <button type="button" className="button" onClick={() => setAdding('key')}>
              {t('values.addKey')}
            </button>
          ) : null}
          {mayAddValue ? (
            <button type="button" className="button primary" onClick={() => setAdding('value')}>
              {t('values.add')}
            </button>
          ) : null}
        </>
      }
    >
      <div className="values">
        <FunctionValues />
        <KeyValues />
      </div>
      {adding === 'value' ? <ValueDialog value={null} onClose={() => setAdding(null)} /> : null}
      {adding === 'key' ? <KeyValueDialog name={null} onClose={() => setAdding(null)} /> : null}
    </Page>
  );
}
