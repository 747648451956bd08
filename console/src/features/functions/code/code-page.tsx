// A function's code: the editor, the test panel beside it, and what is live compared with what is typed.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { read } from '../../../api/millrace.ts';
import { loadLazily } from '../../../design/load-lazily.ts';
import { Answered, Loading } from '../../../design/states.tsx';
import { useToast } from '../../../design/toasts.tsx';
import { useWhere } from '../../../shell/scope.ts';
import { useMay } from '../../../shell/session.ts';
import { t } from '../../../texts/translate.ts';
import { codeQuery, functionQuery, OWN_DIALECT } from '../function-requests.ts';
import { BenchBar } from './bench-bar.tsx';
import { textOf } from './file-texts.ts';
import { FromRun } from './from-run.tsx';
import { problemOf, TestPanel } from './test-panel.tsx';
import { type Live, useDraft } from './use-draft.ts';
import { useKeys } from './use-keys.ts';
import { useTestInput } from './use-test-input.ts';

const FunctionEditor = loadLazily(() =>
  import('./function-editor.tsx').then((loaded) => loaded.FunctionEditor),
);
const DeployDialog = loadLazily(() => import('./deploy-dialog.tsx').then((loaded) => loaded.DeployDialog));

export function CodePage() {
  const { id } = useParams({ from: '/$account/$mode/functions/$id/' });
  const query = useQuery(codeQuery(useWhere(), id));
  return (
    <Answered query={query} lines={12}>
      {({ data, tag }) => <Workbench key={id} id={id} live={{ ...data, tag }} />}
    </Answered>
  );
}

function Workbench({ id, live }: { id: string; live: Live }) {
  const where = useWhere();
  const { api, key } = where;
  const say = useToast();
  const queries = useQueryClient();
  const search = useSearch({ from: '/$account/$mode/functions/$id/' });
  const { data: fn } = useQuery(functionQuery(where, id));
  const mayUpdate = useMay('hosted_functions', 'update');
  const typed = useDraft(id, live);
  const { files, base } = typed;
  const texts = Object.keys(files)
    .sort()
    .filter((path) => textOf(files[path]) !== null);
  const [chosen, setChosen] = useState<string | null>(search.file ?? null);
  const path =
    texts.find((one) => one === chosen) ?? texts.find((one) => !one.includes('node_modules/')) ?? '';
  const [isDeploying, setDeploying] = useState(false);
  const [deployed, setDeployed] = useState<number | null>(null);
  const isOwn = fn?.data.dialect === OWN_DIALECT;
  const isEditable = mayUpdate && isOwn;
  const [input, setInput] = useTestInput(id);
  const openDeploy = () => {
    if (isEditable && typed.now().isChanged) setDeploying(true);
  };
  const trial = useMutation({
    mutationFn: () => {
      const { files: code, isChanged } = typed.now();
      const body = { trigger: input.trigger, input: JSON.parse(input.text) };
      return read(
        api.POST('/functions/{id}/test', {
          params: { path: { id } },
          body: isChanged ? { ...body, code: { files: code } } : body,
        }),
      );
    },
  });
  const run = () => {
    if (problemOf(input.text) === null && !trial.isPending) trial.mutate();
  };
  const onDeployed = async (version: number, percent: number) => {
    setDeploying(false);
    setDeployed(version);
    const values = { version: String(version), percent: String(percent) };
    say(t(percent === 0 ? 'deploy.done' : 'deploy.doneCanary', values));
    await queries.invalidateQueries({ queryKey: [...key, 'function', id] });
    const fresh = await queries.fetchQuery(codeQuery(where, id));
    typed.settle({ ...fresh.data, tag: fresh.tag });
  };
  useKeys({ Enter: run, s: openDeploy });
  const isOld = base.version !== live.version && typed.changed.length > 0;
  return (
    <>
      {search.run === undefined ? null : (
        <FromRun runId={search.run} onInput={setInput} deployed={deployed} />
      )}
      {isOld ? (
        <div className="notice warn bench-notice" role="alert">
          {t('code.newer', { version: String(live.version), base: String(base.version) })}
          <button type="button" className="button" onClick={() => setDeploying(true)}>
            {t('code.compare')}
          </button>
          <button type="button" className="button" onClick={() => typed.rebase()}>
            {t('code.keepMine')}
          </button>
        </div>
      ) : null}
      <div className="workbench">
        <section aria-label={t('function.code')}>
          <BenchBar
            {...{ typed, path, isOwn, isEditable }}
            paths={texts}
            onChoose={setChosen}
            onDeploy={() => setDeploying(true)}
          />
          <Suspense fallback={<Loading lines={10} />}>
            <FunctionEditor
              key={path}
              path={path}
              value={textOf(files[path]) ?? ''}
              isReadOnly={!isEditable}
              onChange={(text) => typed.edit(path, text)}
              onRun={run}
              onSave={openDeploy}
              markedLine={search.line !== undefined && (search.file ?? path) === path ? search.line : null}
            />
          </Suspense>
        </section>
        <TestPanel
          id={id}
          input={input}
          onInput={setInput}
          onRun={run}
          isRunning={trial.isPending}
          trial={trial.data}
          error={trial.error}
        />
      </div>
      <Suspense>
        {isDeploying ? (
          <DeployDialog
            id={id}
            before={live.files}
            after={files}
            tag={base.tag}
            onClose={() => setDeploying(false)}
            onDeployed={(version, percent) => void onDeployed(version, percent)}
          />
        ) : null}
      </Suspense>
    </>
  );
}
