/**
 * Collects figures and sends them where you read them. Give it a schedule: 0 6 * * *
 * Variables: FIGURES_URL, REPORT_URL.
 * @param {Millrace.Event} event
 */
exports.handler = async (event) => {
  const figures = await fetch(process.env.FIGURES_URL).then((answer) => answer.json());
  const total = figures.orders.reduce((sum, order) => sum + order.total, 0);
  const report = { day: event.time.slice(0, 10), orders: figures.orders.length, total };
  const answer = await fetch(process.env.REPORT_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
  });
  if (!answer.ok) throw new Error(`the report was answered with ${answer.status}`);
  return report;
};
