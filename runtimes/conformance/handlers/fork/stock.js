// What a child has done while it was in stock.
exports.traces = async () => ({
  timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout'),
  modules: Object.keys(require.cache).filter((file) => file.includes('rehearsal')),
});
exports.pageFaults = async () => process.resourceUsage().minorPageFault;
