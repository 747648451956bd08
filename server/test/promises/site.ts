// A web site whose owner has moved here from HubSpot, for promises: uploads `.functions` folders file by file
// as the CLI does, and calls their endpoints as the site's pages do. Everything through the public port.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Millrace } from './start-millrace.ts';

export type EndpointDeclaration = {
  file: string;
  method?: string | string[];
  environment?: Record<string, string>;
  secrets?: string[];
};

export type FolderDeclaration = {
  endpoints: Record<string, EndpointDeclaration>;
  environment?: Record<string, string>;
  secrets?: string[];
};

const LIVE_WITHIN_MS = 60_000;

export class Site {
  readonly millrace: Millrace;

  constructor(millrace: Millrace) {
    this.millrace = millrace;
  }

  /** As a visitor's browser: no token. @param path below /_hcms/api/, with its query */
  call(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.millrace.url}/_hcms/api/${path}`, { redirect: 'manual', ...init });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** As the owner. */
  async manage(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.millrace.token}`);
    const answer = await fetch(`${this.millrace.url}${path}`, { ...init, headers });
    if (!answer.ok)
      throw new Error(`${init.method ?? 'GET'} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async manageJson<T>(path: string, body?: unknown, method = 'POST'): Promise<T> {
    const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return (await (await this.manage(path, body === undefined ? {} : init)).json()) as T;
  }

  async addSecret(key: string, secret: string): Promise<void> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    await this.manage('/cms/v3/functions/secrets', { ...init, body: JSON.stringify({ key, secret }) });
  }

  async uploadFile(path: string, text: string): Promise<void> {
    const form = new FormData();
    form.set('file', new Blob([text]), path.split('/').pop());
    const url = `/content/filemapper/v1/upload/${encodeURIComponent(path)}?buffer=false&environmentId=1`;
    await this.manage(url, { method: 'POST', body: form });
  }

  /** Uploads a folder, its configuration last; resolves when every endpoint of it is live. */
  async upload(folder: string, declaration: FolderDeclaration, files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await this.uploadFile(`${folder}/${name}`, text);
    const configuration = { runtime: 'nodejs20.x', version: '1.0', ...declaration };
    await this.uploadFile(`${folder}/serverless.json`, JSON.stringify(configuration));
    await this.live(Object.keys(declaration.endpoints).map(decodeURIComponent));
  }

  async live(paths: readonly string[]): Promise<void> {
    const giveUpAt = Date.now() + LIVE_WITHIN_MS;
    for (;;) {
      const { objects } = await this.manageJson<{ objects: { route: string }[] }>('/cms/v3/functions/routes');
      const routes = new Set(objects.map(({ route }) => route));
      const missing = paths.filter((path) => !routes.has(path));
      if (missing.length === 0) return;
      if (Date.now() > giveUpAt) throw new Error(`not live: ${missing.join(', ')}`);
      await sleep(50);
    }
  }
}
