import { helper } from './esm-helper.mjs';
const awaited = await Promise.resolve('top-level await');
export const handler = async () => [helper, awaited];
