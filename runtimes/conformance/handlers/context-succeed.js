exports.handler = (event, context) => {
  setInterval(() => {}, 1000);
  context.succeed('succeeded');
};
