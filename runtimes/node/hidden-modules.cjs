// Takes the runtime's own modules out of reach of the user's code: out of the module cache and out of the
// tree that starts at require.main. Requiring one of these files again gives a fresh copy that is connected
// to nothing.
'use strict';

/**
 * @param {NodeModule} main  the module of bootstrap, everything of the runtime being loaded
 */
function hideModules(main) {
  for (const file of Object.keys(require.cache)) delete require.cache[file];
  main.children.length = 0;
}

module.exports = { hideModules };
