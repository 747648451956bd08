exports.handler = async () => {
  await new Promise(() => {});
};
