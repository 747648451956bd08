// What starts a function: each trigger in words, with its address to copy, and the way to add one.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { CopyButton } from '../../design/copy-button.tsx';
import { When } from '../../design/moment.tsx';
import { Answered, Empty, Wrong } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { cronWords } from './cron-words.ts';
import { TriggerForm } from './trigger-form.tsx';
import {
  type EventSettings,
  KINDS,
  type Kind,
  type ScheduleSettings,
  type Trigger,
  triggersQuery,
  type WebhookSettings,
} from './trigger-requests.ts';
import './triggers.css';

export function TriggersPage() {
  const { id } = useParams({ from: '/$account/$mode/functions/$id/triggers' });
  const query = useQuery(triggersQuery(useWhere(), id));
  const mayCreate = useMay('triggers', 'create');
  const [adding, setAdding] = useState<Kind | null>(null);
  return (
    <div className="pane">
      {mayCreate ? (
        <div className="row add">
          {KINDS.map((kind) => (
            <button key={kind} type="button" className="button" onClick={() => setAdding(kind)}>
              {t(`triggers.add.${kind}`)}
            </button>
          ))}
        </div>
      ) : null}
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title={t('triggers.none')}>
              <span className="quiet">{t('triggers.noneNext')}</span>
            </Empty>
          ) : (
            <ul className="trigger-list">
              {data.map((trigger) => (
                <OneTrigger key={trigger.id} trigger={trigger} />
              ))}
            </ul>
          )
        }
      </Answered>
      {adding === null ? null : <TriggerForm functionId={id} kind={adding} onClose={() => setAdding(null)} />}
    </div>
  );
}

function OneTrigger({ trigger }: { trigger: Trigger }) {
  const { api, key } = useWhere();
  const queries = useQueryClient();
  const mayUpdate = useMay('triggers', 'update');
  const mayDelete = useMay('triggers', 'delete');
  const [isSure, setSure] = useState(false);
  const params = { path: { id: trigger.id } };
  const change = useMutation({
    mutationFn: (what: 'pause' | 'resume' | 'enable' | 'disable' | 'delete'): Promise<unknown> => {
      if (what === 'delete') return read(api.DELETE('/triggers/{id}', { params }));
      if (what === 'pause') return read(api.POST('/triggers/{id}/pause', { params }));
      if (what === 'resume') return read(api.POST('/triggers/{id}/resume', { params }));
      return read(api.PATCH('/triggers/{id}', { params, body: { enabled: what === 'enable' } }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [...key, 'triggers'] }),
  });
  const isPaused = trigger.paused_at !== null;
  return (
    <li>
      <div className="row">
        <strong>{t(`trigger.${trigger.kind}`)}</strong>
        <TriggerStatus trigger={trigger} />
        <span className="grow" />
        {mayUpdate ? (
          <>
            <button
              type="button"
              className="button plain"
              onClick={() => change.mutate(isPaused ? 'resume' : 'pause')}
            >
              {t(isPaused ? 'triggers.resume' : 'triggers.pause')}
            </button>
            <button
              type="button"
              className="button plain"
              onClick={() => change.mutate(trigger.enabled ? 'disable' : 'enable')}
            >
              {t(trigger.enabled ? 'triggers.disable' : 'triggers.enable')}
            </button>
          </>
        ) : null}
        {mayDelete ? (
          <button
            type="button"
            className="button plain danger"
            onClick={() => (isSure ? change.mutate('delete') : setSure(true))}
            onBlur={() => setSure(false)}
          >
            {t(isSure ? 'triggers.deleteSure' : 'action.delete')}
          </button>
        ) : null}
      </div>
      <Words trigger={trigger} />
      <Wrong error={change.error} />
    </li>
  );
}

function TriggerStatus({ trigger }: { trigger: Trigger }) {
  if (!trigger.enabled) return <StatusMark tone="off">{t('functions.disabled')}</StatusMark>;
  if (trigger.paused_at !== null) return <StatusMark tone="wait">{t('functions.paused')}</StatusMark>;
  return <StatusMark tone="good">{t('functions.active')}</StatusMark>;
}

function Words({ trigger }: { trigger: Trigger }) {
  if (trigger.kind === 'schedule') {
    const { cron, time_zone } = trigger.settings as ScheduleSettings;
    return (
      <p>
        {cronWords(cron)} <code className="quiet">{cron}</code> <span className="quiet">{time_zone}</span>
        {trigger.next_tick_at === null ? null : (
          <>
            {' · '}
            {t('triggers.next')} <When at={trigger.next_tick_at} />
          </>
        )}
      </p>
    );
  }
  if (trigger.kind === 'account_event') {
    const { notations, campaigns, shops } = trigger.settings as EventSettings;
    return (
      <p>
        <code>{notations.join(', ')}</code>
        {[...campaigns, ...shops].length === 0 ? null : (
          <span className="quiet"> {t('triggers.only', { names: [...campaigns, ...shops].join(', ') })}</span>
        )}
      </p>
    );
  }
  return <Address trigger={trigger} />;
}

function Address({ trigger }: { trigger: Trigger }) {
  const { url, settings, kind } = trigger;
  const scheme = (settings as WebhookSettings).verification?.scheme ?? null;
  if (url === null) return <p className="quiet">{t('triggers.hidden')}</p>;
  const curl =
    kind === 'webhook'
      ? `curl -X POST '${url}' -H 'Content-Type: application/json' -d '{"order": 81}'`
      : `curl '${url}?name=Ann'`;
  return (
    <>
      <div className="row">
        <code className="address">{url}</code>
        <CopyButton text={url}>{t('triggers.copy')}</CopyButton>
        <CopyButton text={curl}>{t('run.copyCurl')}</CopyButton>
      </div>
      {kind === 'webhook' ? (
        <p className="quiet">
          {scheme === null ? t('triggers.unsigned') : t('triggers.signed', { scheme: t(`scheme.${scheme}`) })}
        </p>
      ) : null}
    </>
  );
}
