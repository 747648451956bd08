// What may stand in a column, and what the code knows may stand there, are the same: for every enumerated
// type and every column that the database holds to a list of texts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { MODES } from '../../src/accounts/account.ts';
import { ACCOUNT_STATUSES } from '../../src/accounts/account-status-store.ts';
import { BUILD_STATUSES } from '../../src/builds/build.ts';
import { SMTP_SECURITIES } from '../../src/config/smtp-url.ts';
import { FOLDER_BUILD_STATUSES } from '../../src/dialects/hubspot/catalog/build-store.ts';
import { PACKAGE_SOURCES } from '../../src/dialects/hubspot/catalog/folder-store.ts';
import { RETRIED_FAULTS, REUSES } from '../../src/functions/function.ts';
import { SHOWN_STREAMS } from '../../src/logs/log-lines.ts';
import { GRAINS } from '../../src/metrics/fold-store.ts';
import { PROTOCOLS, VERDICTS } from '../../src/outgoing-calls/outgoing-call.ts';
import { DEVICE_ANSWERS } from '../../src/people/device-authorization-store.ts';
import { ROLES } from '../../src/people/roles.ts';
import { DEAD_LETTER_STATES } from '../../src/queue/dead-letter-store.ts';
import { RUN_STATUSES, SANDBOX_STARTS } from '../../src/runs/run.ts';
import { TRIGGER_KINDS } from '../../src/runs/run-input.ts';
import { FLOW_KINDS, FLOW_RUN_PHASES, FLOW_RUN_STATUSES } from '../../src/sources/flows/flow.ts';
import { EXECUTION_CAUSES, EXECUTION_STATUSES } from '../../src/sources/queries/execution-store.ts';
import { ON_FUNCTION_ERROR, TEMPLATE_TRIGGERS } from '../../src/sources/templates/email-template.ts';
import { MAIL_PHASES, MAIL_STATUSES } from '../../src/sources/templates/template-mail-store.ts';
import { DELIVERY_STATUSES } from '../../src/subscriptions/delivery.ts';
import {
  DOCUMENT_FORMATS,
  SUBSCRIPTION_METHODS,
  SUBSCRIPTION_SHAPES,
} from '../../src/subscriptions/event-subscription.ts';
import { TOKEN_KINDS } from '../../src/tokens/caller.ts';
import { OWN_TRIGGER_KINDS } from '../../src/triggers/trigger.ts';
import { KEY_TYPES } from '../../src/values/key-value.ts';
import { openTestDatabase, type TestDatabase } from './open-test-database.ts';

const SETS: Record<string, readonly string[]> = {
  mode: MODES,
  run_status: RUN_STATUSES,
  'accounts.status': ACCOUNT_STATUSES,
  'build_log_lines.stream': SHOWN_STREAMS,
  'builds.status': BUILD_STATUSES,
  'deliveries.status': DELIVERY_STATUSES,
  'device_authorizations.answer': DEVICE_ANSWERS,
  'egress_days.protocol': PROTOCOLS,
  'egress_days.verdict': VERDICTS,
  'email_templates.on_function_error': ON_FUNCTION_ERROR,
  'email_templates.trigger': TEMPLATE_TRIGGERS,
  'event_subscriptions.format': DOCUMENT_FORMATS,
  'event_subscriptions.method': SUBSCRIPTION_METHODS,
  'event_subscriptions.shape': SUBSCRIPTION_SHAPES,
  'flow_runs.phase': FLOW_RUN_PHASES,
  'flow_runs.status': FLOW_RUN_STATUSES,
  'flows.kind': Object.keys(FLOW_KINDS),
  'folder_builds.status': FOLDER_BUILD_STATUSES,
  'function_folders.packages': PACKAGE_SOURCES,
  'functions.reuse': REUSES,
  'key_values.key_type': KEY_TYPES,
  'package_sets.status': BUILD_STATUSES,
  'query_executions.cause': EXECUTION_CAUSES,
  'query_executions.status': EXECUTION_STATUSES,
  'invitations.role': ROLES,
  // Open is where nothing stands.
  'run_starts.sandbox': SANDBOX_STARTS,
  'run_metrics.grain': GRAINS,
  'ended_runs.dead_letter': DEAD_LETTER_STATES.filter((state) => state !== 'open'),
  'runs.dead_letter': DEAD_LETTER_STATES.filter((state) => state !== 'open'),
  'smtp_profiles.security': SMTP_SECURITIES,
  'template_mails.phase': MAIL_PHASES,
  'template_mails.status': MAIL_STATUSES,
  'tokens.kind': TOKEN_KINDS,
  'triggers.kind': OWN_TRIGGER_KINDS,
  'users.role': ROLES,
};

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database?.close());

async function setsOfDatabase(): Promise<Record<string, string[]>> {
  const enums = await database.query<{ name: string; texts: string[] }>(
    `select t.typname as name, array_agg(e.enumlabel::text order by e.enumsortorder) as texts
     from pg_type t join pg_enum e on e.enumtypid = t.oid group by t.typname`,
  );
  const checks = await database.query<{ relation: string; definition: string }>(
    `select conrelid::regclass::text as relation, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'c' and conrelid <> 0
       -- A partition has what its table has.
       and conislocal`,
  );
  const listed = checks.flatMap(({ relation, definition }) => {
    const [, column, list] = /^CHECK \(\((\w+) = ANY \(ARRAY\[(.*)\]\)\)\)$/.exec(definition) ?? [];
    if (column === undefined || list === undefined) return [];
    return [[`${relation}.${column}`, [...list.matchAll(/'([^']*)'/g)].map(([, text]) => text as string)]];
  });
  return Object.fromEntries([...enums.map(({ name, texts }) => [name, texts]), ...listed]);
}

test('a column that holds one of a list of texts holds the texts that the code knows', async () => {
  const stored = await setsOfDatabase();
  assert.ok(Object.keys(stored).length > 20);
  const sorted = (sets: Record<string, readonly string[]>) =>
    Object.fromEntries(Object.entries(sets).map(([name, texts]) => [name, [...texts].sort()]));
  assert.deepEqual(sorted(stored), sorted(SETS));
});

test('a fault that can be retried is an end of a run, and a trigger that stands by itself is a kind of trigger', () => {
  assert.deepEqual(
    RETRIED_FAULTS.filter((fault) => !RUN_STATUSES.includes(fault)),
    [],
  );
  assert.deepEqual(
    OWN_TRIGGER_KINDS.filter((kind) => !TRIGGER_KINDS.includes(kind)),
    [],
  );
});

test('the page about runs names every state and every trigger', () => {
  const states =
    readFileSync(new URL('../../../docs/runs.md', import.meta.url), 'utf8').split('\n## States')[1] ?? '';
  const [drawing = '', prose = ''] = states.split(/\n```\n/);
  for (const status of RUN_STATUSES) assert.match(drawing, new RegExp(`\\b${status}\\b`));
  const [told = ''] = /`trigger` says[^.]*\./.exec(prose) ?? [];
  const named = [...told.matchAll(/`(\w+)`/g)].map(([, name]) => name).slice(1);
  assert.deepEqual(named.sort(), [...TRIGGER_KINDS].sort());
});
