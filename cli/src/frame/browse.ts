// Opens an address in the browser of this machine, as far as there is one. A server said the address: it is
// opened where it is one of HTTP, and no shell reads it.
import { spawn } from 'node:child_process';

const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** @returns whether a program for it was started */
export function browse(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return false;
  const [program = 'xdg-open', ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, href], { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
  return child.pid !== undefined;
}
