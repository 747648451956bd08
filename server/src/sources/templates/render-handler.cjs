// Compiles templates inside a jail: strangers wrote them, and Handlebars makes code of them. Enters the jail
// beside Handlebars' own file (renderer.ts); gets `{texts: {name: {template, isHtml}}, input}` and gives
// `{name: text}`, or `{error}` for a template that is wrong.
'use strict';

const Handlebars = require('./handlebars.js');

exports.handler = async ({ texts, input }) => {
  const rendered = {};
  for (const [name, { template, isHtml }] of Object.entries(texts)) {
    try {
      rendered[name] = Handlebars.compile(template, { noEscape: !isHtml })(input);
    } catch (error) {
      return { error: `${name}: ${error.message}` };
    }
  }
  return { rendered };
};
