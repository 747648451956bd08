// What templates of SAM and serverless.yml become: functions, and a list of what isn't taken over.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSamTemplate, readServerlessFile, scheduleOf } from './read-template.ts';

const SAM = `
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs22.x
    Timeout: 10
    Environment:
      Variables: { STAGE: live }
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/orders
      Handler: app.handler
      MemorySize: 256
      Layers: [!Ref Shared]
      Environment:
        Variables:
          TABLE: !Ref OrdersTable
          RETRIES: 3
      Events:
        Call: { Type: HttpApi, Properties: { Path: /orders, Method: get } }
        Nightly: { Type: Schedule, Properties: { Schedule: cron(0 8 ? * MON-FRI *) } }
        Queue: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn } }
  OrdersTable:
    Type: AWS::DynamoDB::Table
`;

describe('a template', () => {
  it('of SAM becomes functions, and says what it leaves', () => {
    const { functions, left } = readSamTemplate(SAM);
    assert.deepEqual(functions, [
      {
        ...{ name: 'Orders', code: 'src/orders', handler: 'app.handler', runtime: 'nodejs22.x' },
        ...{ timeoutMs: 10_000, memoryMb: 256, variables: { STAGE: 'live', RETRIES: '3' } },
        secrets: ['TABLE'],
        triggers: {
          url: { kind: 'function_url' },
          nightly: { kind: 'schedule', settings: { cron: '0 8 * * MON-FRI' } },
        },
      },
    ]);
    assert.deepEqual(
      left.map(({ function: of, member }) => [of, member]),
      [
        ['Orders', 'Layers'],
        ['Orders', 'Events.Queue'],
        ['Orders', 'environment TABLE'],
        [null, 'OrdersTable'],
      ],
    );
  });

  it('of the Serverless Framework becomes functions, too', () => {
    const { functions, left } = readServerlessFile(`
service: shop
provider: { name: aws, runtime: python3.12, memorySize: 512, environment: { STAGE: '\${opt:stage}' } }
plugins: [serverless-offline]
functions:
  report:
    handler: report.main
    timeout: 30
    events:
      - schedule: rate(5 minutes)
      - httpApi: 'GET /report'
      - s3: uploads
`);
    assert.deepEqual(functions[0], {
      ...{ name: 'report', code: '.', handler: 'report.main', runtime: 'python3.12' },
      ...{ timeoutMs: 30_000, memoryMb: 512, variables: {}, secrets: ['STAGE'] },
      triggers: {
        0: { kind: 'schedule', settings: { cron: '*/5 * * * *' } },
        url: { kind: 'function_url' },
      },
    });
    assert.deepEqual(
      left.map(({ member }) => member),
      ['plugins', 'events[2]', 'environment STAGE'],
    );
  });

  it('that has no function, or is no YAML, is refused', () => {
    for (const text of ['service: shop', 'Resources: {}', 'a: [', '- 1', '']) {
      assert.throws(() => readSamTemplate(text), { code: 'bad_template' }, text);
      assert.throws(() => readServerlessFile(text), { code: 'bad_template' }, text);
    }
  });
});

describe('a schedule of AWS', () => {
  it('is the same moment here, or is refused', () => {
    const cronOf = (expression: string) => {
      const made = scheduleOf(expression, undefined);
      return typeof made === 'string' ? null : made.settings?.cron;
    };
    assert.equal(cronOf('rate(1 hour)'), '0 * * * *');
    assert.equal(cronOf('rate(1 day)'), '0 0 * * *');
    assert.equal(cronOf('rate(7 minutes)'), null);
    // Their Sunday is 1, ours 0.
    assert.equal(cronOf('cron(15 10 ? * 2-6 *)'), '15 10 * * 1-5');
    assert.equal(cronOf('cron(0 8 1 1 ? 2027)'), null);
    assert.equal(cronOf('cron(0 8 L * ? *)'), null);
    assert.equal(cronOf('at(2027-01-01T00:00:00)'), null);
  });
});
