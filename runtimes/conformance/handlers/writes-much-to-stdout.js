exports.handler = async () => {
  process.stdout.write('x'.repeat(1000000));
  console.log('after');
  return 'done';
};
