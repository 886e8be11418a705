let ignoring = false;

/** Whoever reads our output may stop at any time (`| head`); a build must nevertheless end in order. */
export function ignoreBrokenPipes(): void {
  if (ignoring) return;
  ignoring = true;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
