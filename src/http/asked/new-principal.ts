/** For whom a token or a sign-in link is made: a role, and the part of the tenant that it may see. */
import { roles } from '../../access/roles.ts';
import { id, oneOf } from '../../engine/params.ts';
import { isBlamed, type ParamFault } from '../../faults.ts';

/** The parameters that say it. */
export const newPrincipal = {
  role: { ...oneOf('What it is for', roles), required: true as const },
  team_id: id('supervisor: only this team'),
  agent_id: id('agent: whose calls'),
};

/** Blames what does not belong to the role, or is missing for it. */
export function checkPrincipal(
  {
    role,
    team_id,
    agent_id,
  }: { role?: string | undefined; team_id?: number | undefined; agent_id?: number | undefined },
  faults: ParamFault[],
): void {
  if (team_id !== undefined && role !== 'supervisor')
    faults.push({ id: 'only_with', field: 'team_id', other: 'role', value: 'supervisor' });
  if (agent_id !== undefined && role !== 'agent')
    faults.push({ id: 'only_with', field: 'agent_id', other: 'role', value: 'agent' });
  if (role === 'agent' && agent_id === undefined && !isBlamed(faults, 'agent_id'))
    faults.push({ id: 'required_with', field: 'agent_id', other: 'role', value: 'agent' });
}
