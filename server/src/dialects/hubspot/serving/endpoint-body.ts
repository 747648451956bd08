// The body of a call as functions see it, and what it adds to `params`. Pure; runs in a thread of its own for
// large bodies (read-large-body.ts). Source: docs/specs/hubspot.md 3.1; raw text, bytes and multipart are
// ours (HubSpot loses them).
import { isUtf8 } from 'node:buffer';
import { fail } from '../../../errors/failure.ts';
import { type FormPart, isMultipartForm, readMultipartForm } from '../../../http/multipart-form.ts';
import { addPairs, addParam, MOST_PAIRS, newParams, type Params, plainValues } from './endpoint-params.ts';

export type EndpointBody = {
  /**
   * `context.body`, as JSON text: never parsed and written again, so that nothing of it is lost or costs
   * time.
   */
  json: string;
  /**
   * `context.rawBody`, as JSON text: the text as it came, base64 where it isn't UTF-8; null where there is
   * none.
   */
  rawJson: string;
  isBase64: boolean;
  /** Fields of a form: they are `params` too. */
  form: Params | null;
};

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/;
const NO_BODY: EndpointBody = { json: '{}', rawJson: 'null', isBase64: false, form: null };

/**
 * @param contentType as sent; null where there is none
 * @throws Failure `invalid_json`, `invalid_input` for a broken form
 */
export function readEndpointBody(bytes: Buffer | null, contentType: string | null): EndpointBody {
  if (bytes === null || bytes.length === 0) return NO_BODY;
  if (contentType !== null && isMultipartForm(contentType)) return readMultipart(bytes, contentType);
  return readPlainBody(bytes, contentType);
}

/** As {@link readEndpointBody}; a multipart form is its text. */
export function readPlainBody(bytes: Buffer | null, contentType: string | null): EndpointBody {
  if (bytes === null || bytes.length === 0) return NO_BODY;
  const type = mediaTypeOf(contentType);
  const isJson = type !== null && JSON_TYPE.test(type);
  if (!isUtf8(bytes)) {
    if (isJson) refuseJson('it is not UTF-8');
    const rawJson = JSON.stringify(bytes.toString('base64'));
    return { json: rawJson, rawJson, isBase64: true, form: null };
  }
  const raw = bytes.toString('utf8');
  const rawJson = JSON.stringify(raw);
  if (isJson) return { json: checkedJson(raw), rawJson, isBase64: false, form: null };
  if (type === 'application/x-www-form-urlencoded') return { ...readForm(raw), rawJson };
  return { json: rawJson, rawJson, isBase64: false, form: null };
}

function mediaTypeOf(contentType: string | null): string | null {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return type === undefined || type === '' ? null : type;
}

function checkedJson(raw: string): string {
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw;
  if (text.trim() === '') return '{}';
  try {
    JSON.parse(text);
  } catch (error) {
    refuseJson(error instanceof Error ? error.message : String(error));
  }
  return text;
}

function refuseJson(why: string): never {
  return fail('invalid_json', { message: `the request body must be valid JSON: ${why.slice(0, 200)}` });
}

function readForm(raw: string): Omit<EndpointBody, 'rawJson'> {
  const form = newParams();
  addPairs(form, raw);
  return { json: JSON.stringify(plainValues(form)), isBase64: false, form };
}

/**
 * Fields are params; `body` has them too, and of each file its name, type and bytes. The raw bytes aren't
 * given.
 */
function readMultipart(bytes: Buffer, contentType: string): EndpointBody {
  const form = newParams();
  const files = Object.create(null) as Record<string, unknown[]>;
  for (const part of readMultipartForm(bytes, contentType, MOST_PAIRS)) {
    const { name, filename, content } = part;
    if (filename === null) addParam(form, name, content.toString());
    else {
      files[name] ??= [];
      files[name].push(fileView(part, filename));
    }
  }
  const body = plainValues(form);
  for (const [name, list] of Object.entries(files)) body[name] = list.length === 1 ? list[0] : list;
  return { json: JSON.stringify(body), rawJson: 'null', isBase64: false, form };
}

/** The type as browsers show it: without one, that of bytes. */
function fileView({ type, content }: FormPart, filename: string): Record<string, unknown> {
  return {
    filename,
    contentType: type ?? 'application/octet-stream',
    sizeBytes: content.length,
    base64: content.toString('base64'),
  };
}
