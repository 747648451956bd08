// Who may call a webhook or a function URL: the scheme by which messages are verified, and the addresses that
// may call. Called by trigger-form.tsx.
import { Field } from '../../design/field.tsx';
import { t } from '../../texts/translate.ts';
import { type Fields, SCHEMES } from './trigger-fields.ts';
import type { Parts } from './trigger-form.tsx';

/** @param kept whether there is a secret that stays where none is typed */
export function WebhookFields({ fields, set, wrongAt, kept }: Parts & { kept: boolean }) {
  return (
    <>
      <p className="quiet">{t('triggers.webhookExplain')}</p>
      <Field label={t('triggers.scheme')} wrong={wrongAt('verification.scheme')}>
        {(wiring) => (
          <select
            {...wiring}
            value={fields.scheme}
            onChange={({ target }) => set({ scheme: target.value as Fields['scheme'] })}
          >
            <option value="">{t('triggers.schemeNone')}</option>
            {SCHEMES.map((one) => (
              <option key={one} value={one}>
                {t(`scheme.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {fields.scheme === '' ? null : (
        <>
          <Field
            label={t('triggers.secret')}
            hint={t(kept ? 'triggers.secretKept' : `triggers.secretOf.${fields.scheme}`)}
            wrong={wrongAt('verification.secrets')}
          >
            {(wiring) => (
              <input
                {...wiring}
                type="password"
                autoComplete="off"
                required={!kept}
                value={fields.secret}
                onChange={({ target }) => set({ secret: target.value })}
              />
            )}
          </Field>
          <Field
            label={t('triggers.window')}
            hint={t('triggers.windowHint')}
            wrong={wrongAt('verification.replay_window_s')}
          >
            {(wiring) => (
              <input
                {...wiring}
                type="number"
                min={1}
                value={fields.windowS}
                onChange={({ target }) => set({ windowS: target.value })}
              />
            )}
          </Field>
        </>
      )}
    </>
  );
}

export function CallerFields({ fields, set, wrongAt }: Parts) {
  return (
    <Field label={t('triggers.ips')} hint={t('triggers.ipsHint')} wrong={wrongAt('allowed_ips')}>
      {(wiring) => (
        <input {...wiring} value={fields.ips} onChange={({ target }) => set({ ips: target.value })} />
      )}
    </Field>
  );
}
