// A real browser for promises: Debian's Chromium without a window, with a profile of its own that is gone
// afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export type OpenedBrowser = { context: BrowserContext; close(): Promise<void> };

/** @param hosts names that it finds at 127.0.0.1, whatever a name server says */
export async function openBrowser(hosts: readonly string[] = []): Promise<OpenedBrowser> {
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`);
  const found = rules.length === 0 ? [] : [`--host-resolver-rules=${rules.join(', ')}`];
  const profile = mkdtempSync(path.join(tmpdir(), 'millrace-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    args: [...FLAGS, ...found],
    headless: true,
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
