// The form in which a zip goes to Millrace beside its settings.

/** @returns a body of `POST /functions` and of what else takes code */
export function uploadForm(settings: Record<string, unknown>, zip: Buffer): never {
  const form = new FormData();
  form.append('settings', JSON.stringify(settings));
  form.append('code', new Blob([new Uint8Array(zip)], { type: 'application/zip' }), 'function.zip');
  // The description has no type for forms in a browser's sense.
  return form as never;
}
