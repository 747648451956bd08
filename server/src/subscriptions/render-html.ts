// A JSON document as a page for people. Pure; everything that comes from the document is escaped. The
// rendering is ours.
import { escapeXml } from './render-xml.ts';

export function renderHtml(title: string, value: unknown): string {
  const heading = escapeXml(title);
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${heading}</title></head>`,
    `<body><h1>${heading}</h1>${contentOf(value)}</body></html>\n`,
  ].join('\n');
}

function contentOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return `<ol>${value.map((item) => `<li>${contentOf(item)}</li>`).join('')}</ol>`;
  if (typeof value !== 'object') return escapeXml(String(value));
  const rows = Object.entries(value).map(
    ([name, member]) =>
      `<tr><th scope="row" align="left">${escapeXml(name)}</th><td>${contentOf(member)}</td></tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}
