exports.handler = async (event, context) => ({
  names: Object.keys(context),
  values: context,
  remainingMs: context.getRemainingTimeInMillis(),
  types: Object.fromEntries(Object.entries(context).map(([name, value]) => [name, typeof value])),
});
