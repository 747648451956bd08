/**
 * Asks a page whether it answers, and fails if it doesn't. Give it a schedule: every 5 minutes.
 * Variables: PAGE_URL, MOST_MS.
 */
exports.handler = async () => {
  const startedMs = Date.now();
  const answer = await fetch(process.env.PAGE_URL, { redirect: 'manual' });
  const tookMs = Date.now() - startedMs;
  console.log(answer.status, `${tookMs} ms`);
  if (answer.status >= 400) throw new Error(`the page answered ${answer.status}`);
  if (tookMs > Number(process.env.MOST_MS ?? 2000)) throw new Error(`the page took ${tookMs} ms`);
  return { status: answer.status, tookMs };
};
