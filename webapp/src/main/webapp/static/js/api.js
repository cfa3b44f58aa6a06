/** The gateway's API. All addresses are relative to the gateway's root. */

const LISTING = 'api/v1/metrics';

/** A refused request, or an unreachable gateway. The message is a sentence for the user. */
export class Refusal extends Error {}

async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: 'no-store', ...options });
  } catch (e) {
    throw new Refusal(`The gateway cannot be reached: ${e.message}`);
  }
  if (!response.ok && response.status !== 304) {
    throw new Refusal(await reason(response));
  }
  return response;
}

async function reason(response) {
  const text = await response.text();
  try {
    return JSON.parse(text).error;
  } catch {
    return text.trim() || `The gateway answered with status ${response.status}.`;
  }
}

function query(parameters) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== '' && value !== undefined && value !== null) {
      all.append(name, value);
    }
  }
  return `${LISTING}?${all}`;
}

/**
 * Returns a page of groups, without their metrics.
 *
 * @param tag of the last response for the same page
 * @returns {Promise<{tag, groups, next, count}|null>} null if nothing has changed since
 */
export async function groups(parameters, tag = '') {
  const headers = tag ? { 'If-None-Match': tag } : {};
  const response = await request(query({ ...parameters, fields: 'groups' }), { headers });
  if (response.status === 304) {
    return null;
  }
  const body = await response.json();
  return {
    tag: response.headers.get('ETag') ?? '',
    groups: body.data,
    next: body.next_cursor ?? '',
    count: body.count,
  };
}

/** Returns the families of a group by name, with some metrics each; null if the group has gone. */
export async function families(path, parameters) {
  const response = await request(query({ ...parameters, group: path }));
  const [group] = (await response.json()).data;
  if (!group) {
    return null;
  }
  const entries = Object.entries(group).filter(([, value]) => Array.isArray(value?.metrics));
  return new Map(entries);
}

export async function status() {
  return (await (await request('api/v1/status')).json()).data;
}

export const deleteGroup = (path) => request(path, { method: 'DELETE' });

export const wipe = () => request('api/v1/admin/wipe', { method: 'PUT' });
