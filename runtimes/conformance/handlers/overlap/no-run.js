const { EventEmitter } = require('node:events');
// Work that was begun while the module was loaded is no run's.
const bus = new EventEmitter();
setInterval(() => bus.emit('tick'), 5);
exports.handler = async ({ how, ms }) => {
  if (how === 'throws') {
    bus.once('tick', () => {
      throw new Error('of no run');
    });
  }
  if (how === 'prints') bus.once('tick', () => console.log('printed by no run'));
  if (how === 'asks') {
    return await new Promise((resolve) =>
      bus.once('tick', () => global.store.read('k').catch(({ code, message }) => resolve([code, message]))),
    );
  }
  await new Promise((resolve) => setTimeout(resolve, ms));
  return how;
};
