// The editor of a function's file, with the shapes of what functions get. Loads Monaco, so it is loaded
// lazily.
import type { ComponentProps } from 'react';
import { CodeEditor, describeGlobals } from '../../../design/code-editor.tsx';
import { t } from '../../../texts/translate.ts';
import globals from './function-globals.d.ts?raw';

describeGlobals(globals);

export function FunctionEditor(props: Omit<ComponentProps<typeof CodeEditor>, 'label'>) {
  return <CodeEditor {...props} label={t('code.editor', { path: props.path })} />;
}
