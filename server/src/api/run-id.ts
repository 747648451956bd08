// What a run's id looks like in an address. Pure.

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isRunId(text: string): boolean {
  return UUID.test(text);
}
