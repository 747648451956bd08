exports.handler = (event, context) => {
  setInterval(() => {}, 1000);
  context.fail(event ?? undefined);
};
