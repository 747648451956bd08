/**
 * Answers with what it was sent.
 * @param {Millrace.Event<{ name?: string }>} event
 */
exports.handler = async (event) => {
  console.log('called by', event.trigger.kind);
  return { hello: event.data?.name ?? 'world' };
};
