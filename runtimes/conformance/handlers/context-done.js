exports.handler = (event, context) => {
  setInterval(() => {}, 1000);
  if (event === 'error') context.done(new Error('done with error'));
  else context.done(null, 'done');
};
