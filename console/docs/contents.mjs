// Which pages of the manual there are in the column of contents, and under which heading. A page of docs/
// that is named nowhere comes last, under "More". Called by build-docs.mjs.

/** Files below the repository, without `.md`. */
export const CONTENTS = [
  ['Start', ['README', 'docs/tutorials/comecero', 'docs/tutorials/revcent', 'docs/tutorials/mcp']],
  [
    'Functions',
    [
      ...['docs/functions', 'docs/functions-api', 'docs/python', 'docs/java', 'docs/dotnet', 'docs/provided'],
      'docs/packages',
    ],
  ],
  [
    'What starts them',
    [
      ...['docs/triggers', 'docs/events', 'docs/flows', 'docs/email-templates', 'docs/queries'],
      ...['docs/payments', 'docs/assistants'],
    ],
  ],
  [
    'What they did',
    ['docs/runs', 'docs/replay', 'docs/error-groups', 'docs/metrics', 'docs/troubleshooting'],
  ],
  ['Tools', ['docs/cli', 'docs/client', 'docs/api', 'docs/errors']],
  [
    'From there to here',
    [
      ...['docs/moving-from-hubspot', 'docs/moving-from-revcent', 'docs/moving-from-comecero'],
      ...['docs/hubspot', 'docs/revcent', 'docs/comecero'],
    ],
  ],
  ['Accounts and people', ['docs/tenants', 'docs/people', 'docs/embedding', 'docs/limits']],
  [
    'Operate',
    [
      ...['docs/operate/install', 'docs/operate/start-and-stop', 'docs/configuration', 'docs/operate/backup'],
      ...['docs/operate/upgrade', 'docs/operate/monitoring', 'docs/operate/tls', 'docs/operate/master-key'],
      ...['docs/security', 'docs/reliability', 'docs/performance'],
    ],
  ],
];
