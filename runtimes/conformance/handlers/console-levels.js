console.log('while loading');
exports.handler = async () => {
  console.log('log %s %d', 'text', 7, { a: 1 });
  console.info('info');
  console.warn('warn');
  console.error('error');
  console.debug('debug');
  console.trace('trace');
  console.log('two\nlines');
  console.log();
};
