exports.handler = async () => {
  const own = (file) => file.includes('runtimes/node/') || file.includes('contract/');
  const reachable = new Set();
  const walk = (entry) => {
    if (!entry || reachable.has(entry)) return;
    reachable.add(entry);
    walk(entry.parent);
    for (const child of entry.children) walk(child);
  };
  walk(module);
  walk(require.main);
  return {
    cached: Object.keys(require.cache).filter(own),
    exports: [...reachable].filter((entry) => own(entry.filename ?? '') && Object.keys(entry.exports).length > 0).length,
  };
};
