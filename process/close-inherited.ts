// Closes descriptors that what started us left open: passed on, they would end in a jail. Node marks its own
// to be closed at an exec; what bears no such mark came from outside.
import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC in /proc's octal flags (fcntl.h of Linux). */
const CLOSE_ON_EXEC = 0o2000000;

export function closeInheritedDescriptors(): void {
  for (const name of listDescriptors()) {
    const descriptor = Number(name);
    if (descriptor <= 2) continue;
    const flags = /^flags:\s+([0-7]+)/m.exec(describe(name))?.[1];
    if (flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0) closeSync(descriptor);
  }
}

function listDescriptors(): string[] {
  try {
    return readdirSync('/proc/self/fd');
  } catch {
    // Not Linux: there are no jails either.
    return [];
  }
}

/** Empty for one that is gone meanwhile: the one that the listing itself was read through. */
function describe(name: string): string {
  try {
    return readFileSync(`/proc/self/fdinfo/${name}`, 'utf8');
  } catch {
    return '';
  }
}
