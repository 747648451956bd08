// A page that says one thing and needs no script: what people see where there is no console yet, or where it
// isn't. Pure. Called by the files beside it.

/** `text`: HTML, of ours. `refreshS`: after how long it asks again. */
type Message = { title: string; text: string; refreshS: number | null };

export function messagePage({ title, text, refreshS }: Message): string {
  const refresh = refreshS === null ? '' : `\n<meta http-equiv="refresh" content="${refreshS}">`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">${refresh}
<title>${title} · Millrace</title>
<style>
body { font: 15px/1.6 system-ui, sans-serif; max-width: 36rem; margin: 20vh auto 0; padding: 0 24px; }
h1 { font-size: 20px; font-weight: 600; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
${text}
</main>
</body>
</html>
`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
