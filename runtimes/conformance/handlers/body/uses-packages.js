const tried = (use) => { try { return use(); } catch (error) { return error.message; } };
const Client = global['esm-default'];
callback(null, {
  common: [global['common'](), global.common.member],
  esmDefault: [new Client().name(), Client.helper(), Client.default === Client],
  esmNamed: global['esm-named'].v4(),
  scoped: typeof global['@scope/inside'].WebClient,
  conditional: global['conditional'],
  throws: tried(() => global['throws'].x),
  missing: tried(() => global['missing'].x),
  process: typeof process.exit,
  dependencies: context.dependencies,
});
