// Which events start a function: their notations, and of which campaigns and shops. Called by
// trigger-form.tsx.
import { Field } from '../../design/field.tsx';
import { t } from '../../texts/translate.ts';
import { NotationPicker } from './notation-picker.tsx';
import type { Parts } from './trigger-form.tsx';

export function EventFields({ fields, set, wrongAt }: Parts) {
  return (
    <>
      <NotationPicker
        chosen={fields.notations}
        onChange={(notations) => set({ notations })}
        wrong={wrongAt('notations')}
      />
      {(['campaigns', 'shops'] as const).map((name) => (
        <Field key={name} label={t(`triggers.${name}`)} hint={t('triggers.filterHint')} wrong={wrongAt(name)}>
          {(wiring) => (
            <input
              {...wiring}
              value={fields[name]}
              onChange={({ target }) => set({ [name]: target.value })}
            />
          )}
        </Field>
      ))}
    </>
  );
}
