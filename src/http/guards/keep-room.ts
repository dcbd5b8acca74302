/** Keeps some of the disk free, by refusing new rows when it is nearly full. */
import type { FastifyInstance } from 'fastify';
import type { Room } from '../../store/room.ts';

/** Refuses rows before the disk is really full: what is left is for merges, tokens, the ledger. Everything else goes on. */
export function keepRoom(app: FastifyInstance, { room }: { room: Room }): void {
  app.addHook('onRequest', async ({ routeOptions: { config }, method }) => {
    if (config.permission === 'ingest' && method !== 'GET') await room.assertFree();
  });
}
