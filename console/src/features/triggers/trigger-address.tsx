// Where a webhook or a function URL is reached: the address to copy, the same as a command, a test message
// that is signed as its sender would, another address. Called by trigger-row.tsx.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { CopyButton } from '../../design/copy-button.tsx';
import { Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { TestMessage } from './test-message.tsx';
import type { Trigger, WebhookSettings } from './trigger-requests.ts';

export function TriggerAddress({ trigger }: { trigger: Trigger }) {
  const { api, key } = useWhere();
  const queries = useQueryClient();
  const mayUpdate = useMay('triggers', 'update');
  const mayRun = useMay('hosted_function_executions', 'create');
  const [isTrying, setTrying] = useState(false);
  const [isSure, setSure] = useState(false);
  const renew = useMutation({
    mutationFn: () =>
      read(api.POST('/triggers/{id}/renew-address', { params: { path: { id: trigger.id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...key, 'triggers'] }),
  });
  const { url, settings, kind } = trigger;
  const { allowed_ips: ips, verification } = settings as WebhookSettings;
  if (url === null) return <p className="quiet">{t('triggers.hidden')}</p>;
  const isHook = kind === 'webhook';
  return (
    <>
      <div className="row">
        <code className="address">{url}</code>
        <CopyButton text={url}>{t('triggers.copy')}</CopyButton>
        <CopyButton text={curlOf(url, isHook)}>{t('run.copyCurl')}</CopyButton>
        {isHook && mayUpdate && mayRun ? (
          <button type="button" className="button" onClick={() => setTrying(true)}>
            {t('triggers.try')}
          </button>
        ) : null}
        {isHook ? null : (
          <a className="button" href={url} target="_blank" rel="noreferrer">
            {t('triggers.open')}
          </a>
        )}
        {mayUpdate ? (
          <button
            type="button"
            className="button plain"
            onClick={() => (isSure ? renew.mutate() : setSure(true))}
            onBlur={() => setSure(false)}
          >
            {t(isSure ? 'triggers.renewSure' : 'triggers.renew')}
          </button>
        ) : null}
      </div>
      {isHook ? (
        <p className="quiet">
          {verification === null
            ? t('triggers.unsigned')
            : t('triggers.signed', { scheme: t(`scheme.${verification.scheme}`) })}
        </p>
      ) : null}
      {ips === null ? null : <p className="quiet">{t('triggers.onlyFrom', { ips: ips.join(', ') })}</p>}
      <Wrong error={renew.error} />
      {isTrying ? <TestMessage trigger={trigger} onClose={() => setTrying(false)} /> : null}
    </>
  );
}

function curlOf(url: string, isHook: boolean): string {
  if (!isHook) return `curl '${url}?name=Ann'`;
  return `curl -X POST '${url}' -H 'Content-Type: application/json' -d '{"order": 81}'`;
}
