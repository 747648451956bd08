global['store'].Read('my_key', function (error, value) {
  if (error) callback(error);
  else global['store'].Write('my_key', value.value + '!', callback);
});
