// Limits, retries and life of a function, explained in words; pausing, and deleting with its name typed.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { every } from '../../api/every.ts';
import { type paths, Refusal, read, readWithTag, type Schemas } from '../../api/millrace.ts';
import { Field } from '../../design/field.tsx';
import { Answered, Wrong } from '../../design/states.tsx';
import { useToast } from '../../design/toasts.tsx';
import { useWhere } from '../../shell/scope.ts';
import { useMay } from '../../shell/session.ts';
import { t } from '../../texts/translate.ts';
import { CopyFunction } from './copy-function.tsx';
import './settings.css';

type HostedFunction = Schemas['Function'];
type Change = NonNullable<paths['/functions/{id}']['patch']['requestBody']>['content']['application/json'];
type Preset = Extract<HostedFunction['retry'], { preset: unknown }>['preset'];
const PRESETS = every<Preset>()(['none', 'lambda', 'webhook']);

export function FunctionSettingsPage() {
  const { id } = useParams({ from: '/$account/$mode/functions/$id/settings' });
  const { api, key } = useWhere();
  const query = useQuery({
    queryKey: [...key, 'function', id, 'settings'],
    // Asked for again only after a save: an answer in between would take what is typed.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    queryFn: () => readWithTag(api.GET('/functions/{id}', { params: { path: { id } } })),
  });
  return (
    <div className="pane settings">
      <Answered query={query}>{({ data, tag }) => <Form key={tag} fn={data} tag={tag} />}</Answered>
    </div>
  );
}

function Form({ fn, tag }: { fn: HostedFunction; tag: string | null }) {
  const { api, key } = useWhere();
  const say = useToast();
  const queries = useQueryClient();
  const mayUpdate = useMay('hosted_functions', 'update');
  const [change, setChange] = useState<Change>({});
  const now = { ...fn, ...change };
  const set = (one: Change) => setChange({ ...change, ...one });
  const params = { path: { id: fn.id } };
  const refresh = () => queries.invalidateQueries({ queryKey: [...key, 'function', fn.id] });
  const save = useMutation({
    mutationFn: () =>
      read(
        api.PATCH('/functions/{id}', {
          params,
          headers: tag === null ? {} : { 'If-Match': tag },
          body: change,
        }),
      ),
    onSuccess: () => {
      say(t('settings.saved'));
      return refresh();
    },
  });
  const pause = useMutation({
    mutationFn: (): Promise<unknown> =>
      fn.paused_at === null
        ? read(api.POST('/functions/{id}/pause', { params }))
        : read(api.POST('/functions/{id}/resume', { params })),
    onSuccess: refresh,
  });
  const refusal = save.error instanceof Refusal ? save.error : null;
  const wrongAt = (field: string) => (refusal?.field === field ? refusal.rule : null);
  const preset = 'preset' in now.retry ? now.retry.preset : 'own';
  const number = (text: string) => (text === '' ? Number.NaN : Number(text));
  return (
    <>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <fieldset disabled={!mayUpdate} className="stack">
          <legend className="unseen">{t('function.settings')}</legend>
          <Field label={t('functions.name')} wrong={wrongAt('name')}>
            {(wiring) => (
              <input {...wiring} value={now.name} onChange={({ target }) => set({ name: target.value })} />
            )}
          </Field>
          <Field label={t('settings.description')} wrong={wrongAt('description')}>
            {(wiring) => (
              <input
                {...wiring}
                value={now.description ?? ''}
                onChange={({ target }) => set({ description: target.value || null })}
              />
            )}
          </Field>
          <label className="check">
            <input
              type="checkbox"
              checked={now.enabled}
              onChange={({ target }) => set({ enabled: target.checked })}
            />
            {t('settings.enabled')}
          </label>
          <div className="pair">
            <Field
              label={t('settings.timeout')}
              hint={t('settings.timeoutHint')}
              wrong={wrongAt('timeout_ms')}
            >
              {(wiring) => (
                <input
                  {...wiring}
                  type="number"
                  min={100}
                  step={100}
                  value={now.timeout_ms}
                  onChange={({ target }) => set({ timeout_ms: number(target.value) })}
                />
              )}
            </Field>
            <Field label={t('settings.memory')} hint={t('settings.memoryHint')} wrong={wrongAt('memory_mb')}>
              {(wiring) => (
                <input
                  {...wiring}
                  type="number"
                  min={64}
                  step={64}
                  value={now.memory_mb}
                  onChange={({ target }) => set({ memory_mb: number(target.value) })}
                />
              )}
            </Field>
          </div>
          <Field label={t('settings.reuse')} hint={t(`settings.reuse.${now.reuse}`)} wrong={wrongAt('reuse')}>
            {(wiring) => (
              <select
                {...wiring}
                value={now.reuse}
                onChange={({ target }) => set({ reuse: target.value as HostedFunction['reuse'] })}
              >
                <option value="warm">{t('settings.warm')}</option>
                <option value="none">{t('settings.fresh')}</option>
              </select>
            )}
          </Field>
          <Field label={t('settings.retry')} hint={t('settings.retryHint')} wrong={wrongAt('retry')}>
            {(wiring) => (
              <select
                {...wiring}
                value={preset}
                onChange={({ target }) => set({ retry: { preset: target.value as Preset } })}
              >
                {PRESETS.map((one) => (
                  <option key={one} value={one}>
                    {t(`settings.retry.${one}`)}
                  </option>
                ))}
                {preset === 'own' ? <option value="own">{t('settings.retry.own')}</option> : null}
              </select>
            )}
          </Field>
          <Field
            label={t('settings.faults')}
            hint={t('settings.faultsHint')}
            wrong={wrongAt('disable_after_faults')}
          >
            {(wiring) => (
              <input
                {...wiring}
                type="number"
                min={0}
                value={now.disable_after_faults}
                onChange={({ target }) => set({ disable_after_faults: number(target.value) })}
              />
            )}
          </Field>
        </fieldset>
        <div className="row">
          <button
            type="submit"
            className="button primary"
            disabled={!mayUpdate || save.isPending || Object.keys(change).length === 0}
          >
            {t('action.save')}
          </button>
          <button
            type="button"
            className="button"
            disabled={!mayUpdate || pause.isPending}
            onClick={() => pause.mutate()}
          >
            {t(fn.paused_at === null ? 'settings.pause' : 'settings.resume')}
          </button>
        </div>
        <Wrong error={refusal?.field ? null : (save.error ?? pause.error)} />
      </form>
      {fn.dialect === 'millrace' ? <CopyFunction key={fn.name} fn={fn} /> : null}
      <Deletion fn={fn} />
    </>
  );
}

/** What can't be taken back asks for the name. */
function Deletion({ fn }: { fn: HostedFunction }) {
  const { account, mode, api, key } = useWhere();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const mayDelete = useMay('hosted_functions', 'delete');
  const [typed, setTyped] = useState('');
  const remove = useMutation({
    mutationFn: () => read(api.DELETE('/functions/{id}', { params: { path: { id: fn.id } } })),
    onSuccess: async () => {
      await navigate({ to: '/$account/$mode/functions', params: { account, mode } });
      await queries.invalidateQueries({ queryKey: [...key, 'functions'] });
    },
  });
  if (!mayDelete) return null;
  return (
    <section className="deletion stack">
      <h2>{t('settings.delete')}</h2>
      <p className="quiet">{t('settings.deleteExplain')}</p>
      <Field label={t('settings.deleteType', { name: fn.name })}>
        {(wiring) => <input {...wiring} value={typed} onChange={({ target }) => setTyped(target.value)} />}
      </Field>
      <div className="row">
        <button
          type="button"
          className="button danger"
          disabled={typed !== fn.name || remove.isPending}
          onClick={() => remove.mutate()}
        >
          {t('settings.delete')}
        </button>
      </div>
      <Wrong error={remove.error} />
    </section>
  );
}
