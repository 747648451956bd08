// The look of the product that shows a portal: colours, radius, type and logo, as CSS variables. Words that
// are no such value are passed over. Called when a portal opens.
import type { Portal } from './portal.ts';

/** Word of the theme, and the variable that it is. */
const COLOURS = {
  ...{ accent: '--accent', ink: '--ink', quiet: '--quiet', paper: '--paper', side: '--side' },
  ...{ raised: '--raised', line: '--line', edge: '--edge' },
} as const;
const FAMILY = /^[\w -]{1,60}$/;
const FONT_NAME = 'Portal';

export async function applyTheme({ theme, frame_ancestors: origins }: Portal): Promise<void> {
  const { style, dataset } = document.documentElement;
  if (theme.scheme === 'light' || theme.scheme === 'dark') dataset.theme = theme.scheme;
  for (const [word, variable] of Object.entries(COLOURS)) {
    const value = theme[word] ?? '';
    if (CSS.supports('color', value)) style.setProperty(variable, value);
  }
  const accent = theme.accent ?? '';
  if (CSS.supports('color', accent)) {
    style.setProperty('--accent-fill', accent);
    style.setProperty('--accent-soft', `color-mix(in srgb, ${accent} 12%, var(--paper))`);
    style.setProperty('--on-fill', isLight(accent) ? '#000000' : '#ffffff');
  }
  const radius = theme.radius ?? '';
  if (CSS.supports('border-radius', radius)) style.setProperty('--radius', radius);
  if (FAMILY.test(theme.font ?? '')) style.setProperty('--sans', `"${theme.font}", system-ui, sans-serif`);
  const file = ownFile(theme.font_url, origins);
  if (file !== null) await loadFont(file);
}

/** Of the product's own origins alone: the page loads nothing of others. */
export function ownFile(url: string | undefined, origins: readonly string[]): string | null {
  if (url === undefined || !URL.canParse(url)) return null;
  return origins.includes(new URL(url).origin) ? new URL(url).href : null;
}

async function loadFont(file: string): Promise<void> {
  const font = new FontFace(FONT_NAME, `url(${JSON.stringify(file)})`);
  document.fonts.add(font);
  document.documentElement.style.setProperty('--sans', `"${FONT_NAME}", system-ui, sans-serif`);
  await font.load().catch(() => undefined);
}

/** Whether black is read on it better than white, by WCAG's relative luminance. */
function isLight(colour: string): boolean {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return false;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((one) => {
    const part = one / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179;
}
