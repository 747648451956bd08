let whole = 0;
exports.handler = async ({ how, ms }) => {
  whole += 1;
  if (how === 'throws') setImmediate(() => null.boom);
  if (how === 'rejects') void Promise.reject(new TypeError('nobody cares'));
  if (how === 'exits') setTimeout(() => process.exit(3), 10);
  if (how === 'throws after') {
    setTimeout(() => null.late, 20);
    return 'answered';
  }
  await new Promise((resolve) => setTimeout(resolve, ms));
  return `${how} ${whole}`;
};
