// The environment of programs that a project brings along: its build, and its handler on this machine. They
// get what this terminal has, and not the token by which this program speaks to Millrace.

export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { MILLRACE_TOKEN: _, ...others } = env;
  return others;
}
