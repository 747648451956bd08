// Which folders files are arriving for at this moment, on this node: a folder is not deployed in the middle
// of a file.
import type { World } from '../../../accounts/account.ts';

export class UploadsInHand {
  readonly #counts = new Map<string, number>();

  has(world: World, folder: string): boolean {
    return this.#counts.has(keyOf(world, folder));
  }

  /** @param folder null: the file belongs to none */
  async during<T>(world: World, folder: string | null, work: () => Promise<T>): Promise<T> {
    if (folder === null) return await work();
    const key = keyOf(world, folder);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.#counts.get(key) ?? 1) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    }
  }
}

function keyOf(world: World, folder: string): string {
  return `${world.accountId} ${world.mode} ${folder}`;
}
