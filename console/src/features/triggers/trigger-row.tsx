// One trigger in words, and what can be done with it. Called by triggers-page.tsx.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read } from '../../api/millrace.ts';
import { tookText, When } from '../../design/moment.tsx';
import { Wrong } from '../../design/states.tsx';
import { StatusMark } from '../../design/status-mark.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { cronWords } from '../../texts/cron-words.ts';
import { t } from '../../texts/translate.ts';
import { TriggerAddress } from './trigger-address.tsx';
import type { EventSettings, ScheduleSettings, Trigger } from './trigger-requests.ts';

export function TriggerRow({ trigger, onEdit }: { trigger: Trigger; onEdit: () => void }) {
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
        {trigger.name === null ? null : <span>{trigger.name}</span>}
        <TriggerStatus trigger={trigger} />
        <span className="trigger-actions">
          {mayUpdate ? (
            <>
              <button type="button" className="button plain" onClick={onEdit}>
                {t('action.edit')}
              </button>
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
        </span>
      </div>
      <Words trigger={trigger} />
      {trigger.delay_ms === 0 ? null : (
        <p className="quiet">{t('triggers.delayed', { took: tookText(trigger.delay_ms) })}</p>
      )}
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
  return <TriggerAddress trigger={trigger} />;
}
