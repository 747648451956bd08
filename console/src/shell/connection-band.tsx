// Says that the server doesn't answer, while it doesn't, and that nothing typed is lost by it. Once it
// answers again, everything that is shown is asked for anew. Called by the frame of the pages.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useConnection } from '../api/connection.ts';
import { millraceOf } from '../api/millrace.ts';
import { t } from '../texts/translate.ts';

const ASK_MS = 2_000;

export function ConnectionBand() {
  const isThere = useConnection();
  const wasAway = useRef(false);
  const queries = useQueryClient();
  useEffect(() => {
    if (isThere) {
      if (wasAway.current) void queries.invalidateQueries();
      wasAway.current = false;
      return;
    }
    wasAway.current = true;
    const timer = setInterval(ask, ASK_MS);
    return () => clearInterval(timer);
  }, [isThere, queries]);
  useEffect(() => {
    addEventListener('offline', ask);
    return () => removeEventListener('offline', ask);
  }, []);
  return (
    <div role="status" className={isThere ? 'unseen' : 'test-band away'}>
      {isThere ? '' : t('shell.away')}
    </div>
  );
}

/** What it answers doesn't matter: every request notes whether there was an answer. */
function ask(): void {
  millraceOf(null)
    .GET('/session')
    .catch(() => undefined);
}
