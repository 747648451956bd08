// `node console/docs/build-docs.mjs FOLDER`: makes the pages of the manual, as the console's host serves them
// below /docs: a page for each file of docs/ and for README.md, an index for the search, and the page that
// shows the API as openapi.json describes it. Plain files: no script stands in a page. Run by
// scripts/build-console.mjs, which compresses what comes of it.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Marked } from 'marked';
import { CONTENTS } from './contents.mjs';
import { layOut } from './lay-out.mjs';

const HERE = import.meta.dirname;
const ROOT = path.resolve(HERE, '../..');
const MODULES = path.join(HERE, '../node_modules');
/** Pictures beside the pages. */
const PICTURE = /\.(png|svg)$/;
const ASSETS = {
  'docs.css': 'docs.css',
  'look.js': 'look.js',
  'search.js': 'search.js',
  'api-reference.js': 'api-reference.js',
};
const PACKAGES = {
  'minisearch.js': 'minisearch/dist/es/index.js',
  'geist.woff2': '@fontsource-variable/geist/files/geist-latin-wght-normal.woff2',
  'geist-mono.woff2': '@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2',
};
const API_PAGE = '/docs/api-reference';

/** @param {string} into is made */
function buildDocs(into) {
  const pages = readPages();
  const addresses = new Map(pages.map(({ file, address }) => [file, address]));
  const sections = [];
  const contents = contentsOf(pages);
  for (const page of pages) {
    const { html, parts } = render(page, addresses);
    sections.push(...parts.map((part) => ({ ...part, page: page.title })));
    save(into, page.address, layOut({ ...page, html, contents }));
  }
  const reference = '<h1>API reference</h1><p id="api-state">It is being read…</p><div id="api"></div>';
  save(
    into,
    API_PAGE,
    layOut({ title: 'API reference', address: API_PAGE, html: reference, contents, script: 'api-reference' }),
  );
  const missing =
    '<h1>There is no such page</h1><p>Search for it, or look at the <a href="/docs">start</a>.</p>';
  writeFileSync(
    path.join(into, 'index.html'),
    layOut({ title: 'Missing', address: '', html: missing, contents }),
  );
  write(into, 'docs/search-index.json', JSON.stringify(sections.map((one, id) => ({ ...one, id }))));
  copyAssets(into);
}

function copyAssets(into) {
  const tokens = readFileSync(path.join(HERE, '../src/design/tokens.css'), 'utf8');
  // The console's own build finds these by the packages' names.
  const own = tokens.replaceAll(
    /url\("@fontsource-variable\/(geist(?:-mono)?)\/[^"]*"\)/g,
    'url("$1.woff2")',
  );
  write(into, 'docs/assets/tokens.css', own);
  const copies = [
    ...Object.entries(ASSETS).map(([name, file]) => [name, path.join(HERE, file)]),
    ...Object.entries(PACKAGES).map(([name, file]) => [name, path.join(MODULES, file)]),
    ['icon.svg', path.join(HERE, '../public/icon.svg')],
  ];
  for (const [name, file] of copies) copyFileSync(file, path.join(into, 'docs/assets', name));
  for (const file of filesBelow(path.join(ROOT, 'docs')).filter((name) => PICTURE.test(name))) {
    const place = path.join(into, path.relative(ROOT, file));
    mkdirSync(path.dirname(place), { recursive: true });
    copyFileSync(file, place);
  }
}

/** The pages in the order of the contents. */
function readPages() {
  const found = ['README.md', ...filesBelow(path.join(ROOT, 'docs')).map((file) => path.relative(ROOT, file))]
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.split(path.sep).join('/'));
  const order = CONTENTS.flatMap(([, files]) => files.map((name) => `${name}.md`));
  const rank = (file) => (order.includes(file) ? order.indexOf(file) : order.length);
  return found
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      const title = /^# (.*)$/m.exec(text)?.[1] ?? file;
      return { file, text, title: title.replaceAll('`', ''), address: addressOf(file) };
    });
}

function addressOf(file) {
  if (file === 'README.md') return '/docs';
  return `/${file.replace(/(\/README)?\.md$/, '')}`;
}

function contentsOf(pages) {
  const byFile = new Map(pages.map((page) => [page.file.replace(/\.md$/, ''), page]));
  const groups = CONTENTS.map(([heading, files]) => ({
    heading,
    pages: files.flatMap((file) => (byFile.has(file) ? [byFile.get(file)] : [])),
  }));
  const listed = new Set(CONTENTS.flatMap(([, files]) => files));
  const more = [...byFile].filter(([file]) => !listed.has(file) && !file.startsWith('docs/decisions/0'));
  groups.find(({ heading }) => heading === 'Tools').pages.push({ title: 'API reference', address: API_PAGE });
  return [...groups, { heading: 'More', pages: more.map(([, page]) => page) }];
}

/** @returns its HTML, and for the search the text below each heading */
function render({ file, text, address }, addresses) {
  const anchors = new Map();
  const parts = [{ address, heading: null, text: '' }];
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text: raw }) {
        const anchor = anchorOf(raw, anchors);
        return `<h${depth} id="${anchor}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, title, tokens }) {
        const inner = this.parser.parseInline(tokens);
        const target = targetOf(href, file, addresses);
        return target === null
          ? inner
          : `<a href="${target}"${title ? ` title="${title}"` : ''}>${inner}</a>`;
      },
      image({ href, text: alt }) {
        const place = path.posix.join('/', path.posix.dirname(file), href);
        return `<img src="${place}" alt="${alt.replaceAll('"', '&quot;')}" loading="lazy">`;
      },
      table({ header, rows }) {
        const cell = (tag, tokens) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`;
        const cells = (row, tag) =>
          row.map(({ text: name, tokens }) => cell(name === '' ? 'td' : tag, tokens)).join('');
        const isBare = header.every(({ text: name }) => name === '');
        const head = isBare ? '' : `<thead><tr>${cells(header, 'th')}</tr></thead>`;
        const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
        return `<div class="wide" tabindex="0"><table>${head}<tbody>${body}</tbody></table></div>\n`;
      },
      code({ text: code, lang }) {
        return `<pre tabindex="0"><code${lang ? ` class="language-${lang}"` : ''}>${escapeHtml(code)}</code></pre>\n`;
      },
    },
  });
  const tokens = marked.lexer(withoutNotes(text));
  const seen = new Map();
  for (const token of tokens) {
    if (token.type === 'heading' && token.depth > 1) {
      const anchor = anchorOf(token.text, seen);
      parts.push({ address: `${address}#${anchor}`, heading: plain(token.text), text: '' });
    } else if (token.type === 'heading') anchorOf(token.text, seen);
    else parts.at(-1).text += ` ${plain(token.raw)}`;
  }
  return { html: marked.parser(tokens), parts: parts.map((part) => ({ ...part, text: part.text.trim() })) };
}

/** Notes for those who run the page's examples. */
function withoutNotes(text) {
  return text.replaceAll(/<!--[\s\S]*?-->\n?/g, '');
}

function plain(markdown) {
  return markdown
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*|#>]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** As the places where this text is read elsewhere make them of headings: links inside of pages go there. */
function anchorOf(heading, taken) {
  const base = heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
  const count = taken.get(base) ?? 0;
  taken.set(base, count + 1);
  return count === 0 ? base : `${base}-${count}`;
}

/** @returns null for a file of the repository that is no page here: its words stay */
function targetOf(href, from, addresses) {
  if (/^(https?:|mailto:)/.test(href)) return href;
  const [place = '', anchor] = href.split('#');
  const file = place === '' ? from : path.posix.join(path.posix.dirname(from), place);
  const address = addresses.get(file) ?? addresses.get(path.posix.join(file, 'README.md'));
  if (address === undefined) return null;
  return anchor === undefined ? address : `${place === '' ? '' : address}#${anchor}`;
}

function escapeHtml(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function save(into, address, html) {
  write(into, `${address.slice(1)}.html`, html);
}

function write(into, name, text) {
  const file = path.join(into, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

buildDocs(process.argv[2]);
