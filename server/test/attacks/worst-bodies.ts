// Bodies that cost more to read than they weigh, each as large as it may be: for the attacks on the thread
// that serves everybody.

export type WorstBody = { name: string; type: string; bytes: Buffer };

const MOST = 6_000_000;
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

function json(name: string, text: string): WorstBody {
  return { name, type: JSON_TYPE, bytes: Buffer.from(text) };
}

function members(count: number): string {
  return `{${Array.from({ length: count }, (_, at) => `"a${at}":{}`).join(',')}}`;
}

function parts(count: number): WorstBody {
  const part = (_: unknown, at: number): string =>
    `--b\r\nContent-Disposition: form-data; name="a${at}"; filename="x"\r\n\r\n\r\n`;
  const text = `${Array.from({ length: count }, part).join('')}--b--\r\n`;
  return { name: `${count} parts`, type: 'multipart/form-data; boundary=b', bytes: Buffer.from(text) };
}

/**
 * The first two stand for all where there is little time: the dearest that is refused, and the dearest that
 * is taken.
 */
export function worstBodies(): WorstBody[] {
  return [
    json('a list of empty objects', `[${'{},'.repeat(MOST / 3)}{}]`),
    json('as many members as a body may have', members(33_000)),
    json('as many members as data may have', members(130_000)),
    json('brackets alone', '['.repeat(MOST)),
    json('one long text', `{"a":"${'\\u0041'.repeat(MOST / 6)}"}`),
    json('a mistake a byte', `{"a":1${','.repeat(3_900_000)}`),
    json('comments that never end', `{${'/*'.repeat(1_900_000)}`),
    json('code that is hard to parse', JSON.stringify({ name: 'a', function_code: '(('.repeat(900_000) })),
    { name: 'a form of pairs', type: FORM_TYPE, bytes: Buffer.from('a=1&'.repeat(MOST / 4)) },
    parts(9_900),
    parts(90_000),
    {
      name: 'boundaries alone',
      type: 'multipart/form-data; boundary=B',
      bytes: Buffer.from('--B\r\n'.repeat(MOST / 5)),
    },
  ];
}
