// Refreshes of one process stand in line. One that still waits takes in others that want the same properties; one that has
// begun takes nobody in, so that a certificate never covers reads older than the call that it answers.
import type { RefreshCertificate } from '../rules/model/mirror.ts';
import { selectionOf } from './delta-round.ts';
import type { MirrorRefresh } from './refresh.ts';

type Refresh = (request: MirrorRefresh) => Promise<RefreshCertificate>;

interface Waiting {
  request: MirrorRefresh;
  result: Promise<RefreshCertificate>;
}

export function refreshLine(refresh: Refresh): Refresh {
  let waiting: Waiting | null = null;
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    if (waiting !== null && sameSelection(waiting.request, request)) {
      waiting.request = together(waiting.request, request);
      return waiting.result;
    }
    const begin = (): Promise<RefreshCertificate> => {
      if (waiting === entry) waiting = null;
      return refresh(entry.request);
    };
    const entry: Waiting = { request, result: last.then(begin) };
    waiting = entry;
    last = entry.result.catch(() => undefined);
    return entry.result;
  };
}

const sameSelection = (a: MirrorRefresh, b: MirrorRefresh): boolean =>
  a.tenantId === b.tenantId &&
  selectionOf(a.select.User) === selectionOf(b.select.User) &&
  selectionOf(a.select.Group) === selectionOf(b.select.Group);

const together = (a: MirrorRefresh, b: MirrorRefresh): MirrorRefresh => ({
  ...a,
  servicePrincipalIds: [...new Set([...a.servicePrincipalIds, ...b.servicePrincipalIds])],
});
