/** Who is signed in: everything inside may ask the server, and knows what it may ask. */
import { createContext, type ReactNode, useContext } from 'react';
import type { Me, Start } from '../api/types.ts';

type Permission = Me['may'][number];

const SignedIn = createContext<Start | undefined>(undefined);

/** Lets everything inside know who is signed in. */
export const Signed = ({ start, children }: { start: Start; children: ReactNode }) => (
  <SignedIn value={start}>{children}</SignedIn>
);

/** Who is signed in, and the reports that they may see. */
export function useSigned(): Start & { may(permission: Permission): boolean } {
  const start = useContext(SignedIn);
  if (!start) throw new TypeError('nobody is signed in here');
  return { ...start, may: (permission) => start.me.may.includes(permission) };
}
