// One page of the manual around its text: contents, search, the choice between light and dark. Pure. Called
// by build-docs.mjs.

/** @param {{title: string, address: string, html: string, contents: object[], script?: string}} page */
export function layOut({ title, address, html, contents, script }) {
  const more =
    script === undefined ? '' : `\n<script type="module" src="/docs/assets/${script}.js"></script>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === 'Millrace' ? title : `${escapeHtml(title)} · Millrace`}</title>
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/assets/tokens.css">
<link rel="stylesheet" href="/docs/assets/docs.css">
<script src="/docs/assets/look.js"></script>
<script type="module" src="/docs/assets/search.js"></script>${more}
</head>
<body>
<a class="skip" href="#text">To the text</a>
<header>
<a class="home" href="/docs">Millrace</a>
<form role="search" id="search" hidden>
<label for="words">Search</label>
<input id="words" type="search" autocomplete="off" placeholder="Search ( / )" aria-controls="found">
<ol id="found" aria-label="Found" hidden></ol>
</form>
<a href="/">Console</a>
<button type="button" id="look" hidden>Dark or light</button>
</header>
<div class="columns">
<nav aria-label="Contents">
<details id="contents" open>
<summary>Contents</summary>
${contents.map((group) => groupOf(group, address)).join('\n')}
</details>
</nav>
<main id="text" tabindex="-1">
${html}
</main>
</div>
</body>
</html>
`;
}

function groupOf({ heading, pages }, address) {
  const items = pages.map((page) => {
    const here = page.address === address ? ' aria-current="page"' : '';
    return `<li><a href="${page.address}"${here}>${escapeHtml(page.title)}</a></li>`;
  });
  return `<h2>${heading}</h2>\n<ul>${items.join('')}</ul>`;
}

function escapeHtml(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
