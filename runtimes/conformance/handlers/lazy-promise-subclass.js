class Lazy extends Promise {
  then(onValue, onError) {
    return Promise.resolve('started by then').then(onValue, onError);
  }
}
exports.handler = () => new Lazy(() => {});
