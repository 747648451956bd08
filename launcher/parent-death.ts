// Notices that what started us is gone: `npm start` killed the hard way must not leave a platform behind that
// nobody holds. Only when our own start script asked for it: a process started by hand may outlive its shell.

const LOOK_EVERY_MS = 500;

export function onParentDeath(act: () => void): void {
  const parent = Number(process.env.MILLRACE_INTERNAL_PARENT);
  if (!(parent > 0)) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, LOOK_EVERY_MS);
  timer.unref();
}
