// The configuration of this process, of its environment, the secrets that were taken out of it, and this
// machine. Called by main.ts of launcher and server, once.
import { availableParallelism, totalmem } from 'node:os';
import type { Secrets } from '../../../process/secret-settings.ts';
import { type Config, parseConfig } from './config.ts';

/** @throws ConfigError with every problem found */
export function readConfig(secrets: Secrets): Config {
  const totalMemoryMb = Math.floor(totalmem() / (1024 * 1024));
  const facts = { workingDir: process.cwd(), totalMemoryMb, cores: availableParallelism() };
  return parseConfig({ ...process.env, ...secrets }, facts);
}
