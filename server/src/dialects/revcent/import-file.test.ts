import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeWarning } from './code-check.ts';
import { USUAL_REVCENT_SETTINGS } from './function-settings.ts';
import { readImportFile, writeImportFile } from './import-file.ts';
import { ProblemsFound } from './problems.ts';

const RULES = {
  bounds: { delayLeastMs: 5 * 60_000, delayMostMs: 48 * 3_600_000 },
  packages: { allowed: ['lodash'] },
};

/** The page's own example of a function for an account event, comments included. */
const PAGE_EXAMPLE = `{
"name": "Acme Inc. Event Function",
"description": "Description of function.",
"author": "Acme Inc.", // Lets the user know who made the import file.
"trigger": "account_event", // Function will run based on the event_filter.
"event_filter": ["sale.created.success.paid"], // Function will run when a sale is created and paid successfully.
"process_env": [ // Custom environment variables to access in function code via process.env
{
"name": "api_key", // The process.env property
"description": "Acme API key found in Acme UI settings.", // A description of the variable.
"value": "1235", // process.env.api_key = "1235"
"required": true // Prevents value from being empty.
}
],
"timing": { // Applicable to Account Event and Webhook triggers. Option to delay function from running. Default is immediate.
"option": "immediate",
"time_unit": "minutes",
"time_value": 0
},
"function_code": "// code comment \\nconsole.log('This is an account event function.'); \\ncallback(null, 'Account event function done!');"
}`;

const file = (part: Record<string, unknown>): string =>
  JSON.stringify({ name: 'f', trigger: 'webhook', function_code: 'callback(null, 1)', ...part });

function problemsOf(text: string): string[] {
  try {
    readImportFile(text, RULES);
  } catch (error) {
    if (error instanceof ProblemsFound) return error.problems.map(({ field, rule }) => `${field} ${rule}`);
    throw error;
  }
  return [];
}

describe('an import file', () => {
  test('is read as the page writes it, comments and all', () => {
    const { draft, ignored } = readImportFile(PAGE_EXAMPLE, RULES);
    assert.deepEqual(ignored, []);
    assert.equal(draft.name, 'Acme Inc. Event Function');
    assert.equal(draft.settings.author, 'Acme Inc.');
    assert.equal(draft.settings.eventSource, 'account_event');
    assert.deepEqual(draft.settings.eventFilter, ['sale.created.success.paid']);
    assert.deepEqual(draft.settings.timing, { option: 'immediate' });
    assert.deepEqual(draft.variables, [
      { name: 'api_key', value: '1235', description: 'Acme API key found in Acme UI settings.' },
    ]);
    assert.match(draft.code ?? '', /^\/\/ code comment \nconsole/);
  });

  for (const spelling of ['timing', 'timing_options']) {
    test(`is delayed by ${spelling}`, () => {
      const delay = { option: 'delay', time_unit: 'hours', time_value: 2 };
      const { settings } = readImportFile(file({ [spelling]: delay }), RULES).draft;
      assert.deepEqual(settings.timing, { option: 'delay', unit: 'hours', value: 2 });
    });
  }

  test('that is no JSON is refused with line and column', () => {
    const [problem, ...others] = problemsOf('{\n  "name": "f",\n  "trigger" "webhook"\n}');
    assert.match(problem ?? '', /^the file is not JSON: colon expected at line 3, column 13$/);
    assert.ok(others.length <= 2);
  });

  test('hears of everything that is wrong at once', () => {
    const text = JSON.stringify({
      trigger: 'sometimes',
      ip_whitelist: ['10.0.0.0/8'],
      cron_timezone: 'Mars/Olympus',
      process_env: [{ name: 'a=b', value: 'x' }],
    });
    const told = problemsOf(text).join('\n');
    for (const field of ['name is required', 'function_code is required', 'trigger must be']) {
      assert.ok(told.includes(field), `${field} in ${told}`);
    }
    assert.match(told, /ip_whitelist\.0 must be an IPv4 address: ranges are not supported/);
    assert.match(told, /cron_timezone/);
    assert.match(told, /process_env\.0\.name must not contain =/);
  });

  test('hears of what depends on other fields with what is wrong with them', () => {
    const text = file({
      ...{ trigger: 'schedule', cron_expression: '70 25 * * *', description: 5 },
      timing: { option: 'delay', time_unit: 'hours', time_value: 99 },
      dependencies: { 'left-pad': '1' },
      process_env: [
        { name: 'a=b', value: '' },
        { name: 'key', value: '', required: true },
      ],
      custom_arguments: [{ name: 'one' }, { name: 'one' }],
    });
    const told = problemsOf(text);
    for (const rule of [
      /^description must be text$/,
      /^cron_expression minute "70" must .*; hour "25" must /,
      /^process_env\.0\.name must not contain =/,
      /^process_env\.key is required/,
      /^timing must delay by/,
      /^dependencies can't be had: left-pad is not among/,
      /^custom_arguments must name each argument once$/,
    ]) {
      assert.ok(
        told.some((one) => rule.test(one)),
        `${rule} in ${told.join('\n')}`,
      );
    }
    assert.equal(told.length, 7, told.join('\n'));
  });

  test('says which members nothing reads', () => {
    const text = file({ tirgger: 'x', process_env: [{ name: 'a', value: 'b', note: 'c' }] });
    assert.deepEqual(readImportFile(text, RULES).ignored, ['tirgger', 'process_env.0.note']);
  });

  test('must fill in what is required of its variables', () => {
    assert.deepEqual(problemsOf(file({ process_env: [{ name: 'key', value: '', required: true }] })), [
      'process_env.key is required: its value must not be empty',
    ]);
  });

  test('needs what its trigger needs', () => {
    assert.match(
      problemsOf(file({ trigger: 'account_event' })).join(),
      /event_filter must name at least one/,
    );
    assert.match(problemsOf(file({ trigger: 'schedule' })).join(), /cron_expression is required/);
    assert.match(problemsOf(file({ ip_restricted: true })).join(), /ip_whitelist must name at least one/);
    assert.match(
      problemsOf(file({ trigger: 'schedule', cron_expression: '@daily' })).join(),
      /cron_expression/,
    );
  });

  test('can’t delay by less than five minutes nor more than 48 hours', () => {
    const delayed = (unit: string, value: number): string[] =>
      problemsOf(file({ timing: { option: 'delay', time_unit: unit, time_value: value } }));
    assert.match(delayed('minutes', 4).join(), /must delay by 5 minutes at least and 2880 minutes at most/);
    assert.match(delayed('hours', 49).join(), /must delay by/);
    assert.deepEqual(delayed('days', 2), []);
  });

  test('is written as it can be read again, without encrypted values', () => {
    const settings = { ...USUAL_REVCENT_SETTINGS, ...readImportFile(PAGE_EXAMPLE, RULES).draft.settings };
    const fn = { name: 'n', description: 'd' };
    const variables = [
      { name: 'open', value: '1' },
      { name: 'hidden', value: null },
    ];
    const written = writeImportFile(fn, settings, 'callback()', variables);
    assert.deepEqual((written.process_env as unknown[])[1], {
      ...{ name: 'hidden', description: '', value: '', required: true },
    });
    assert.deepEqual(problemsOf(JSON.stringify(written)), [
      'process_env.hidden is required: its value must not be empty',
    ]);
  });
});

describe('a function body', () => {
  test('may return early, and declare at its top', () => {
    assert.equal(
      codeWarning('if (!event.data) return callback(null);\nconst x = later();\nfunction later() {}'),
      null,
    );
  });

  test('with a syntax error is warned about with its place', () => {
    assert.deepEqual(codeWarning('const a = 1;\nlet b = ;'), {
      ...{ message: 'Unexpected token', line: 2, column: 9 },
    });
  });

  test('can’t await at its top', () => {
    assert.equal(codeWarning('await fetch("x")')?.line, 1);
  });
});
