setTimeout(() => {
  null.property;
}, 1);
