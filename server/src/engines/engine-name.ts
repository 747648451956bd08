// How an engine is named wherever one is asked for: its language and the version that its language counts by. Pure. The supervisor reads
// it too.

/** Node by its major version, e.g. `node-20`. */
export type EngineName = `node-${number}`;

export function nodeEngine(major: number): EngineName {
  return `node-${major}`;
}

/** @returns the major version of a Node engine */
export function nodeMajor(engine: EngineName): number {
  return Number(engine.slice('node-'.length));
}
