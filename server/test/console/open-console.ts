// The console in a real browser, for its promises: a Millrace of its own, the pages as `npm start` builds
// them, and a person who counts what they do. Comes in through the public doors only.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { type OpenedBrowser, openBrowser } from '../promises/open-browser.ts';
import { type Millrace, startMillrace } from '../promises/start-millrace.ts';

export type Console = {
  millrace: Millrace;
  browser: OpenedBrowser;
  page: Page;
  /** Without a trailing slash. */
  url: string;
  /** What pages broke by: errors of scripts, reports of the content security policy. */
  broken: string[];
  /** Clicks, keys and typed texts so far. */
  actions: Actions;
  close(): Promise<void>;
};

export const PASSWORD = 'correct horse battery';
export const EMAIL = 'ann@example.com';

/** What a person does, counted. */
export class Actions {
  readonly #page: Page;
  readonly done: string[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  async click(name: string, role: 'button' | 'link' | 'radio' = 'button'): Promise<void> {
    this.done.push(`click ${name}`);
    await this.#page.getByRole(role, { name, exact: true }).first().click();
  }

  async fill(label: string, text: string): Promise<void> {
    this.done.push(`fill ${label}`);
    await this.#page.getByLabel(label, { exact: true }).last().fill(text);
  }

  async press(keys: string): Promise<void> {
    this.done.push(`press ${keys}`);
    await this.#page.keyboard.press(keys);
  }

  /** Pastes the whole of the file that the editor shows: typed text is indented and closed by the editor. */
  async paste(code: string): Promise<void> {
    this.done.push('click into the editor');
    await this.#page.locator('.code-editor .view-lines').click();
    await this.press('Control+a');
    await this.#page.evaluate<undefined>(`navigator.clipboard.writeText(${JSON.stringify(code)})`);
    await this.press('Control+v');
  }

  /** Types one line over the one that an error has marked, where the editor has put the cursor. */
  async retypeLine(line: string): Promise<void> {
    await this.#page.locator('.code-editor .monaco-editor.focused').waitFor();
    await this.press('Shift+End');
    this.done.push('type a line');
    await this.#page.keyboard.insertText(line);
  }
}

/** @param env settings of its Millrace */
export async function openConsole(env: Record<string, string> = {}): Promise<Console> {
  const millrace = await startMillrace({ env });
  const browser = await openBrowser();
  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await browser.context.newPage();
  const broken: string[] = [];
  page.on('pageerror', (error) => broken.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) broken.push(message.text());
  });
  return {
    ...{ millrace, browser, page, broken, actions: new Actions(page) },
    url: `http://console.localhost:${new URL(millrace.url).port}`,
    close: async () => {
      await browser.close();
      await millrace.close();
    },
  };
}

const VISITS = 6;
const VISIT_MS = 8_000;

/**
 * Opens a page. Jails come and go with networks of their own, and Chromium drops what it loads whenever a
 * network of the machine comes or goes: then the page is opened again, as a person would.
 */
export async function visit(page: Page, url: string, sign: Locator): Promise<void> {
  for (let left = VISITS; ; left -= 1) {
    try {
      // An address that differs behind its # alone would be no new load.
      await page.goto('about:blank');
      await page.goto(url);
      await sign.first().waitFor({ timeout: VISIT_MS });
      return;
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

/** What the page shows next; where its code didn't come, it is loaded again. */
export async function see(page: Page, sign: Locator): Promise<void> {
  try {
    await sign.first().waitFor({ timeout: VISIT_MS });
  } catch {
    await visit(page, page.url(), sign);
  }
}

/** By the link that the start has left for its operator. */
export async function setUp({ millrace, page, actions }: Console): Promise<void> {
  actions.done.push('open the link');
  const link = readFileSync(path.join(millrace.dataDir, 'console.link'), 'utf8').trim();
  await visit(page, link, page.getByLabel('Your name'));
  await actions.fill('Your name', 'Ann');
  await actions.fill('E-mail address', EMAIL);
  await actions.fill('Password', PASSWORD);
  await actions.click('Set up');
  await page.getByRole('navigation', { name: 'Menu' }).waitFor();
}

/** @param headers besides the usual ones */
export async function callApi<T>(
  opened: Console,
  address: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  return await sendApi<T>(opened, body === undefined ? 'GET' : 'POST', address, body, headers);
}

/** The same by any method. @returns undefined where nothing is answered */
export async function sendApi<T>(
  { millrace }: Console,
  method: string,
  address: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const response = await fetch(`${millrace.url}/millrace/v1${address}`, {
    method,
    headers: { authorization: `Bearer ${millrace.token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${address}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
