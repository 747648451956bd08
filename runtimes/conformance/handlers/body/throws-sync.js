
  const a = 1;
    throw new RangeError('too far');
