// What objects of a Java handler are read from and written as, to the byte: what Jackson makes of them under
// Lambda's settings (docs/specs/lambda.md section 6).
import assert from 'node:assert/strict';
import { resultText, testOnJavas } from './java-engines.ts';
import { loaded } from './run-once.ts';

const SALE = '"passing":"by","fixed":"fixed","onlyRead":"read null"';
/** Method of zoo.Beans, events and the results to the byte. */
const results: Record<string, [event: string, result: string][]> = {
  sale: [
    [
      '{"name":"a","count":3,"paid":true,"sent":false,"URL":"u","xKey":"k","open":"o","onlyWritten":"w","unknown":[1]}',
      '{"name":"a","count":3,"paid":true,"sent":false,"URL":"u","xKey":"k","passing":"by","open":"o","fixed":"fixed","onlyRead":"read w"}',
    ],
    ['{"count":" 7 ","name":true,"url":"u"}', `{"name":"true","count":7,"paid":false,${SALE}}`],
    ['{"count":null,"name":["x"],"paid":1}', `{"name":"x","count":0,"paid":true,${SALE}}`],
    ['[{"name":"only"}]', `{"name":"only","count":0,"paid":false,${SALE}}`],
    ['""', 'null'],
    ['[]', 'null'],
  ],
  sub: [
    [
      '{"first":{"name":"f"},"rest":{"name":"r"},"own":"o","nested":{"first":{"a":"RED"}}}',
      `{"first":{"name":"f","count":0,"paid":false,${SALE}},"rest":[{"name":"r","count":0,"paid":false,${SALE}}],"own":"o","nested":{"first":{"a":"RED"}}}`,
    ],
  ],
  base: [['{"own":"o","rest":[]}', '{"rest":[]}']],
  kinds: [
    [
      '{"b":1,"f":1.5,"c":"x","decimal":12.30,"big":123456789012345678901234567890,"any":{"a":1.50},"bytes":"AQID","chars":"abc","ints":5}',
      '{"b":1,"l":0,"f":1.5,"c":"x","decimal":12.30,"big":123456789012345678901234567890,"any":{"a":1.5},"bytes":"AQID","chars":"abc","ints":[5]}',
    ],
    [
      '{"grid":[["a"],[]],"color":"BLUE","colors":["BLUE"],"byColor":{"RED":1},"sorted":{"10":"b","9":"a"},"maybe":"m","d":"NaN"}',
      '{"b":0,"l":0,"f":0.0,"d":"NaN","c":"\\u0000","grid":[["a"],[]],"colors":[null],"byColor":{"RED":1},"sorted":{"9":"a","10":"b"},"maybe":"m"}',
    ],
  ],
  times: [
    [
      '{"date":"2030-01-02T03:04:05.678Z","instant":1.5,"day":"2030-01-02","time":[3,4],"both":"2030-01-02T03:04:05","duration":"PT1M","period":"P1D","year":2030,"month":[2030,1],"offset":"2030-01-02T03:04:05+01:00"}',
      '{"date":1893553445678,"instant":1.500000000,"day":[2030,1,2],"time":[3,4],"both":[2030,1,2,3,4,5],"offset":1893549845.000000000,"duration":60.000000000,"period":"P1D","year":2030,"month":[2030,1]}',
    ],
  ],
  map: [['{"a":1,"b":null,"c":{"d":null},"f":1.10,"g":9999999999}', '{"a":1,"c":{},"f":1.1,"g":9999999999}']],
  any: [
    ['[1,2.50,"x",null,-0.0,1e2]', '[1,2.5,"x",null,-0.0,100.0]'],
    ['"h\\u00e9\\u2028\\ud83d\\ude00\\u0001\\t\\""', '"hé\u2028\\uD83D\\uDE00\\u0001\\t\\""'],
    ['"\\ud800"', '"\\uD800"'],
  ],
  text: [['5.0', '"5.0"']],
  whole: [['"5"', '5']],
  primitive: [['null', '0']],
  decimal: [['1e5', '1E+5']],
};

for (const [method, pairs] of Object.entries(results)) {
  testOnJavas(`zoo.Beans::${method} reads and writes JSON as Lambda does`, async (start) => {
    const runtime = await loaded(start, `zoo.Beans::${method}`);
    for (const [event, result] of pairs) assert.equal(await resultText(runtime, event), result);
  });
}
