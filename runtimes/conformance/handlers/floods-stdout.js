exports.handler = async () => {
  const line = 'y'.repeat(1000);
  for (let i = 0; i < 3000; i++) console.log(line);
  return 'flooded';
};
