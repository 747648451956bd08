// Reads a multipart form (RFC 7578) that is whole in memory. It reads what clients really send: names with or
// without quotes, quotes escaped by a backslash or as %22, RFC 5987 names, blanks behind a boundary, a
// preamble and an epilogue, parts without a type. Counts parts while it reads and stops at the first one too
// many. Copies nothing: a part's content is a view. Pure.
import { fail } from '../errors/failure.ts';

export type FormPart = {
  name: string;
  /** null: the part is a field. */
  filename: string | null;
  /** As sent; null where the part names none. */
  type: string | null;
  content: Buffer;
};

/** Of one part. */
const MOST_HEADER_BYTES = 16 * 1024;
const LONGEST_BOUNDARY = 200;
const CRLF = '\r\n';
const BLANK_LINE = Buffer.from('\r\n\r\n');

/** Whether a request's Content-Type is that of a form with parts. */
export function isMultipartForm(contentType: string | undefined): boolean {
  return contentType !== undefined && /^\s*multipart\/form-data\s*(;|$)/i.test(contentType);
}

/**
 * @param mostParts beyond it, nothing more is read
 * @throws Failure `invalid_input`: what is wrong, in a sentence
 */
export function readMultipartForm(body: Buffer, contentType: string, mostParts: number): FormPart[] {
  requireFewParts(body, contentType, mostParts);
  const delimiter = delimiterOf(contentType);
  const parts: FormPart[] = [];
  for (let at = firstPart(body, delimiter); at !== null; ) {
    const end = body.indexOf(delimiter, at);
    if (end === -1) refuse('it ends within a part');
    parts.push(readPart(body, at, end));
    at = partBehind(body, end + delimiter.length);
  }
  return parts;
}

/**
 * Counts boundaries, which costs next to nothing beside reading what is between them.
 * @throws Failure `invalid_input` where there are more parts than that
 */
export function requireFewParts(body: Buffer, contentType: string, mostParts: number): void {
  const delimiter = delimiterOf(contentType);
  // One before each part, and one behind the last; that before the first has no line break where the body
  // begins with it.
  const beginsWithOne = body
    .subarray(0, delimiter.length - CRLF.length)
    .equals(delimiter.subarray(CRLF.length));
  let count = beginsWithOne ? 1 : 0;
  for (let at = body.indexOf(delimiter); at !== -1 && count <= mostParts + 1; ) {
    count += 1;
    at = body.indexOf(delimiter, at + 1);
  }
  if (count <= mostParts + 1) return;
  fail('invalid_input', {
    message: `a form may have at most ${mostParts} parts`,
    facts: { limit: mostParts },
  });
}

function delimiterOf(contentType: string): Buffer {
  const boundary = parameter(contentType, 'boundary') ?? '';
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY) {
    refuse('its Content-Type names no boundary');
  }
  return Buffer.from(`${CRLF}--${boundary}`, 'latin1');
}

/**
 * @returns where the first part begins, two bytes early, so that a part without headers begins like any
 * other; null: there is none
 */
function firstPart(body: Buffer, delimiter: Buffer): number | null {
  const bare = delimiter.subarray(CRLF.length);
  if (body.subarray(0, bare.length).equals(bare)) return partBehind(body, bare.length);
  const at = body.indexOf(delimiter);
  if (at === -1) refuse('it does not hold the boundary that its Content-Type names');
  return partBehind(body, at + delimiter.length);
}

/** @param at behind a boundary. @returns where the part's line break is; null behind the last boundary */
function partBehind(body: Buffer, at: number): number | null {
  if (body[at] === 0x2d && body[at + 1] === 0x2d) return null;
  let start = at;
  while (body[start] === 0x20 || body[start] === 0x09) start += 1;
  if (body[start] !== 0x0d || body[start + 1] !== 0x0a) refuse('a boundary is not at the end of its line');
  return start;
}

/** @param start the line break before its first header */
function readPart(body: Buffer, start: number, end: number): FormPart {
  const headersEnd = body.indexOf(BLANK_LINE, start);
  if (headersEnd === -1 || headersEnd > end || headersEnd - start > MOST_HEADER_BYTES) {
    refuse('a part has no headers, or too many');
  }
  const headers = readHeaders(body.subarray(start, headersEnd).toString('utf8'));
  const disposition = headers.get('content-disposition') ?? '';
  const name = nameIn(disposition, 'name');
  if (name === null || !/^\s*form-data\s*(;|$)/i.test(disposition)) refuse('a part has no name');
  return {
    name,
    filename: nameIn(disposition, 'filename'),
    type: headers.get('content-type') ?? null,
    content: body.subarray(Math.min(headersEnd + BLANK_LINE.length, end), end),
  };
}

function readHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  // A line that begins with a blank goes on with the one before.
  for (const line of text.replace(/\r\n[ \t]+/g, ' ').split(CRLF)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

/** The RFC 5987 form wins: it is sent by clients that mean more than the plain one can say. */
function nameIn(disposition: string, key: 'name' | 'filename'): string | null {
  const extended = parameter(disposition, `${key}*`);
  const decoded = extended === null ? null : decodeExtended(extended);
  if (decoded !== null) return decoded;
  const plain = parameter(disposition, key);
  // Browsers write these three so (WHATWG); nobody else writes them otherwise.
  return plain === null ? null : plain.replace(/%(22|0D|0A)/gi, (code) => decodeURIComponent(code));
}

function decodeExtended(value: string): string | null {
  const match = /^utf-8'[^']*'(.*)$/i.exec(value);
  try {
    return match === null ? null : decodeURIComponent(match[1] as string);
  } catch {
    return null;
  }
}

/** @returns the value of a header's parameter, unquoted; null where there is none */
function parameter(header: string, key: string): string | null {
  const rest = header.slice(header.indexOf(';') === -1 ? header.length : header.indexOf(';'));
  // Quoted: a backslash takes the quote or backslash behind it along; any other backslash is one (old
  // browsers send whole paths).
  for (const match of rest.matchAll(/;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([^;]*))/g)) {
    if ((match[1] as string).toLowerCase() !== key) continue;
    return match[2] === undefined ? (match[3] as string).trim() : match[2].replace(/\\(["\\])/g, '$1');
  }
  return null;
}

function refuse(why: string): never {
  return fail('invalid_input', {
    message: `the multipart body is malformed: ${why}`,
  });
}
