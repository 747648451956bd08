// Light, dark or as the system has it: kept on this device. Called before anything is shown, and by the menu.
export type Look = 'system' | 'light' | 'dark';

const KEPT = 'millrace.look';

export function takeLook(): void {
  setLook(currentLook());
  // The system may change its own while a page is open.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', announce);
}

export function currentLook(): Look {
  const kept = localStorage.getItem(KEPT);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function chooseLook(look: Look): void {
  localStorage.setItem(KEPT, look);
  setLook(look);
  announce();
}

/** For what can't read styles by itself: the editor and the charts. */
function announce(): void {
  dispatchEvent(new Event('millrace:look'));
}

/** Whether what is shown now is dark: for what can't read styles. */
export function isDark(): boolean {
  const look = currentLook();
  return look === 'dark' || (look === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
}

function setLook(look: Look): void {
  if (look === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = look;
}
