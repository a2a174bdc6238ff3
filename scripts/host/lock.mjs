// One holder at a time, across processes, for a named piece of work.
//
// The lock is a listening socket in Linux's abstract namespace: the kernel frees it when its
// holder ends, however it ends, so there is no stale lock file to judge or to clean up.
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs `work` while holding the lock `name`; waits for another holder first.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {() => void} onWait called once if somebody else holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(name, work, onWait = () => {}) {
  const address = `\0${name}`;
  let server = await listen(address);
  if (!server) onWait();
  while (!server) {
    await holderGone(address);
    server = await listen(address);
  }
  try {
    return await work();
  } finally {
    server.close();
    for (const socket of server.waiting) socket.destroy();
  }
}

/**
 * @param {string} address
 * @returns {Promise<(net.Server & { waiting: Set<net.Socket> }) | undefined>} nothing when it is taken
 */
function listen(address) {
  return new Promise((resolve, reject) => {
    /** @type {Set<net.Socket>} */
    const waiting = new Set();
    const server = net.createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => waiting.delete(socket));
      socket.resume();
    });
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve(Object.assign(server, { waiting })));
  });
}

/** A connection to the holder ends when the holder lets go or dies. @param {string} address */
async function holderGone(address) {
  await new Promise((resolve) => {
    const socket = net.connect(address);
    socket.on('error', () => {});
    socket.on('close', resolve);
    socket.resume();
  });
  await delay(50);
}
