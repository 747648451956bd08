/**
 * Takes a form of your site at a function URL, checks it and answers as JSON.
 * @param {Millrace.HttpEvent} event
 */
exports.handler = async (event) => {
  const fields = new URLSearchParams(event.body ?? '');
  const email = fields.get('email') ?? '';
  if (!/^\S+@\S+\.\S+$/.test(email)) return answer(422, { error: 'email' });
  console.log('signed up:', email);
  return answer(201, { email });
};

const answer = (statusCode, body) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
