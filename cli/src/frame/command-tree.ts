// Every word that may follow `millrace`, with the file that holds its commands. A file is loaded when its
// word is given: the others cost nothing at a start.
import type { Command } from './command.ts';

export type CommandFile = { command: Command } | { verbs: Record<string, Command> };
export type Branch = { about: string; load(): Promise<CommandFile> };

export const COMMAND_TREE: Readonly<Record<string, Branch>> = {
  login: { about: 'Signs in, by a token', load: () => import('../commands/login.ts') },
  logout: { about: 'Forgets a profile', load: () => import('../commands/logout.ts') },
  whoami: { about: 'Whose token it is, and what it may do', load: () => import('../commands/whoami.ts') },
  profiles: {
    about: 'Installations that you are signed in to',
    load: () => import('../commands/profiles.ts'),
  },
  init: { about: 'Makes a small project', load: () => import('../commands/init.ts') },
  dev: { about: 'Runs a project as you change it', load: () => import('../commands/dev.ts') },
  deploy: { about: 'Makes a project live', load: () => import('../commands/deploy.ts') },
  invoke: {
    about: 'Runs a function, and shows what it returns',
    load: () => import('../commands/invoke.ts'),
  },
  trigger: {
    about: 'Tries a project as a trigger would start it',
    load: () => import('../commands/trigger.ts'),
  },
  logs: { about: 'What functions print', load: () => import('../commands/logs.ts') },
  runs: { about: 'Runs: list, show, replay, cancel', load: () => import('../commands/runs.ts') },
  errors: { about: 'Faults that are alike', load: () => import('../commands/errors.ts') },
  metrics: { about: 'What runs come to, and usage', load: () => import('../commands/metrics.ts') },
  functions: { about: 'Functions of every dialect', load: () => import('../commands/functions.ts') },
  versions: { about: 'Versions of a function', load: () => import('../commands/versions.ts') },
  diff: { about: 'What two versions differ in', load: () => import('../commands/diff.ts') },
  canary: { about: 'A version that gets a part of the runs', load: () => import('../commands/canary.ts') },
  promote: { about: 'Makes the canary live', load: () => import('../commands/promote.ts') },
  rollback: { about: 'Goes back to an older version', load: () => import('../commands/rollback.ts') },
  triggers: { about: 'What starts functions', load: () => import('../commands/triggers.ts') },
  schedules: { about: 'When a cron expression runs', load: () => import('../commands/schedules.ts') },
  events: { about: 'Account events', load: () => import('../commands/events.ts') },
  subscriptions: {
    about: 'Where events are sent',
    load: () => import('../commands/subscriptions.ts'),
  },
  secrets: { about: 'Secret variables of a function', load: () => import('../commands/secrets.ts') },
  variables: { about: 'Variables of a function', load: () => import('../commands/variables.ts') },
  values: { about: 'Variables that all functions share', load: () => import('../commands/values.ts') },
  keys: { about: 'Key values, which functions read and write', load: () => import('../commands/keys.ts') },
  builds: { about: 'Packages being installed', load: () => import('../commands/builds.ts') },
  'dead-letters': {
    about: 'Runs whose retries are spent',
    load: () => import('../commands/dead-letters.ts'),
  },
  tokens: { about: 'Tokens of your account', load: () => import('../commands/tokens.ts') },
  accounts: {
    about: 'Accounts of the installation: for its operator',
    load: () => import('../commands/accounts.ts'),
  },
  export: { about: 'Saves the code of a function', load: () => import('../commands/export.ts') },
  import: {
    about: 'Makes functions of what you have elsewhere',
    load: () => import('../commands/import.ts'),
  },
  'import-hubspot': {
    about: 'The same as `import hubspot`',
    load: () => import('../commands/import-hubspot.ts'),
  },
  runtimes: { about: 'What functions can be written for', load: () => import('../commands/runtimes.ts') },
  doctor: { about: 'Looks at what may be wrong', load: () => import('../commands/doctor.ts') },
  backup: {
    about: 'Copies of the installation, on its own machine',
    load: () => import('../commands/backup.ts'),
  },
  restore: {
    about: 'Makes an installation of a backup, on its own machine',
    load: () => import('../commands/restore.ts'),
  },
  open: { about: 'Opens a page of the console', load: () => import('../commands/open.ts') },
  completion: { about: 'Completion for bash, zsh and fish', load: () => import('../commands/completion.ts') },
};
