exports.handler = async () => {
  process.stdout.write('no newline, äö');
  process.stderr.write('err');
  console.log('line');
};
