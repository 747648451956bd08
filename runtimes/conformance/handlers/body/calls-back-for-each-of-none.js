const items = [];
items.forEach((item) => callback(null, item));
