// Which account and mode a page is of: its address says it, so that every view can be sent to a colleague.
// Called by every screen that asks the server for something.
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Millrace, type Mode, millraceOf } from '../api/millrace.ts';

export type Where = {
  account: string;
  mode: Mode;
  api: Millrace;
  /** What every query key of this account and mode begins with. */
  key: readonly [string, Mode];
};

export function useWhere(): Where {
  const params = useParams({ strict: false });
  const account = params.account ?? '';
  const mode: Mode = params.mode === 'test' ? 'test' : 'live';
  return useMemo(
    () => ({ account, mode, api: millraceOf({ account, mode }), key: [account, mode] as const }),
    [account, mode],
  );
}
