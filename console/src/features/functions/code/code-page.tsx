// A function's code: the editor, the test panel beside it, and what is live compared with what is typed.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { read } from '../../../api/millrace.ts';
import { loadLazily } from '../../../design/load-lazily.ts';
import { relative } from '../../../design/moment.tsx';
import { Answered, Loading } from '../../../design/states.tsx';
import { useToast } from '../../../design/toasts.tsx';
import { useWhere } from '../../../shell/scope.ts';
import { useMay } from '../../../shell/session.ts';
import { t } from '../../../texts/translate.ts';
import { codeQuery, type Files, functionQuery, OWN_DIALECT } from '../function-requests.ts';
import { dropDraft, keepDraft, loadDraft } from './drafts.ts';
import { changedPaths, textOf, withText } from './file-texts.ts';
import { firstInput, ofRecorded } from './test-inputs.ts';
import { problemOf, type TestInput, TestPanel } from './test-panel.tsx';

const FunctionEditor = loadLazily(() =>
  import('./function-editor.tsx').then((loaded) => loaded.FunctionEditor),
);
const DeployDialog = loadLazily(() => import('./deploy-dialog.tsx').then((loaded) => loaded.DeployDialog));

export function CodePage() {
  const { id } = useParams({ from: '/$account/$mode/functions/$id/' });
  const query = useQuery(codeQuery(useWhere(), id));
  return (
    <Answered query={query} lines={12}>
      {({ data, tag }) => <Workbench key={id} id={id} live={data} tag={tag} />}
    </Answered>
  );
}

type Live = { version: number; files: Files };
/** The code that a draft was made of. */
type Base = { version: number; tag: string | null };

/** A state that is known at once, before the page is drawn with it. */
function useLatest<T>(first: T): [T, { readonly current: T }, (value: T) => void] {
  const [value, setValue] = useState(first);
  const now = useRef(value);
  const set = useCallback((next: T) => {
    now.current = next;
    setValue(next);
  }, []);
  return [value, now, set];
}

function Workbench({ id, live, tag }: { id: string; live: Live; tag: string | null }) {
  const where = useWhere();
  const { account, mode, api, key } = where;
  const say = useToast();
  const queries = useQueryClient();
  const search = useSearch({ from: '/$account/$mode/functions/$id/' });
  const { data: fn } = useQuery(functionQuery(where, id));
  const mayUpdate = useMay('hosted_functions', 'update');
  const [draft] = useState(() => loadDraft(account, mode, id));
  const [base, setBase] = useState<Base>(draft ?? { version: live.version, tag });
  const [files, filesNow, setFiles] = useLatest<Files>(draft?.files ?? live.files);
  const isTyped = useRef(draft !== null);
  const paths = Object.keys(files).sort();
  const texts = paths.filter((path) => textOf(files[path]) !== null);
  const [chosen, setChosen] = useState<string | null>(search.file ?? null);
  const path =
    texts.find((one) => one === chosen) ?? texts.find((one) => !one.includes('node_modules/')) ?? '';
  const [isDeploying, setDeploying] = useState(false);
  const [deployed, setDeployed] = useState<number | null>(null);
  const isOwn = fn?.data.dialect === OWN_DIALECT;
  const isEditable = mayUpdate && isOwn;
  const changed = changedPaths(live.files, files);
  const [input, setInput] = useTestInput(id);
  const [isKept, setKept] = useState(true);

  const edit = (text: string) => {
    const before = filesNow.current;
    if (text === textOf(before[path])) return;
    const next = { ...before, [path]: withText(before[path], text) };
    setFiles(next);
    isTyped.current = changedPaths(live.files, next).length > 0;
    if (!isTyped.current) dropDraft(account, mode, id);
    else setKept(keepDraft(account, mode, id, { ...base, files: next, at: new Date().toISOString() }));
  };
  const discard = () => {
    dropDraft(account, mode, id);
    isTyped.current = false;
    setFiles(live.files);
    setBase({ version: live.version, tag });
  };
  // Keys come sooner than the page is drawn: they mean what is typed, not what was drawn last.
  const isChangedNow = () => changedPaths(live.files, filesNow.current).length > 0;
  const openDeploy = () => {
    if (isEditable && isChangedNow()) setDeploying(true);
  };
  const trial = useMutation({
    mutationFn: () =>
      read(
        api.POST('/functions/{id}/test', {
          params: { path: { id } },
          body: {
            ...(isChangedNow() ? { code: { files: filesNow.current } } : {}),
            trigger: input.trigger,
            input: JSON.parse(input.text),
          },
        }),
      ),
  });
  const run = () => {
    if (problemOf(input.text) === null && !trial.isPending) trial.mutate();
  };
  const onDeployed = async (version: number) => {
    dropDraft(account, mode, id);
    isTyped.current = false;
    setDeploying(false);
    setDeployed(version);
    say(t('deploy.done', { version: String(version) }));
    await queries.invalidateQueries({ queryKey: [...key, 'function', id] });
    const fresh = await queries.fetchQuery(codeQuery(where, id));
    setBase({ version: fresh.data.version, tag: fresh.tag });
    if (!isTyped.current) setFiles(fresh.data.files);
  };
  // Nothing is typed: what others deploy is shown by itself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is what changes it
  useEffect(() => {
    if (isTyped.current) return;
    setFiles(live.files);
    setBase({ version: live.version, tag });
  }, [live.version, tag]);
  useKeys({ Enter: run, s: openDeploy });
  const isOld = base.version !== live.version && changed.length > 0;
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
          <button
            type="button"
            className="button"
            onClick={() => {
              setBase({ version: live.version, tag });
              const at = new Date().toISOString();
              keepDraft(account, mode, id, { version: live.version, tag, files, at });
            }}
          >
            {t('code.keepMine')}
          </button>
        </div>
      ) : null}
      <div className="workbench">
        <section aria-label={t('function.code')}>
          <div className="bench-bar">
            <div className="files">
              {texts.map((one) => (
                <button key={one} type="button" aria-pressed={one === path} onClick={() => setChosen(one)}>
                  {one}
                  {changed.includes(one) ? ' •' : ''}
                </button>
              ))}
            </div>
            <span className="grow" />
            <span className="quiet" role="status">
              {draftText({ isOwn, isEditable, changed: changed.length, isKept, at: draft?.at ?? null })}
            </span>
            {changed.length > 0 ? (
              <button type="button" className="button plain" onClick={discard}>
                {t('code.discard')}
              </button>
            ) : null}
            <button
              type="button"
              className="button primary"
              disabled={!isEditable || changed.length === 0}
              onClick={() => setDeploying(true)}
              aria-keyshortcuts="Control+S"
            >
              {t('deploy.open')}
            </button>
          </div>
          <Suspense fallback={<Loading lines={10} />}>
            <FunctionEditor
              key={path}
              path={path}
              value={textOf(files[path]) ?? ''}
              isReadOnly={!isEditable}
              onChange={edit}
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
            onDeployed={(version) => void onDeployed(version)}
          />
        ) : null}
      </Suspense>
    </>
  );
}

/** With Ctrl, anywhere on the page; the editor has them itself. */
function useKeys(keys: Record<string, () => void>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = latest.current[event.key];
      const isElsewhere =
        event.target instanceof Element && event.target.closest('.monaco-editor, dialog') !== null;
      if (act === undefined || isElsewhere || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

type DraftState = {
  isOwn: boolean;
  isEditable: boolean;
  changed: number;
  isKept: boolean;
  at: string | null;
};

function draftText({ isOwn, isEditable, changed, isKept, at }: DraftState): string {
  if (!isOwn) return t('code.otherDialect');
  if (!isEditable) return t('code.readOnly');
  if (changed === 0) return t('code.live');
  if (!isKept) return t('code.tooLarge');
  return at === null ? t('code.draft') : t('code.draftOf', { when: relative(at, Date.now()) });
}

function useTestInput(id: string): [TestInput, (input: TestInput) => void] {
  const { account, mode } = useWhere();
  const kept = `millrace.test.${account}.${mode}.${id}`;
  const [input, setInput] = useState<TestInput>(() => {
    const found = JSON.parse(localStorage.getItem(kept) ?? 'null') as TestInput | null;
    return found ?? { trigger: 'api_direct', text: firstInput('api_direct') };
  });
  return [
    input,
    (next) => {
      setInput(next);
      localStorage.setItem(kept, JSON.stringify(next));
    },
  ];
}

type FromRunProps = { runId: string; onInput: (input: TestInput) => void; deployed: number | null };

/** One came from a run that failed: its input is the test, and once the mend is live, it is replayed. */
function FromRun({ runId, onInput, deployed }: FromRunProps) {
  const { account, mode, api } = useWhere();
  const say = useToast();
  const taken = useRef(false);
  useEffect(() => {
    if (taken.current) return;
    taken.current = true;
    const take = async () => {
      const recorded = ofRecorded(
        await read(api.GET('/runs/{id}/input', { params: { path: { id: runId } } })),
      );
      if (recorded !== null) onInput(recorded);
    };
    take().catch(() => say(t('run.noInput')));
  }, [api, onInput, runId, say]);
  const replay = useMutation({
    mutationFn: () =>
      read(api.POST('/runs/{id}/replay', { params: { path: { id: runId } }, body: { version: 'active' } })),
  });
  const link = (run: string, text: string) => (
    <Link to="/$account/$mode/runs/$run" params={{ account, mode, run }}>
      {text}
    </Link>
  );
  return (
    <div className="notice bench-notice" role="status">
      <span>
        {t('code.fromRun')} {link(runId, runId.slice(0, 13))}
      </span>
      {deployed === null ? null : (
        <button type="button" className="button" disabled={replay.isPending} onClick={() => replay.mutate()}>
          {t('code.replay')}
        </button>
      )}
      {replay.data === undefined ? null : link(replay.data.id, t('code.replayed'))}
    </div>
  );
}
