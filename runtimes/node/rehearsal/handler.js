// What the template runs in place of a user's code to have the way of a run compiled before it is forked. See
// rehearse.cjs.
'use strict';

exports.handler = async (event) => {
  await null;
  return { statusCode: 200, headers: event.headers, body: JSON.stringify(event) };
};
