// Searches the manual in this browser: the index comes with the first letter that is typed. What is found is
// text, never markup.
import MiniSearch from './minisearch.js';

const MOST = 12;
const SHOWN = 140;
const TRIES = 5;
const AGAIN_MS = 500;
const form = document.getElementById('search');
const input = document.getElementById('words');
const list = document.getElementById('found');
let loading = null;

form.hidden = false;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  list.querySelector('a')?.click();
});
input.addEventListener('input', () => void search());
addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== input) {
    event.preventDefault();
    input.focus();
  }
  if (event.key === 'Escape') show([]);
});

async function open() {
  const answer = await readIndex();
  const index = new MiniSearch({
    fields: ['heading', 'page', 'text'],
    storeFields: ['heading', 'page', 'text', 'address'],
    searchOptions: { prefix: true, fuzzy: 0.15, combineWith: 'AND', boost: { heading: 4, page: 3 } },
  });
  index.addAll(await answer.json());
  return index;
}

/** A network may be gone for a moment. */
async function readIndex() {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await fetch('/docs/search-index.json');
    } catch (error) {
      if (left <= 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

async function search() {
  // The next letter asks once more.
  loading ??= open().catch(() => {
    loading = null;
    return null;
  });
  const index = await loading;
  if (index === null) return;
  const words = input.value.trim();
  show(words === '' ? [] : index.search(words).slice(0, MOST), words);
}

function show(found, words = '') {
  list.hidden = words === '';
  list.replaceChildren(...(words !== '' && found.length === 0 ? [nothing()] : found.map(itemOf)));
}

function nothing() {
  const item = document.createElement('li');
  item.textContent = 'Nothing was found.';
  return item;
}

function itemOf({ heading, page, text, address, terms }) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = address;
  const title = document.createElement('strong');
  title.textContent = heading === null ? page : `${page}: ${heading}`;
  const excerpt = document.createElement('span');
  const at = Math.max(0, text.toLowerCase().indexOf(terms[0] ?? '') - SHOWN / 3);
  excerpt.textContent = `${at > 0 ? '…' : ''}${text.slice(at, at + SHOWN)}`;
  link.append(title, excerpt);
  item.append(link);
  return item;
}
