import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Failure } from '../errors/failure.ts';
import { isMultipartForm, readMultipartForm } from './multipart-form.ts';

const TYPE = 'multipart/form-data; boundary=XYZ';

function read(text: string, { type = TYPE, most = 100 } = {}) {
  return readMultipartForm(Buffer.from(text), type, most).map(({ content, ...part }) => ({
    ...part,
    content: content.toString(),
  }));
}

/** One part with these headers. */
function form(headers: string, content = 'x'): string {
  return `--XYZ\r\n${headers}\r\n\r\n${content}\r\n--XYZ--\r\n`;
}

function partOf(headers: string) {
  const [part] = read(form(headers));
  assert.ok(part !== undefined);
  return part;
}

function refusal(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error;
  }
  return assert.fail('it was taken');
}

describe('a multipart form', () => {
  test('holds fields and files in their order', () => {
    const text =
      '--XYZ\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' +
      '--XYZ\r\ncontent-disposition: form-data; name="f"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\r\nab\r\n\r\n--XYZ--\r\n';
    assert.deepEqual(read(text), [
      { name: 'a', filename: null, type: null, content: '1' },
      { name: 'f', filename: 'a.png', type: 'image/png', content: '\r\nab\r\n' },
    ]);
  });

  test('may have a preamble, an epilogue, no line break at its end, or no part at all', () => {
    const part = 'Content-Disposition: form-data; name="a"\r\n\r\n1\r\n--XYZ--';
    assert.equal(read(`preamble\r\n--XYZ\r\n${part}`).length, 1);
    assert.equal(read(`--XYZ\r\n${part}\r\nepilogue --XYZ`).length, 1);
    assert.deepEqual(read('--XYZ--'), []);
    assert.deepEqual(read('--XYZ--\r\n'), []);
  });

  test('may have blanks behind a boundary (RFC 2046, transport padding)', () => {
    const text = '--XYZ \t\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XYZ-- \r\n';
    assert.equal(read(text)[0]?.content, '1');
  });

  test('may have an empty part, and one whose content begins with the boundary’s beginning', () => {
    assert.equal(read(form('Content-Disposition: form-data; name="a"', ''))[0]?.content, '');
    assert.equal(read(form('Content-Disposition: form-data; name="a"', '\r\n--XY'))[0]?.content, '\r\n--XY');
  });

  for (const [written, meant] of [
    ['name="f"; filename="te\\"st.png"', 'te"st.png'],
    ['name="f"; filename="te%22st.png"', 'te"st.png'],
    ['name="f"; filename="a\\\\b.png"', 'a\\b.png'],
    ['name="f"; filename="C:\\new\\file.png"', 'C:\\new\\file.png'],
    ['name=f; filename=plain.png', 'plain.png'],
    ['name="f"; filename="a;b=c.png"', 'a;b=c.png'],
    ['name="f"; filename="caf\u00e9.png"', 'caf\u00e9.png'],
    ['name="f"; filename="x.png"; filename*=UTF-8\'\'caf%C3%A9.png', 'caf\u00e9.png'],
    ['name="f"; filename="x.png"; filename*=broken', 'x.png'],
    ['filename="b.png"; name="f"', 'b.png'],
    ['name="f"; filename=""', ''],
    ['name="f"; filename="100%.png"', '100%.png'],
  ] as const) {
    test(`knows a file by ${written}`, () => {
      const part = partOf(`Content-Disposition: form-data; ${written}`);
      assert.deepEqual([part.name, part.filename], ['f', meant]);
    });
  }

  test('may fold a header over two lines', () => {
    assert.equal(partOf('Content-Disposition: form-data;\r\n name="a"').name, 'a');
  });

  for (const type of [
    'multipart/form-data; boundary="XYZ"',
    'Multipart/Form-Data;charset=utf-8;boundary=XYZ',
    'multipart/form-data; boundary=XYZ; charset=utf-8',
  ]) {
    test(`is one of type ${type}`, () => {
      assert.ok(isMultipartForm(type));
      assert.equal(read(form('Content-Disposition: form-data; name="a"'), { type }).length, 1);
    });
  }

  for (const [what, text, rule] of [
    [
      'breaks off within a part',
      '--XYZ\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
      /ends within a part/,
    ],
    [
      'has another boundary',
      form('Content-Disposition: form-data; name="a"').replaceAll('XYZ', 'ABC'),
      /does not hold the boundary/,
    ],
    ['is empty', '', /does not hold the boundary/],
    ['has a part without a name', form('Content-Type: text/plain'), /no name/],
    ['has a part without headers', '--XYZ\r\n\r\n--XYZ--\r\n', /no name/],
    ['has text behind a boundary', '--XYZabc\r\n', /end of its line/],
    ['has endless headers', form(`X: ${'x'.repeat(20_000)}`), /too many/],
  ] as const) {
    test(`that ${what} is refused`, () => {
      const { code, message } = refusal(() => read(text));
      assert.equal(code, 'invalid_input');
      assert.match(message, rule);
    });
  }

  test('without a boundary is refused', () => {
    assert.match(refusal(() => read('', { type: 'multipart/form-data' })).message, /names no boundary/);
  });

  test('with one part too many is refused when that is met, however many follow', () => {
    const part = '--XYZ\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n';
    assert.equal(read(`${part.repeat(3)}--XYZ--`, { most: 3 }).length, 3);
    const { message, facts } = refusal(() => read(part.repeat(50_000), { most: 3 }));
    assert.equal(message, 'a form may have at most 3 parts');
    assert.deepEqual(facts, { limit: 3 });
  });
});
