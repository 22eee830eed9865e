/**
 * A URL fit for logs: the password and every value of the query become `***`. A text that is no URL is not repeated.
 */
export function redactUrl(url: string): string {
  const [, scheme, authority = '', path = '', query] =
    /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*@)?([^?#]*)(\?.*)?/is.exec(url) ?? [];
  if (scheme === undefined) return '***';
  const credentials = authority.replace(/:.*@$/s, ':***@');
  return `${scheme}${credentials}${path}${(query ?? '').replace(/=[^&]*/g, '=***')}`;
}
