try {
  callback(null, global['never-loads'].x);
} catch (error) {
  callback(error);
}
