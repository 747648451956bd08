// Sends a webhook a message in the place of its sender, signed by the webhook's own secret, and shows what
// became of it. Called by trigger-address.tsx.
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import type { Trigger, WebhookSettings } from './trigger-requests.ts';

type Props = { trigger: Trigger; onClose: () => void };

/** As its sender would begin one. */
const FIRST: Record<string, unknown> = {
  standard_webhooks: { type: 'order.created', data: { order: 81 } },
  stripe: { type: 'payment_intent.succeeded', data: { object: { amount: 1250, currency: 'eur' } } },
  shopify: { id: 81, total_price: '12.50', currency: 'EUR' },
  github: { zen: 'Keep it logically awesome.', hook_id: 1 },
  slack: { type: 'event_callback', event: { type: 'message', text: 'Hello' } },
  none: { order: 81 },
};

export function TestMessage({ trigger, onClose }: Props) {
  const { account, mode, api } = useWhere();
  const scheme = (trigger.settings as WebhookSettings).verification?.scheme ?? null;
  const [body, setBody] = useState(() => JSON.stringify(FIRST[scheme ?? 'none'], null, 2));
  const send = useMutation({
    mutationFn: () =>
      read(api.POST('/triggers/{id}/test-message', { params: { path: { id: trigger.id } }, body: { body } })),
  });
  const refusal = send.error instanceof Refusal && send.error.field === 'body' ? send.error : null;
  const run = send.data?.run_id ?? null;
  return (
    <Dialog
      title={t('triggers.try')}
      onClose={onClose}
      onSubmit={() => send.mutate()}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('action.close')}
          </button>
          <button type="submit" className="button primary" disabled={send.isPending}>
            {t('triggers.send')}
          </button>
        </>
      }
    >
      <p className="quiet">
        {scheme === null
          ? t('triggers.tryUnsigned')
          : t('triggers.trySigned', { scheme: t(`scheme.${scheme}`) })}
      </p>
      <Field label={t('triggers.body')} wrong={refusal?.rule ?? null}>
        {(wiring) => (
          <textarea
            {...wiring}
            className="mono"
            rows={10}
            spellCheck={false}
            value={body}
            onChange={({ target }) => setBody(target.value)}
          />
        )}
      </Field>
      <div aria-live="polite">
        {send.data === undefined ? null : (
          <div className="notice">
            <span>{t(run === null ? 'triggers.sentNothing' : 'triggers.sent')}</span>
            {run === null ? null : (
              <Link to="/$account/$mode/runs/$run" params={{ account, mode, run }}>
                {t('test.openRun')}
              </Link>
            )}
          </div>
        )}
      </div>
      {send.data === undefined ? null : (
        <details>
          <summary>{t('triggers.headers')}</summary>
          <pre className="code wrap">
            {Object.entries(send.data.headers)
              .map(([name, value]) => `${name}: ${value}`)
              .join('\n')}
          </pre>
        </details>
      )}
      <Wrong error={refusal === null ? send.error : null} />
    </Dialog>
  );
}
