/**
 * Sends events on to another system, signed so that it can check who sent them.
 * Variables: TARGET_URL, SIGNING_KEY (secret).
 * @param {Millrace.Event} event
 */
const { createHmac } = require('node:crypto');

exports.handler = async (event) => {
  const body = JSON.stringify({ type: event.type, id: event.id, data: event.data });
  const signature = createHmac('sha256', process.env.SIGNING_KEY).update(body).digest('hex');
  const answer = await fetch(process.env.TARGET_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signature': signature },
    body,
  });
  if (!answer.ok) throw new Error(`the target answered ${answer.status}`);
  return { forwarded: event.id };
};
