exports.handler = async () => ({
  toJSON() {
    throw new Error('toJSON throws');
  },
});
