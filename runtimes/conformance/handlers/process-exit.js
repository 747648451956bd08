exports.handler = async (event) => {
  console.log('leaving');
  process.exit(event);
};
