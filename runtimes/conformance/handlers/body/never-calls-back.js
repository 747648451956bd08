setTimeout(() => {}, 5);
