// The body of a call as functions see it, and what it adds to `params`. Pure but for the reading of multipart forms. Source:
// docs/specs/hubspot.md 3.1; raw text, bytes and multipart are ours (HubSpot loses them).
import { isUtf8 } from 'node:buffer';
import { fail } from '../../errors/failure.ts';
import { addPairs, addParam, newParams, type Params, plainValues } from './endpoint-params.ts';

export type EndpointBody = {
  /** `context.body`, as JSON text: never parsed and written again, so that nothing of it is lost or costs time. */
  json: string;
  /** `context.rawBody`: the text as it came, base64 where it isn't UTF-8; null where there is none. */
  raw: string | null;
  isBase64: boolean;
  /** Fields of a form: they are `params` too. */
  form: Params | null;
};

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/;
const NO_BODY: EndpointBody = { json: '{}', raw: null, isBase64: false, form: null };

/**
 * @param contentType as sent; null where there is none
 * @throws Failure `invalid_json`, `invalid_input` for a broken form
 */
export async function readEndpointBody(
  bytes: Buffer | null,
  contentType: string | null,
): Promise<EndpointBody> {
  if (bytes === null || bytes.length === 0) return NO_BODY;
  if (mediaTypeOf(contentType) === 'multipart/form-data') return readMultipart(bytes, contentType as string);
  return readPlainBody(bytes, contentType);
}

/** As {@link readEndpointBody}, at once: a multipart form is its text. */
export function readPlainBody(bytes: Buffer | null, contentType: string | null): EndpointBody {
  if (bytes === null || bytes.length === 0) return NO_BODY;
  const type = mediaTypeOf(contentType);
  const isJson = type !== null && JSON_TYPE.test(type);
  if (!isUtf8(bytes)) {
    if (isJson) refuseJson('it is not UTF-8');
    const raw = bytes.toString('base64');
    return { json: JSON.stringify(raw), raw, isBase64: true, form: null };
  }
  const raw = bytes.toString('utf8');
  if (isJson) return { json: checkedJson(raw), raw, isBase64: false, form: null };
  if (type === 'application/x-www-form-urlencoded') return readForm(raw);
  return { json: JSON.stringify(raw), raw, isBase64: false, form: null };
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

function readForm(raw: string): EndpointBody {
  const form = newParams();
  addPairs(form, raw);
  return { json: JSON.stringify(plainValues(form)), raw, isBase64: false, form };
}

/** Fields are params; `body` has them too, and of each file its name, type and bytes. The raw bytes aren't given. */
async function readMultipart(bytes: Buffer, contentType: string): Promise<EndpointBody> {
  const parts = await parseMultipart(bytes, contentType);
  const form = newParams();
  const files = Object.create(null) as Record<string, unknown[]>;
  for (const [name, value] of parts) {
    if (typeof value === 'string') addParam(form, name, value);
    else {
      files[name] ??= [];
      files[name].push(await fileView(value));
    }
  }
  const body = plainValues(form);
  for (const [name, list] of Object.entries(files)) body[name] = list.length === 1 ? list[0] : list;
  return { json: JSON.stringify(body), raw: null, isBase64: false, form };
}

async function parseMultipart(bytes: Buffer, contentType: string): Promise<FormData> {
  try {
    const headers = { 'content-type': contentType };
    return await new Response(new Uint8Array(bytes), { headers }).formData();
  } catch (cause) {
    return fail('invalid_input', {
      message: 'the request body is not the multipart form that its type says',
      cause,
    });
  }
}

async function fileView(file: File): Promise<Record<string, unknown>> {
  const bytes = Buffer.from(await file.arrayBuffer());
  return {
    filename: file.name,
    contentType: file.type,
    sizeBytes: file.size,
    base64: bytes.toString('base64'),
  };
}
