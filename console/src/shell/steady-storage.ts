// Makes what a device keeps usable where a browser refuses it: frames of other sites, if a person wants no
// cookies there. Then it is kept as long as the page. Called once, before all else.
class PageStorage implements Storage {
  readonly #kept = new Map<string, string>();
  [name: string]: unknown;
  get length(): number {
    return this.#kept.size;
  }
  clear(): void {
    this.#kept.clear();
  }
  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.#kept.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.#kept.delete(key);
  }
  setItem(key: string, value: string): void {
    this.#kept.set(key, value);
  }
}

for (const name of ['localStorage', 'sessionStorage'] as const) {
  try {
    window[name].getItem('millrace');
  } catch {
    Object.defineProperty(window, name, { value: new PageStorage() });
  }
}
