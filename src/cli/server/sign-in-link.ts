/** Links that sign a browser in: made by a server, and complete with its address. */
import { type Address, askData } from './request.ts';

/** Makes a link that signs a browser in once, within ten minutes. */
export async function makeSignInLink(
  server: Address,
  {
    tenantId,
    ...json
  }: { tenantId: number; role: string; team_id?: string | undefined; agent_id?: string | undefined },
): Promise<string> {
  const { path } = await askData<{ path: string }>(server, {
    method: 'POST',
    path: '/api/telesales/sign-in-links',
    tenantId,
    json,
  });
  return `${server.url.replace(/\/$/, '')}${path}`;
}
