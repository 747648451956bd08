import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inOrder, isCopied, segmentsBetween } from './cluster-files.ts';

describe('files of a running cluster', () => {
  const files: Record<string, boolean> = {
    PG_VERSION: true,
    'base/5/16384': true,
    'base/5/16384_init': true,
    'global/pg_control': true,
    'pg_xact/0000': true,
    'postgresql.auto.conf': true,
    'postmaster.pid': false,
    backup_label: false,
    'base/5/pg_internal.init': false,
    'base/pgsql_tmp/pgsql_tmp77.0': false,
    'pg_wal/000000010000000000000001': false,
    'pg_wal/archive_status/000000010000000000000001.done': false,
    'pg_replslot/one/state': false,
    'pg_notify/0000': false,
  };
  for (const [file, expected] of Object.entries(files)) {
    test(`${file} is ${expected ? 'copied' : 'left out'}`, () => assert.equal(isCopied(file), expected));
  }

  test('the control file is copied last', () => {
    assert.deepEqual(inOrder(['global/pg_control', 'base/5/1', 'PG_VERSION']), [
      'base/5/1',
      'PG_VERSION',
      'global/pg_control',
    ]);
  });
});

describe('segments of the write-ahead log', () => {
  test('are named over the end of a log file', () => {
    assert.deepEqual(segmentsBetween('0000000100000000000000FE', '000000010000000100000001'), [
      '0000000100000000000000FE',
      '0000000100000000000000FF',
      '000000010000000100000000',
      '000000010000000100000001',
    ]);
  });

  test('of two timelines are not one log', () => {
    assert.throws(
      () => segmentsBetween('000000010000000000000001', '000000020000000000000002'),
      /can't be followed/,
    );
  });
});
