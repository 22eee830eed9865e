/**
 * A text fit for a terminal. Reasons, names and ids may be a stranger's, and control characters would steer it: they are
 * written as JSON writes them, so that JSON keeps its meaning. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/(?![\n\t])\p{Cc}/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
