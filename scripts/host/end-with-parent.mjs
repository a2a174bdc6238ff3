// Loaded into the server before its own code: if the process that started it is killed outright,
// nobody is left to stop the server, so it stops itself when the channel to that process closes.
if (process.env.LAB_HOST_PARENT === String(process.ppid)) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
