// What a new function may begin with: real code for things that people build, each loaded when it is chosen.
// Called by the dialog for new functions.
import type { TextKey } from '../../texts/translate.ts';

export type Template = { id: string; runtime: string; handler: string };

const NODE = { runtime: 'nodejs24.x', handler: 'index.handler' };
const PYTHON = { runtime: 'python3.11', handler: 'index.handler' };

export const TEMPLATES = [
  { id: 'hello.js', ...NODE },
  { id: 'webhook-to-slack.js', ...NODE },
  { id: 'nightly-report.js', ...NODE },
  { id: 'enrich-order.js', ...NODE },
  { id: 'verify-payment.js', ...NODE },
  { id: 'form-handler.js', ...NODE },
  { id: 'rest-api.js', ...NODE },
  { id: 'html-page.js', ...NODE },
  { id: 'watch-site.js', ...NODE },
  { id: 'forward-events.js', ...NODE },
  { id: 'python-hello.py', ...PYTHON },
  { id: 'python-csv.py', ...PYTHON },
] as const satisfies readonly Template[];

export type TemplateId = (typeof TEMPLATES)[number]['id'];

const SOURCES = import.meta.glob<string>('./templates/*', { query: '?raw', import: 'default' });

export function templateText(id: TemplateId): TextKey {
  return `template.${id}`;
}

export async function sourceOf(id: TemplateId): Promise<string> {
  const load = SOURCES[`./templates/${id}`];
  return load === undefined ? '' : await load();
}
