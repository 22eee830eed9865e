interface Listed {
  id: string;
  reviewers?: unknown[] | null;
  comments_count?: number | null;
}

/**
 * Reads sessions the way the script this product replaces did: one request, then the next. Answers sessions a second over
 * the given number of sessions, listing included. `url` is ET's, without `/api/v1`.
 */
export async function sessionsPerSecondOneByOne(
  et: { url: string; user: string; password: string },
  day: string,
  sessions: number,
): Promise<number> {
  const base = `${et.url}/api/v1`;
  const login = await fetch(`${base}/login/access-token`, {
    method: 'POST',
    body: new URLSearchParams({ username: et.user, password: et.password }),
  });
  const { access_token: token } = (await login.json()) as { access_token: string };
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${base}${path}`, { headers: { authorization: `bearer ${token}` } });
    return response.json();
  };
  const started = performance.now();
  const filters = encodeURIComponent(`date_range,${day},${day}||`);
  const { items } = (await get(`/sessions?skip=0&limit=${sessions}&order_by=oldest&filters=${filters}`)) as {
    items: Listed[];
  };
  for (const session of items) {
    await get(`/sessions/${session.id}/summary`);
    if (session.reviewers?.length) await get(`/sessions/${session.id}/scores`);
    if (session.comments_count) await get(`/sessions/${session.id}/comments`);
  }
  return items.length / ((performance.now() - started) / 1000);
}
