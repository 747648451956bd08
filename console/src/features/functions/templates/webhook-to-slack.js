/**
 * Posts a line to a Slack channel for every message that its webhook gets.
 * Variable: SLACK_WEBHOOK_URL, an incoming webhook of your workspace.
 * @param {Millrace.HttpEvent} event
 */
exports.handler = async (event) => {
  const message = JSON.parse(event.body ?? '{}');
  const text = `New order ${message.order ?? '(without a number)'}`;
  const answer = await fetch(process.env.SLACK_WEBHOOK_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  });
  if (!answer.ok) throw new Error(`Slack answered ${answer.status}: ${await answer.text()}`);
  return { statusCode: 200, body: 'posted' };
};
