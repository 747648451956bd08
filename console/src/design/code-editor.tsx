// Monaco with its own language workers, as this console looks. Loads alone: a page that shows it does so
// lazily. `CodeDifference` is the same with two texts side by side.
import * as monaco from 'monaco-editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker';
import ScriptWorker from 'monaco-editor/languages/features/typescript/ts.worker?worker';
import { useEffect, useRef } from 'react';
import { isDark } from '../shell/look.ts';

type Monaco = typeof monaco & {
  typescript: { javascriptDefaults: ScriptDefaults; typescriptDefaults: ScriptDefaults };
};
type ScriptDefaults = {
  setCompilerOptions(options: object): void;
  setDiagnosticsOptions(options: object): void;
  addExtraLib(content: string, filePath: string): void;
};

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => {
    if (label === 'json') return new JsonWorker();
    return label === 'javascript' || label === 'typescript' ? new ScriptWorker() : new EditorWorker();
  },
};

const LOOK: monaco.editor.IStandaloneEditorConstructionOptions = {
  fontFamily: "'Geist Mono', ui-monospace, monospace",
  fontSize: 13,
  lineHeight: 20,
  minimap: { enabled: false },
  automaticLayout: true,
  scrollBeyondLastLine: false,
  padding: { top: 12, bottom: 12 },
  renderLineHighlight: 'line',
  tabSize: 2,
  fixedOverflowWidgets: true,
  occurrencesHighlight: 'off',
  stickyScroll: { enabled: false },
};

defineThemes();

function defineThemes(): void {
  const shared = { inherit: true, rules: [] } as const;
  monaco.editor.defineTheme('millrace-light', {
    ...{ ...shared, base: 'vs', rules: [{ token: 'comment', foreground: '5c6166' }] },
    colors: { 'editor.background': '#ffffff', 'editorLineNumber.foreground': '#6b7075' },
  });
  monaco.editor.defineTheme('millrace-dark', {
    ...{ ...shared, base: 'vs-dark', rules: [{ token: 'comment', foreground: '9aa1a8' }] },
    colors: { 'editor.background': '#131517', 'editorLineNumber.foreground': '#858c93' },
  });
  takeTheme();
  addEventListener('millrace:look', takeTheme);
}

function takeTheme(): void {
  monaco.editor.setTheme(isDark() ? 'millrace-dark' : 'millrace-light');
}

/** What code of functions may use, for completion and checks; the same text again changes nothing. */
export function describeGlobals(text: string): void {
  const scripts = (monaco as unknown as Partial<Monaco>).typescript;
  if (scripts === undefined) return;
  scripts.javascriptDefaults.setCompilerOptions({
    ...{
      target: 99,
      module: 1,
      moduleResolution: 2,
      allowJs: true,
      checkJs: true,
      allowNonTsExtensions: true,
    },
    ...{ lib: ['es2024'], noEmit: true, strict: false },
  });
  // A required package isn't there for the worker: that it can't be found says nothing about the function.
  scripts.javascriptDefaults.setDiagnosticsOptions({
    diagnosticCodesToIgnore: [2307, 7016, 80001, 2580, 1108],
  });
  scripts.javascriptDefaults.addExtraLib(text, 'file:///millrace.d.ts');
}

type Props = {
  /** Says the language, and which undo history it has. */
  path: string;
  value: string;
  label: string;
  onChange: (value: string) => void;
  isReadOnly?: boolean;
  /** Shown and marked; null: none. */
  markedLine?: number | null;
  onRun?: () => void;
  onSave?: () => void;
};

export function CodeEditor({
  path,
  value,
  label,
  onChange,
  isReadOnly = false,
  markedLine = null,
  ...keys
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const latest = useRef({ onChange, ...keys });
  latest.current = { onChange, ...keys };
  /** What was typed and isn't drawn yet: a page that lags behind must not undo what came after. */
  const typed = useRef<string[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model keeps the text from here on
  useEffect(() => {
    const uri = monaco.Uri.parse(`file:///${path}`);
    const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(value, undefined, uri);
    if (model.getValue() !== value) model.setValue(value);
    const made = monaco.editor.create(box.current as HTMLElement, {
      ...LOOK,
      model,
      readOnly: isReadOnly,
      ariaLabel: label,
    });
    editor.current = made;
    typed.current = [];
    const heard = model.onDidChangeContent(() => {
      typed.current.push(model.getValue());
      latest.current.onChange(model.getValue());
    });
    made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => latest.current.onRun?.());
    made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, () => latest.current.onSave?.());
    return () => {
      heard.dispose();
      made.dispose();
      model.dispose();
    };
  }, [path, isReadOnly, label]);
  useEffect(() => {
    const model = editor.current?.getModel();
    const drawn = typed.current.lastIndexOf(value);
    typed.current = drawn < 0 ? [] : typed.current.slice(drawn + 1);
    if (drawn >= 0) return;
    if (model !== undefined && model !== null && model.getValue() !== value) model.setValue(value);
  }, [value]);
  useEffect(() => {
    const made = editor.current;
    if (made === null || markedLine === null) return;
    const range = new monaco.Range(markedLine, 1, markedLine, 1);
    const marks = made.createDecorationsCollection([
      {
        range,
        options: {
          isWholeLine: true,
          className: 'marked-line',
          overviewRuler: { color: '#c4291c', position: 7 },
        },
      },
    ]);
    made.revealLineInCenter(markedLine);
    made.setPosition({ lineNumber: markedLine, column: 1 });
    made.focus();
    return () => marks.clear();
  }, [markedLine]);
  return <div className="code-editor" ref={box} />;
}

type DifferenceProps = { path: string; before: string; after: string };

export function CodeDifference({ path, before, after }: DifferenceProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const made = monaco.editor.createDiffEditor(box.current as HTMLElement, {
      ...LOOK,
      readOnly: true,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: true,
      hideUnchangedRegions: { enabled: true },
      // Its menu is for taking lines over, which nothing here does, and outlives an editor that closes.
      renderGutterMenu: false,
    });
    const language = languageOf(path);
    const models = {
      original: monaco.editor.createModel(before, language),
      modified: monaco.editor.createModel(after, language),
    };
    made.setModel(models);
    return () => {
      made.setModel(null);
      made.dispose();
      models.original.dispose();
      models.modified.dispose();
    };
  }, [path, before, after]);
  return <div className="code-difference" ref={box} />;
}

function languageOf(path: string): string | undefined {
  const ending = path.slice(path.lastIndexOf('.'));
  return monaco.languages.getLanguages().find((one) => one.extensions?.includes(ending))?.id;
}
