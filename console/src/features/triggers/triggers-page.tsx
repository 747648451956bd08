// What starts a function: each trigger in words, and the way to add one or to change it.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Answered, Empty } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { OtherUses } from './other-uses.tsx';
import { TriggerForm } from './trigger-form.tsx';
import { KINDS, type Kind, type Trigger, triggersQuery } from './trigger-requests.ts';
import { TriggerRow } from './trigger-row.tsx';
import './triggers.css';

export function TriggersPage() {
  const { id } = useParams({ from: '/$account/$mode/functions/$id/triggers' });
  const query = useQuery(triggersQuery(useWhere(), id));
  const mayCreate = useMay('triggers', 'create');
  const [form, setForm] = useState<{ kind: Kind; trigger: Trigger | null } | null>(null);
  return (
    <div className="pane">
      {mayCreate ? (
        <div className="row add">
          {KINDS.map((kind) => (
            <button
              key={kind}
              type="button"
              className="button"
              onClick={() => setForm({ kind, trigger: null })}
            >
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
                <TriggerRow
                  key={trigger.id}
                  trigger={trigger}
                  onEdit={() => setForm({ kind: trigger.kind, trigger })}
                />
              ))}
            </ul>
          )
        }
      </Answered>
      <OtherUses functionId={id} />
      {form === null ? null : <TriggerForm functionId={id} {...form} onClose={() => setForm(null)} />}
    </div>
  );
}
