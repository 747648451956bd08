// A tenant who attacks: runs the attack that the caller names and answers with what it got. The same code, run outside the jail,
// shows that the attack works where nothing stops it.
'use strict';

const attacks = {
  ...require('./on-host.js'),
  ...require('./on-network.js'),
  ...require('./on-neighbours.js'),
  ...require('./on-frames.js'),
  ...require('./on-bombs.js'),
};

exports.handler = async (event, context) => {
  const { attack, argument } = JSON.parse(event.body);
  let answer;
  try {
    answer = { got: (await attacks[attack](argument, context, event)) ?? null };
  } catch (error) {
    answer = { refused: error.code ?? String(error.stack) };
  }
  return { statusCode: 200, body: JSON.stringify(answer) };
};
