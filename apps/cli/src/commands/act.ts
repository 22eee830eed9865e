/** Makes of what a command does, which gives the process's exit code, what commander calls. */
export type Act = <A extends unknown[]>(action: (...args: A) => Promise<number>) => (...given: A) => Promise<void>;
