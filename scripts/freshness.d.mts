export interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}
export function installIsCurrent(lock: Lock | undefined, installed: Lock | undefined): boolean;
export function buildIsCurrent(root: string, stamp: string): boolean;
