// What the console's address says while there is no console: that it is being built, and asks again by
// itself, or why it could not be. Called by answer-page.ts.
import { readFileSync } from 'node:fs';
import { escapeHtml, messagePage } from './message-page.ts';

/** As the build writes it down: scripts/build-console.mjs. */
export type BuildState = { state: 'building' } | { state: 'failed'; reason: string } | { state: 'none' };

const LONGEST_REASON = 2_000;
const REFRESH_S = 2;

export function readBuildState(file: string): BuildState {
  try {
    const { state, reason } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (state === 'building') return { state };
    if (state === 'failed') return { state, reason: String(reason).slice(-LONGEST_REASON) };
  } catch {
    // There has been no build.
  }
  return { state: 'none' };
}

export function waitingPage(state: BuildState): string {
  if (state.state === 'building') {
    return messagePage({
      title: 'The console is being built',
      text: '<p>This takes some seconds, a minute at the first start. The page opens by itself.</p>',
      refreshS: REFRESH_S,
    });
  }
  if (state.state === 'failed') {
    return messagePage({
      title: 'The console could not be built',
      text: `<p>Millrace itself runs, and its API answers. The build said:</p>
<pre>${escapeHtml(state.reason)}</pre>
<p>The next <code>npm start</code> tries again.</p>`,
      refreshS: null,
    });
  }
  return messagePage({
    title: 'The console was not built',
    text: '<p>Millrace itself runs, and its API answers. <code>npm start</code> builds the console.</p>',
    refreshS: REFRESH_S,
  });
}
