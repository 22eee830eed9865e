/**
 * Fields of a value that `reader` never looked at, as paths. Schemas made from Kubernetes' API allow fields they do not
 * name, which the API server drops or refuses; but a validator that names a field reads it.
 */
export function unreadFields<T extends object>(value: T, reader: (watched: T) => void): string[] {
  const watched = new Watched(value, '');
  reader(watched.proxy as T);
  return watched.unread();
}

class Watched {
  readonly proxy: object;
  private readonly read = new Set<string>();
  private readonly children = new Map<string, Watched>();

  constructor(
    private readonly value: object,
    private readonly path: string,
  ) {
    this.proxy = new Proxy(value, { get: (target, key) => this.get(target, key) });
  }

  private get(target: object, key: string | symbol): unknown {
    const value: unknown = Reflect.get(target, key);
    if (typeof key === 'symbol' || (Array.isArray(target) && !/^\d+$/.test(key))) return value;
    this.read.add(key);
    if (typeof value !== 'object' || value === null) return value;
    const child = this.children.get(key) ?? new Watched(value, `${this.path}/${key}`);
    this.children.set(key, child);
    return child.proxy;
  }

  unread(): string[] {
    const fields = Object.keys(this.value).filter((key) => !this.read.has(key));
    // A validator that read nothing here takes whatever there is.
    const own = this.read.size > 0 ? fields.map((key) => `${this.path}/${key}`) : [];
    return [...own, ...[...this.children.values()].flatMap((child) => child.unread())];
  }
}
