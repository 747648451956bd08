if (event.data === 'early') {
  callback(null, 'early');
  return;
}
callback(null, 'late');
