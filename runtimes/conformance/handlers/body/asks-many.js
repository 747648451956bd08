Promise.all(Array.from({ length: event.data }, (_, n) => global.store.Read(`key_${n}`))).then((all) => callback(null, all));
