// Light, dark or as the system has it: the choice that the console keeps on this device, too. Loaded before
// the page is drawn.
(() => {
  const KEPT = 'millrace.look';
  const root = document.documentElement;
  const show = () => {
    const kept = localStorage.getItem(KEPT);
    if (kept === 'light' || kept === 'dark') root.dataset.theme = kept;
    else delete root.dataset.theme;
  };
  show();
  addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('look');
    button.hidden = false;
    button.addEventListener('click', () => {
      const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
      localStorage.setItem(KEPT, (root.dataset.theme ?? system) === 'dark' ? 'light' : 'dark');
      show();
    });
    // A narrow window shows the text first.
    if (innerWidth < 800) document.getElementById('contents').open = false;
  });
})();
