// Replays a run with another input: the kept one, edited. The first run stays, and both know each other.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type paths, Refusal, read } from '../../api/millrace.ts';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { useWhere } from '../../shell/scope.ts';
import { t } from '../../texts/translate.ts';
import { inputQuery, type Run } from './run-requests.ts';

type Body = NonNullable<paths['/runs/{id}/replay']['post']['requestBody']>['content']['application/json'];
type Input = NonNullable<Body['input']>;
type Version = 'active' | 'same';

export function EditReplay({ run, onClose }: { run: Run; onClose: () => void }) {
  const { account, mode, api, ...where } = useWhere();
  const navigate = useNavigate();
  const input = useQuery(inputQuery({ account, mode, api, ...where }, run.id));
  const [edited, setEdited] = useState<string | null>(null);
  const [version, setVersion] = useState<Version>('active');
  const text = edited ?? JSON.stringify(input.data ?? { trigger: run.trigger, data: null }, null, 2);
  const replay = useMutation({
    mutationFn: () =>
      read(
        api.POST('/runs/{id}/replay', {
          params: { path: { id: run.id } },
          body: { version, input: parsed(text) as Input },
        }),
      ),
    onSuccess: ({ id }) => navigate({ to: '/$account/$mode/runs/$run', params: { account, mode, run: id } }),
  });
  const problem = problemOf(text);
  const refusal =
    replay.error instanceof Refusal && replay.error.field?.startsWith('input') ? replay.error : null;
  return (
    <Dialog
      title={t('run.editReplay')}
      wide
      onClose={onClose}
      onSubmit={() => replay.mutate()}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={problem !== null || replay.isPending}>
            {t('run.doReplay')}
          </button>
        </>
      }
    >
      <Answered query={input}>
        {(kept) => (
          <Field
            label={t('run.tab.input')}
            hint={kept === null ? t('run.noInput') : t('replay.inputHint')}
            wrong={problem ?? refusal?.rule ?? null}
          >
            {(wiring) => (
              <textarea
                {...wiring}
                rows={18}
                spellCheck={false}
                value={text}
                onChange={(event) => setEdited(event.target.value)}
              />
            )}
          </Field>
        )}
      </Answered>
      <Field label={t('replay.version')}>
        {(wiring) => (
          <select {...wiring} value={version} onChange={(event) => setVersion(event.target.value as Version)}>
            <option value="active">{t('replay.active')}</option>
            <option value="same">{t('replay.same')}</option>
          </select>
        )}
      </Field>
      <Wrong error={refusal === null ? replay.error : null} />
    </Dialog>
  );
}

function parsed(text: string): unknown {
  return JSON.parse(text);
}

function problemOf(text: string): string | null {
  try {
    parsed(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
