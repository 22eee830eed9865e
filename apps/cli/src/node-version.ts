/** The oldest Node the dependencies run on (MikroORM 7 says 22.17). */
const OLDEST = [22, 17] as const;

/** Whether a Node of this version (`20.19.0`) is too old. */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

export const NODE_NEEDED = `Node ${OLDEST.join('.')} or newer`;
